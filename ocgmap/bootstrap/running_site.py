"""The processes of a running site: servers, tables, worker, beat, drain, sealer, web."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ocgmap.bootstrap import run_state
from ocgmap.bootstrap.children import Child
from ocgmap.bootstrap.console import SetupError, run_logged, step
from ocgmap.bootstrap.paths import ROOT, log_folder
from ocgmap.bootstrap.project_environment import local_environment
from ocgmap.bootstrap.secret_store import SEAL_KEY, load_or_create
from ocgmap.bootstrap.servers import (
    Servers,
    given_database,
    is_database_given,
    is_given,
    kept_broker,
    kept_postgres,
    start_broker,
    start_postgres,
)
from ocgmap.bootstrap.supervisor import Supervisor

HOST = "127.0.0.1"
READY_TIMEOUT_SECONDS = 90.0
_SEALS = (SEAL_KEY, f"{SEAL_KEY}_FILE")


@dataclass(slots=True)
class Site:
    """One run of the site: its port, its folder and everything it started."""

    port: int
    var: Path
    servers: Servers = field(default_factory=Servers)
    accounts: str = ""
    # What the sealer needs besides, and nobody else gets.
    seal: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"http://{HOST}:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the project's own processes, but for the sealer's key."""
        given = {**os.environ, **self.servers.environment}
        return {name: value for name, value in given.items() if name not in _SEALS}

    def start_servers(self) -> None:
        """Start the database and the broker, unless an operator named them."""
        secrets = load_or_create(self.var)
        self.seal = secrets.sealing() | {
            name: os.environ[name] for name in _SEALS if name in os.environ
        }
        self.servers.environment |= local_environment(self.var, secrets)
        with step("Starting the database and the broker"):
            if is_database_given(os.environ):
                self.servers.environment |= given_database(secrets)
            else:
                postgres = kept_postgres(self.var)
                start_postgres(self.servers, postgres, secrets, for_tests=False)
            if not is_given("REDIS_URL", os.environ):
                start_broker(self.servers, kept_broker(self.var))
        run_state.write(self.var, self.servers.children)

    def fill(self, *, with_seed: bool) -> None:
        """Bring the tables, the reference data and the demo records up to date."""
        with step("Bringing the tables up to date"):
            self._manage("migrate", "--noinput")
        with step("Loading the reference data"):
            self._manage("load_reference")
        if with_seed:
            with step("Seeding the demo"):
                self.accounts = self._seed()

    def _manage(self, *words: str) -> None:
        log = log_folder() / "setup.log"
        run_logged(
            [sys.executable, ROOT / "manage.py", *words],
            log=log,
            cwd=ROOT,
            env=self.servers.environment,
        )

    def _seed(self) -> str:
        """Run the seed with its progress on the terminal; return what it printed."""
        result = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "seed_demo"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise SetupError(
                f"seed_demo failed with code {result.returncode}:\n{result.stdout}",
                "`demo --reset` starts with an empty database",
            )
        return result.stdout.strip()

    def start_processes(self) -> None:
        """Start worker, beat, drain, sealer and web; return when the site answers.

        Raises:
            SetupError: when one of them dies or the site does not answer in time.
        """
        beat_state = str(self.var / "beat-schedule")
        celery = ("-m", "celery", "-A", "ocgmap.celery")
        worker = (*celery, "worker", "-c", "2", "-l", "INFO", "--without-gossip")
        gunicorn = ("-m", "gunicorn", "ocgmap.wsgi:application")
        served = ("-c", "python:ocgmap.serving", "-b", f"{HOST}:{self.port}")
        with step("Starting worker, beat, drain, sealer and web"):
            self._start("worker", "worker", *worker)
            self._start(
                "beat", "worker", *celery, "beat", "-l", "INFO", "-s", beat_state
            )
            self._start("drain", "worker", str(ROOT / "manage.py"), "drain", "--loop")
            self._start("sealer", "worker", str(ROOT / "manage.py"), "seal", "--loop")
            self._start("web", "web", *gunicorn, *served, may_restart=False)
            run_state.write(self.var, self.servers.children)
            self._wait_for_site()
        self.describe()

    def describe(self) -> None:
        """Say in the run file what runs now, so that a later start finds all of it."""
        run_state.write(
            self.var, self.servers.children, self.servers.environment, self.url
        )

    def start_nation(self, scale: float) -> None:
        """Let the synthetic nation come in while the site is used; say how far it is.

        It ends by itself. Killed, it is started again, and goes on where it stopped.
        """
        words = (str(ROOT / "manage.py"), "seed_nation", "--scale", f"{scale:g}")
        log = log_folder() / "nation.log"
        launch = self._launcher("worker", words, log=None)
        child = Child("nation", launch, log, may_restart=True, may_finish=True)
        self.servers.children.append(child)
        child.start()
        run_state.write(
            self.var, self.servers.children, self.servers.environment, self.url
        )

    def _start(
        self, name: str, login: str, *words: str, may_restart: bool = True
    ) -> None:
        log = log_folder() / f"{name}.log"
        child = Child(
            name, self._launcher(login, words, log), log, may_restart=may_restart
        )
        self.servers.children.append(child)
        child.start()

    def _launcher(
        self, login: str, words: tuple[str, ...], log: Path | None
    ) -> Callable[[], subprocess.Popen[bytes]]:
        """Return how to start a process; without a log it speaks on the terminal."""
        env = {
            **self.environment,
            **(self.seal if "seal" in words else {}),
            "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
            "OCGMAP_PROCESS": login,
            "PYTHONUNBUFFERED": "1",
        }

        def launch() -> subprocess.Popen[bytes]:
            with ExitStack() as stack:
                sink = stack.enter_context(log.open("ab")) if log else sys.stderr
                return subprocess.Popen(
                    [sys.executable, *words],
                    cwd=ROOT,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=sink,
                    start_new_session=True,
                )

        return launch

    def _wait_for_site(self) -> None:
        supervisor = Supervisor(self.servers.children)
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        answer = "nothing"
        while time.monotonic() < deadline:
            supervisor.check_alive()
            try:
                with urllib.request.urlopen(f"{self.url}health/", timeout=5):  # noqa: S310 - our own http address
                    return
            except urllib.error.HTTPError as error:
                answer = f"{error.code} {error.read(500).decode(errors='replace')}"
            except OSError as error:
                answer = str(error)
            time.sleep(0.2)
        raise SetupError(
            f"the site did not get well in {READY_TIMEOUT_SECONDS:.0f} s; its health "
            f"page answered: {answer}",
            f"see the logs in {self.var / 'log'}",
        )
