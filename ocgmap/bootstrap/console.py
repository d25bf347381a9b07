"""Progress, failures and logged commands of the set-up, on standard error."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TAIL_LINES = 20
REMIND_EVERY_SECONDS = 10.0


class SetupError(Exception):
    """A set-up step failed; carries what happened and one line on how to cure it."""

    def __init__(self, message: str, cure: str = "") -> None:
        """Keep the message and the cure apart, so that they print on their own lines."""
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        """Return the message, followed by the cure where there is one."""
        return f"{self.message}\nCure: {self.cure}" if self.cure else self.message


def say(text: str) -> None:
    """Print one line at once, so that it keeps its place among children's output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, indented; empty when there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


@contextmanager
def step(label: str) -> Iterator[None]:
    """Announce a step, remind the reader while it lasts, and say how long it took."""
    started = time.monotonic()
    finished = threading.Event()

    def remind() -> None:
        while not finished.wait(REMIND_EVERY_SECONDS):
            say(f"  … {label}: {time.monotonic() - started:.0f} s")

    say(f"{label} …")
    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        finished.set()
        reminder.join()
    say(f"  done in {time.monotonic() - started:.1f} s")


def run_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    cure: str = "",
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command to its end with its output appended to a log.

    Raises:
        SetupError: when it fails, with the tail of its own output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with log.open("ab") as sink:
        sink.write(f"\n$ {' '.join(words)}\n".encode())
        sink.flush()
        result = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode != 0:
        message = f"`{' '.join(words[:4])} …` failed with code {result.returncode}"
        raise SetupError(f"{message}; the end of {log}:\n{tail(log)}", cure)
