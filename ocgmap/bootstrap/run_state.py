"""What runs for a data folder: one holder at a time, described for other commands."""

import fcntl
import json
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ocgmap.bootstrap import processes
from ocgmap.bootstrap.children import Child
from ocgmap.bootstrap.console import say
from ocgmap.bootstrap.secret_store import write_private

FILE_NAME = "run.json"
LOCK_NAME = "run.lock"


@dataclass(frozen=True, slots=True)
class RunState:
    """A running set of servers: who holds it, where it is, its children."""

    pid: int
    mark: str
    url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, tuple[int, str, int]] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Whether the process that wrote this still runs."""
        return processes.is_running(self.pid, self.mark)


def read(var: Path) -> RunState | None:
    """Return what the file says, be it live or left behind; None without a file."""
    try:
        content = json.loads((var / FILE_NAME).read_text(encoding="utf-8"))
        return RunState(
            pid=content["pid"],
            mark=content["mark"],
            url=content["url"],
            environment=content["environment"],
            children={
                name: (pid, mark, number)
                for name, (pid, mark, number) in content["children"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(
    var: Path,
    children: Iterable[Child],
    environment: Mapping[str, str] | None = None,
    url: str = "",
) -> None:
    """Describe this process and its children in a file that only its owner reads.

    Without an environment (the servers are not ready yet) other commands wait.
    """
    described = {}
    for child in children:
        if child.process and (mark := processes.identity(child.process.pid)):
            described[child.name] = (child.process.pid, mark, int(child.stop_signal))
    write_private(
        var / FILE_NAME,
        {
            "pid": os.getpid(),
            "mark": processes.identity(os.getpid()),
            "url": url,
            "environment": dict(environment or {}),
            "children": described,
        },
    )


def forget(var: Path) -> None:
    """Remove the description: nothing runs any more."""
    (var / FILE_NAME).unlink(missing_ok=True)


def stop_stranded(var: Path) -> None:
    """Stop the children of a supervisor that was killed, in reverse starting order.

    Call it as the holder only.
    """
    state = read(var)
    if state is None or state.is_live:
        return
    for name, (pid, mark, number) in reversed(list(state.children.items())):
        if processes.stop_stranded(pid, mark, signal.Signals(number)):
            say(f"Stopped {name}, which an earlier run left behind.")
    forget(var)


@contextmanager
def holding(var: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the data folder's servers for this process; False when another does.

    The lock ends with the process, however that ends.

    Args:
        var: the data folder.
        wait: waits until the other lets go.
    """
    with (var / LOCK_NAME).open("w") as handle:
        taken = _take(handle, wait=wait)
        try:
            yield taken
        finally:
            if taken:
                fcntl.flock(handle, fcntl.LOCK_UN)


def _take(handle: TextIO, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
