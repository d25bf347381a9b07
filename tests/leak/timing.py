"""Does an answer about a hidden record take as long as one about an absent record?

Both are asked in turn. The interval is of the median difference of the two answers of a
pair, by bootstrap: what slows the machine for a while slows both.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.leak.askers import Askers

# The 95 % interval must lie within this many milliseconds of nought.
WITHIN_MS = 0.1
RESAMPLED = 2000
WHO = "other_analyst"


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a median difference, in milliseconds."""

    low: float
    high: float

    @property
    def is_within(self) -> bool:
        """Return whether the difference is too small to tell by."""
        return self.low >= -WITHIN_MS and self.high <= WITHIN_MS

    @property
    def is_found(self) -> bool:
        """Return whether there is a difference, and one that matters."""
        return self.low > WITHIN_MS


def interval_of(hidden: list[float], absent: list[float]) -> Interval:
    """Return the interval of the median difference of pairs of seconds."""
    source = np.random.default_rng(20260101)
    differences = np.subtract(hidden, absent) * 1000
    drawn = source.choice(differences, (RESAMPLED, len(differences)))
    low, high = np.percentile(np.median(drawn, axis=1), [2.5, 97.5])
    return Interval(round(float(low), 4), round(float(high), 4))


def in_turn(
    ask: Callable[[str], object], hidden: str, pairs: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of answers about a hidden id and about new absent ones.

    Which of the two is asked first changes with every pair.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        asked = [(0, hidden), (1, str(uuid.uuid4()))]
        for place, one in asked if number % 2 else reversed(asked):
            begun = time.perf_counter()
            ask(one)
            seconds[place].append(time.perf_counter() - begun)
    return seconds


def measure(askers: Askers, path: str, pairs: int) -> Interval:
    """Return the interval for a group that is hidden from someone, at a path with `{}`."""
    asker = askers[WHO]
    found = askers.pick(WHO, "groups", visible=False)
    assert found, "extend the world"

    def ask(public_id: str) -> None:
        assert asker.ask("get", path.format(public_id)).status_code == 404

    for _ in range(20):
        ask(found[1])
    return interval_of(*in_turn(ask, found[1], pairs))


PATHS = ("/groups/{}/", "/api/v1/groups/{}/")


def check_time(askers: Askers, pairs: int) -> None:
    """Assert that no answer about a hidden group takes longer in a way that matters."""
    for path in PATHS:
        found = measure(askers, path, pairs)
        assert not found.is_found, f"{path}: {found}"
