"""A site of real processes on a database and a broker of its own, for tests.

Web, worker, beat and drain run as in the demo, each with its own database login. A
test may kill, stop and restart each of them and the broker. All of it ends with the
run of the tests, also when that is killed outright.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ocgmap.bootstrap import frontend
from ocgmap.bootstrap.broker import Broker, find_program
from ocgmap.bootstrap.paths import ROOT
from tests.scratch import MANAGE, Databases, environment_for, run_python

READY_SECONDS = 60.0
# Kills what is left when its standard input closes: our end, however it comes.
GUARD = """
import os, signal, sys
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""

Words = tuple[str, ...]


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class LiveBroker:
    """The site's own broker: it may be stopped, frozen and started again."""

    broker: Broker
    guard: "Guard"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.broker.url

    def start(self) -> None:
        """Start it, with what it had kept on disk, and wait until it answers."""
        self.process = self.broker.start()
        self.guard.take(self.process.pid)
        self.broker.wait(self.is_running)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it and wait for its end; SIGTERM lets it finish its log first."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.guard.drop(self.process.pid)

    def stop(self) -> None:
        """Stop it gently."""
        self.kill(signal.SIGTERM)

    def freeze(self) -> None:
        """Let it hang: connections stay open, nothing answers (SIGSTOP)."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)


class Guard:
    """A process that ends ours when the run of the tests ends, however it ends."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", GUARD],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def take(self, group: int) -> None:
        self._say(f"+{group}\n")

    def drop(self, group: int) -> None:
        self._say(f"-{group}\n")

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line)
        self._process.stdin.flush()


@dataclass(slots=True)
class LiveSite:
    """The processes of one site.

    Names: `web`, `worker`, `beat`, `drain`; a second one of a kind is `worker-2`. Each
    process's connections to the database bear its name (`application_name`). A test
    may put other entries in the place of the site's own (`wsgi`, `celery`).
    """

    database: str
    folder: Path
    broker: LiveBroker
    guard: Guard
    port: int = field(default_factory=free_port)
    wsgi: str = "ocgmap.wsgi:application"
    celery: str = "ocgmap.celery"
    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address of the site, with no slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *names: str) -> None:
        """Start these processes, all four if none is named; do not wait for them."""
        for name in names or ("worker", "beat", "drain", "web"):
            if self.is_running(name):
                raise RuntimeError(f"{name} runs already")
            login, words = self._command(name)
            with (self.folder / f"{name}.log").open("ab") as sink:
                process = subprocess.Popen(
                    [sys.executable, *words],
                    cwd=ROOT,
                    env={**self.env, "OCGMAP_PROCESS": login, "PGAPPNAME": name},
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self.processes[name] = process
            self.guard.take(process.pid)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal a process with all its children, and wait until it has ended."""
        process = self.processes[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        with suppress(ProcessLookupError):  # what a dead parent left behind
            os.killpg(process.pid, signal.SIGKILL)
        self.guard.drop(process.pid)

    def send(self, name: str, number: signal.Signals) -> None:
        """Signal a process with all its children, and do not wait (SIGSTOP, SIGCONT)."""
        os.killpg(self.processes[name].pid, number)

    def restart(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """End a process and start it again."""
        self.kill(name, number)
        self.start(name)

    def is_running(self, name: str) -> bool:
        process = self.processes.get(name)
        return process is not None and process.poll() is None

    def log(self, name: str) -> str:
        """Return the end of what a process said."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-6000:] if path.exists() else ""

    def manage(self, *words: str, login: str = "worker") -> str:
        """Run a command of `manage.py` on the site's database; return its output."""
        return run_python(MANAGE, *words, env=self.env, login=login)

    def wait_until_answers(self, path: str = "/health/", *, well: bool = True) -> None:
        """Wait until the site answers; with ``well`` until it says that it is well.

        Raises:
            RuntimeError: it did not; the message holds the end of the logs.
        """
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + path, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                if not well:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        logs = "\n".join(f"--- {name}\n{self.log(name)}" for name in self.processes)
        raise RuntimeError(f"the site did not get well in time:\n{logs}")

    def stop(self) -> None:
        """End everything and remove the folder."""
        for name in list(self.processes):
            if self.is_running(name):
                self.send(name, signal.SIGCONT)
            self.kill(name, signal.SIGKILL)
        if self.broker.is_running():
            self.broker.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, name: str) -> tuple[str, Words]:
        beat_state = str(self.folder / "beat-schedule")
        quiet = ("-l", "INFO", "--without-gossip")
        bind = f"127.0.0.1:{self.port}"
        gunicorn = ("-m", "gunicorn", self.wsgi, "-c", "python:ocgmap.serving")
        celery = ("-m", "celery", "-A", self.celery)
        commands: dict[str, tuple[str, Words]] = {
            "worker": (
                "worker",
                (*celery, "worker", "-c", "2", *quiet, "-n", f"{name}@%h"),
            ),
            "beat": ("worker", (*celery, "beat", "-l", "INFO", "-s", beat_state)),
            "drain": ("worker", (MANAGE, "drain", "--loop")),
            "web": ("web", (*gunicorn, "-b", bind)),
        }
        return commands[name.partition("-")[0]]


MakeSite = Callable[..., LiveSite]


@contextmanager
def site_maker(databases: Databases, bare_database: str) -> Iterator[MakeSite]:
    """Make sites, each with a database and a broker of its own; none runs yet.

    `make_site(template=…, **environment)`: a copy of the bare database unless another
    is named, and what the environment of its processes is to hold besides.
    """
    sites: list[LiveSite] = []
    guard = Guard()

    def make(template: str = "", **environment: str) -> LiveSite:
        frontend.build_if_changed()
        folder = Path(tempfile.mkdtemp(prefix="ocgmap-"))
        broker = Broker(
            find_program(), folder / "broker", folder / "b.sock", folder / "broker.log"
        )
        live = LiveBroker(broker, guard)
        live.start()
        name = databases.create(template or bare_database)
        own = {"OCGMAP_VAR": str(folder), "TMPDIR": str(folder)}
        extra = {"REDIS_URL": live.url, **own, **environment}
        site = LiveSite(name, folder, live, guard, env=environment_for(name, **extra))
        sites.append(site)
        return site

    try:
        yield make
    finally:
        for site in sites:
            site.stop()
        guard.close()


@pytest.fixture(scope="session")
def make_site(databases: Databases, bare_database: str) -> Iterator[MakeSite]:
    """Make sites as `site_maker` does; all of them end with the run of the tests."""
    with site_maker(databases, bare_database) as make:
        yield make
