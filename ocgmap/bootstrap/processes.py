"""Processes that outlive a crash: how they are recognised and stopped."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.05


def identity(pid: int) -> str | None:
    """Return a mark that another process with the same number cannot have.

    None when no such process runs. A number alone is not enough: the system hands
    numbers out again, and a wrong guess would stop a stranger's process.
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        # The name in parentheses may hold spaces; the 20th field after it is the
        # start time in clock ticks since boot.
        after_name = fields.rpartition(")")[2].split()
        return None if after_name[0] == "Z" else f"ticks {after_name[19]}"
    return _ps(pid, "lstart=") or None


def arguments(pid: int) -> str:
    """Return the command line of a process; empty when there is no such process."""
    folder = Path(f"/proc/{pid}")
    if not folder.parent.joinpath("self").exists():
        return _ps(pid, "args=")
    try:
        words = folder.joinpath("cmdline").read_bytes()
    except OSError:
        return ""
    return words.replace(b"\0", b" ").decode(errors="replace")


def _ps(pid: int, column: str) -> str:
    command = ["ps", "-ww", "-o", column, "-p", str(pid)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.strip()


def is_running(pid: int, mark: str) -> bool:
    """Return whether the very process with this number and mark still runs."""
    return identity(pid) == mark


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a session's whole process group, if there still is one."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop_stranded(
    pid: int,
    mark: str,
    number: signal.Signals = signal.SIGTERM,
    *,
    timeout_seconds: float = 20,
) -> bool:
    """Stop a process that a killed supervisor left behind; True when it was running."""
    if not is_running(pid, mark):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    deadline = time.monotonic() + timeout_seconds
    while is_running(pid, mark):
        if time.monotonic() > deadline:
            signal_group(pid, signal.SIGKILL)
            break
        time.sleep(POLL_SECONDS)
    return True
