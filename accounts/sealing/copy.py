"""The copy of the checkpoints outside the database: lines of JSON that are appended.

One sealer at a time holds the file. What a crash left half-written at its end is taken
off before the next line, since the database still has the checkpoint.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from accounts.exceptions import CopyDamaged
from accounts.sealing.checkpoints import Checkpoint, Restored, line_of, read_line

_TAIL_BYTES: Final = 64 * 1024
logger = structlog.get_logger(__name__)


class Copy:
    """The file, open and held."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def last(self) -> Checkpoint | Restored | None:
        """Return what the last line says; None where the file is empty.

        Raises:
            CopyDamaged: it is no line of ours.
        """
        size = os.fstat(self._descriptor).st_size
        tail = os.pread(self._descriptor, _TAIL_BYTES, max(size - _TAIL_BYTES, 0))
        end = tail.rfind(b"\n") + 1
        if size > len(tail) and not end:
            raise CopyDamaged("the end of the copy holds no line")
        if end < len(tail):
            logger.warning("the copy of the seal ended in half a line, it is taken off")
            os.ftruncate(self._descriptor, size - len(tail) + end)
        line = tail[:end].rstrip(b"\n").rpartition(b"\n")[2]
        return read_line(line.decode("utf-8", "replace")) if line else None

    def append(self, *what: Checkpoint | Restored) -> None:
        """Write lines, and return once the disk has them."""
        for one in what:
            os.write(self._descriptor, line_of(one).encode("ascii"))
        os.fsync(self._descriptor)


@contextmanager
def held(path: Path) -> Iterator[Copy | None]:
    """Open the file for one pass of the sealer; None while another one holds it.

    A new file is its owner's only.

    Raises:
        OSError: it cannot be opened for writing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield Copy(descriptor)
    finally:
        os.close(descriptor)
