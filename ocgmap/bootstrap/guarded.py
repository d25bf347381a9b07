"""Throw-away servers in a process that ends with ours, however ours ends."""

import json
import subprocess
import sys

from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.paths import ROOT

STOP_TIMEOUT_SECONDS = 60.0


class GuardedServers:
    """Running throw-away servers and the addresses by which to reach them."""

    def __init__(self, *, durable: bool = False) -> None:
        """Start the servers and wait until they answer.

        The guard stops when its standard input closes, which the system does for us
        even when this process is killed outright.

        Args:
            durable: keeps PostgreSQL's safe settings, so that timings are true.

        Raises:
            SetupError: when they do not start; the guard has said why.
        """
        command = [sys.executable, "-m", "ocgmap.bootstrap.devservers"]
        command += ["--json", "--until-stdin-closes", *(["--durable"] * durable)]
        self._guard = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        announced = self._guard.stdout.readline() if self._guard.stdout else ""
        if not announced:
            self._guard.wait()
            raise SetupError("the throw-away servers did not start")
        self.environment: dict[str, str] = json.loads(announced)

    def stop(self) -> None:
        """Stop the servers and remove their folder."""
        for pipe in (self._guard.stdin, self._guard.stdout):
            if pipe:
                pipe.close()
        self._guard.wait(STOP_TIMEOUT_SECONDS)
