"""Answers that hold for one transaction, asked once where many rows are written.

Outside `remembering` nothing is kept: every question goes to the database.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what `remembered` answers until the block ends: one transaction, one viewer.

    Call `forget` after a savepoint was rolled back: what it wrote is gone.
    """
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer kept under ``key``, else ask."""
    memory = _memory.get()
    if memory is None:
        return ask()
    if key not in memory:
        memory[key] = ask()
    return cast("T", memory[key])


def forget() -> None:
    """Ask everything anew from here on."""
    memory = _memory.get()
    if memory is not None:
        memory.clear()


def remembered_many(
    kind: Hashable, keys: Iterable[K], ask: Callable[[list[K]], Mapping[K, T]]
) -> dict[K, T]:
    """Return the answers there are to ``keys``, asking at once for those not kept."""
    wanted = list(dict.fromkeys(keys))
    memory = _memory.get()
    if memory is None:
        return dict(ask(wanted)) if wanted else {}
    fresh = [key for key in wanted if (kind, key) not in memory]
    if fresh:
        found = ask(fresh)
        memory.update({(kind, key): found.get(key) for key in fresh})
    answers = ((key, memory[kind, key]) for key in wanted)
    return {key: answer for key, answer in answers if answer is not None}
