"""The child processes of the set-up: started, watched, restarted and stopped alike."""

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ocgmap.bootstrap import processes

# A child that lived this long before it died counts as sound again.
SOUND_AFTER_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0
MOST_DEATHS_IN_A_ROW = 5


@dataclass(slots=True)
class Child:
    """One child: how it starts, the signal that stops it, and its death record.

    One that `may_finish` has a task that ends: exit code 0 is no death, and when it
    keeps dying the others go on without it.
    """

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_seconds: float = 20.0
    may_restart: bool = False
    may_finish: bool = False
    is_given_up: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths_in_a_row: int = 0
    started_at: float = 0.0
    restart_at: float | None = field(default=None)

    def start(self) -> None:
        """Start the process; the clock of its soundness begins anew."""
        self.process = self.launch()
        self.started_at = time.monotonic()
        self.restart_at = None

    def is_running(self) -> bool:
        """Return whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def has_finished(self) -> bool:
        """Return whether the process has done its task and ended, where it may."""
        return self.may_finish and self.process is not None and self.process.poll() == 0

    def stop(self) -> None:
        """Stop the process gently, after the time limit with its group by force."""
        if self.process is None:
            return
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_timeout_seconds)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """End what a dead or stubborn process left of its session, such as a pool."""
        if self.process:
            processes.signal_group(self.process.pid, signal.SIGKILL)

    def schedule_restart(self) -> bool:
        """Note a death; return whether a restart is due, after a growing pause."""
        self._end_group()
        now = time.monotonic()
        if now - self.started_at > SOUND_AFTER_SECONDS:
            self.deaths_in_a_row = 0
        self.deaths_in_a_row += 1
        if not self.may_restart or self.deaths_in_a_row > MOST_DEATHS_IN_A_ROW:
            return False
        pause_seconds = min(2.0 ** (self.deaths_in_a_row - 1), LONGEST_PAUSE_SECONDS)
        self.restart_at = now + pause_seconds
        return True
