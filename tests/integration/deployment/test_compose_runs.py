"""The compose file's own commands, run on the files that the image would hold."""

import http.client
import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ocgmap.bootstrap import broker as broker_module
from ocgmap.bootstrap import frontend, make_secrets
from tests import compose
from tests.scratch import Databases, address_in, run_python
from tests.site import Guard, free_port

HOST = "ocgmap.example"
TEXT = "Zqmarkertext was seen at the Zqmarkeryard."
LONG_RUNNING = ("web", "worker", "beat", "drain", "sealer")
PATIENCE_SECONDS = 240.0


def wait_for(what: Callable[[], Any], label: str) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not in time: {label}")


class Running:
    """The services as processes, with their logs."""

    def __init__(self, deployment: compose.Deployment, guard: Guard) -> None:
        self.at, self.guard = deployment, guard
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def log(self, service: str) -> str:
        return (self.at.scratch / f"{service}.log").read_text(errors="replace")

    def start(self, service: str) -> None:
        words = self.at.command(service)
        with (self.at.scratch / f"{service}.log").open("ab") as sink:
            process = subprocess.Popen(
                [f"{compose.PROGRAMS}/{words[0]}", *words[1:]],
                cwd=self.at.image,
                env=self.at.environment(service),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes[service] = process
        self.guard.take(process.pid)

    def stop(self, service: str) -> int:
        """Stop a service as an engine does and return its exit code."""
        process = self.processes.pop(service)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(120)
        finally:
            self.guard.drop(process.pid)

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, bytes]:
        """Ask as the proxy that ends TLS does."""
        link = http.client.HTTPConnection("127.0.0.1", self.at.port, timeout=60)
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            link.request(method, path, json.dumps(body) if body else None, sent)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()


@pytest.fixture(scope="module")
def running(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Everything up: a broker by the file's own command, the release step, all services."""
    frontend.build_if_changed()
    home = tmp_path_factory.mktemp("compose")
    for name in ("image", "scratch"):
        (home / name).mkdir()
    given = {"OCGMAP_ALLOWED_HOSTS": HOST, "OCGMAP_TRUSTED_PROXIES": "127.0.0.1"}
    at = compose.Deployment(
        home / "image", home / "secrets", home / "scratch", given, free_port()
    )
    compose.lay_out(at.image)
    make_secrets.write(at.secrets)
    database = f"ocgmap_live_{uuid.uuid4().hex[:12]}"
    databases.made.append(database)  # the release step makes it
    addresses = {
        "database_url": "DATABASE_ADMIN_URL",
        **{f"database_{x}_url": f"DATABASE_{x.upper()}_URL" for x in LOGINS},
    }
    for name, variable in addresses.items():
        (at.secrets / name).chmod(0o644)
        (at.secrets / name).write_text(address_in(variable, database))
    guard = Guard()
    up = Running(at, guard)
    broker = _start_broker(at, guard)
    try:
        up.start("migrate")
        assert up.processes.pop("migrate").wait(900) == 0, up.log("migrate")
        for service in LONG_RUNNING:
            up.start(service)
        wait_for(lambda: _is_well(up), "the site is well")
        yield up
    finally:
        for service in list(up.processes):
            up.stop(service)
        broker.kill()
        broker.wait(20)
        guard.close()


LOGINS = ("owner", "web", "worker")


def _start_broker(at: compose.Deployment, guard: Guard) -> subprocess.Popen[bytes]:
    """Run the file's own words; the program, the port and the folder are ours."""
    port, data = free_port(), at.scratch / "data"
    data.mkdir()
    words = [
        at.here(str(w), "redis") for w in compose.services(at.given)["redis"]["command"]
    ]
    words = [str(broker_module.find_program()), *words[1:], "--port", str(port)]
    words[words.index("/data")] = str(data)
    with (at.scratch / "redis.log").open("ab") as sink:
        process = subprocess.Popen(
            words, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    guard.take(process.pid)
    url = at.secrets / "redis_url"
    url.chmod(0o644)
    url.write_text(url.read_text().replace("@redis:6379", f"@127.0.0.1:{port}"))
    return process


def _is_well(up: Running) -> bool:
    for service, process in up.processes.items():
        assert process.poll() is None, up.log(service)
    try:
        status, body = up.ask("GET", "/health/")
    except OSError:
        return False
    return status == 200 and json.loads(body)["broker"] == "ok"


@pytest.fixture(scope="module")
def desk(running: Running) -> dict[str, Any]:
    """A force's credential and a group, made beside the deployment."""
    env = {**os.environ, **running.at.environment("worker")}
    env["DATABASE_WORKER_URL"] = (
        running.at.secrets / "database_worker_url"
    ).read_text()
    made: dict[str, Any] = json.loads(
        run_python("-m", "tests.fault.seed", "1", "0", env=env, login="worker")
    )
    first: dict[str, Any] = made["desks"][0]
    return first


@pytest.fixture(scope="module")
def submitted(running: Running, desk: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """A report handed in through the proxy: its id, and the headers of its force."""
    headers = {"Authorization": f"Bearer {desk['token']}", "Idempotency-Key": "one"}
    body = {
        "text": TEXT,
        "received_on": time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400)),
        "source_grade": 1,
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "force",
        "groups": desk["groups"],
        "claims": [
            {"group": desk["groups"][0], "attribute": "violence", "level": "high"}
        ],
    }
    status, answer = running.ask("POST", "/api/v1/reports/", body, **headers)
    assert status == 201, answer
    return str(json.loads(answer)["id"]), headers


def test_a_submission_is_included(
    running: Running, submitted: tuple[str, dict[str, str]]
) -> None:
    report, headers = submitted

    def included() -> bool:
        status, answer = running.ask(
            "GET", f"/api/v1/reports/{report}/receipt/", **headers
        )
        assert status == 200, answer
        return b'"included"' in answer

    wait_for(included, f"the receipt: {running.log('drain')}")


@pytest.mark.parametrize("service", LONG_RUNNING)
def test_the_health_check_of_a_service_passes_beside_it(
    running: Running, service: str
) -> None:
    wait_for(lambda: running.at.probe(service) == 0, f"{service} is healthy")


def test_a_drain_that_is_gone_is_not_healthy(running: Running) -> None:
    alive = Path(running.at.environment("drain")["OCGMAP_ALIVE_FILE"])
    wait_for(alive.exists, "the drain says that it works")
    assert running.stop("drain") == 0
    os.utime(alive, (time.time() - 61, time.time() - 61))
    assert running.at.probe("drain") == 1
    assert running.at.probe("web") == 0
    running.start("drain")
    wait_for(lambda: running.at.probe("drain") == 0, "the drain is back")


def test_a_second_worker_starts_beside_the_first(running: Running) -> None:
    words = running.at.command("worker")
    assert "-n" not in words, "a fixed name would clash under --scale worker=n"
    service = compose.services(running.at.given)["worker"]
    assert "ports" not in service
    assert "hostname" not in service


def test_browsers_are_sent_to_https_unless_the_proxy_says_so(running: Running) -> None:
    assert running.ask("GET", "/accounts/login/")[0] == 200
    link = http.client.HTTPConnection("127.0.0.1", running.at.port, timeout=60)
    link.request("GET", "/accounts/login/", headers={"Host": HOST})
    answer = link.getresponse()
    assert answer.status == 301
    assert answer.getheader("Location") == f"https://{HOST}/accounts/login/"
    link.close()


def test_figures_are_the_sum_of_all_web_processes(running: Running) -> None:
    token = (running.at.secrets / "metrics_token").read_text().strip()

    def counted() -> float:
        status, body = running.ask("GET", "/metrics", Authorization=f"Bearer {token}")
        assert status == 200
        found = [
            line.rpartition(" ")[2]
            for line in body.decode().splitlines()
            if line.startswith("ocgmap_requests_total{") and 'route="status"' in line
        ]
        return float(found[0]) if found else 0.0

    before = counted()
    for _ in range(24):
        assert running.ask("GET", "/status/")[0] == 200
    # Each reading may be answered by another process: all say the same.
    assert {counted() for _ in range(12)} == {before + 24}


def test_the_settings_pass_the_deployment_check(running: Running) -> None:
    environment = running.at.environment("web")
    result = subprocess.run(
        [
            *(f"{compose.PROGRAMS}/python", "manage.py", "check", "--deploy"),
            *("--fail-level", "WARNING"),
        ],
        cwd=running.at.image,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_log_line_is_data_without_words(
    running: Running, desk: dict[str, Any], submitted: tuple[str, dict[str, str]]
) -> None:
    seen = 0
    for service in LONG_RUNNING:
        text = running.log(service)
        for word in ("Zqmarker", desk["token"], desk["groups"][0], "durham 0"):
            assert word not in text, f"{service} told {word}"
        for line in text.splitlines():
            if service in {"worker", "beat"} and not line.startswith("{"):
                continue  # the banner of Celery
            told = json.loads(line)
            assert {"event", "level", "logger", "timestamp", "process"} <= told.keys()
            seen += 1
    assert seen > len(LONG_RUNNING)
    requests = [json.loads(x) for x in running.log("web").splitlines()]
    posted = [x for x in requests if x.get("method") == "POST" and x["status"] == 201]
    assert posted[0]["route"] == "api:reports-list"
    assert posted[0]["organisation"] == "durham"
    assert isinstance(posted[0]["actor_id"], int)
    assert posted[0]["milliseconds"] > 0


def test_nothing_is_written_beside_the_scratch_folder(running: Running) -> None:
    """The root of the containers is read-only: what writes there would fail."""
    made = {
        str(path.relative_to(running.at.image))
        for path in running.at.image.rglob("*")
        if path.is_file()
    }
    again = running.at.scratch / "again"
    again.mkdir()
    compose.lay_out(again)
    expected = {str(p.relative_to(again)) for p in again.rglob("*") if p.is_file()}
    assert made == expected
