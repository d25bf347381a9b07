"""Which groups have similar evidence, and whether a level stands apart from theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# The rank of the highest level claimed of each attribute; what nobody claims is absent.
Pattern = Mapping[str, int]
# Local configuration, to be confirmed: how alike evidence must be, and how far apart a
# level may lie before it is asked after.
LEAST_SHARED: Final = 3
LEAST_OVERLAP: Final = 0.6
MOST_APART: Final = 0.5
LEAST_NEIGHBOURS: Final = 3
MOST_NEIGHBOURS: Final = 8
ASKED_FROM: Final = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group by its id, with its evidence and the rank at which it was judged."""

    id: int
    pattern: Pattern
    judged: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The groups of most similar evidence, and the span in which they were judged."""

    ids: tuple[int, ...]
    low: int
    high: int

    def stands_apart(self, rank: int) -> bool:
        """Return whether a level lies two or more below or above all of theirs."""
        return self.low - rank >= ASKED_FROM or rank - self.high >= ASKED_FROM


def apart(one: Pattern, two: Pattern) -> float | None:
    """Return how many levels lie between two patterns on average; None: not alike.

    They are compared on what is claimed of both: at least three attributes, and three in
    five of all that is claimed of either.
    """
    shared = one.keys() & two.keys()
    if len(shared) < LEAST_SHARED:
        return None
    if len(shared) < LEAST_OVERLAP * len(one.keys() | two.keys()):
        return None
    mean = sum(abs(one[key] - two[key]) for key in shared) / len(shared)
    return mean if mean <= MOST_APART else None


def neighbours_of(
    pattern: Pattern, candidates: Iterable[Candidate]
) -> Neighbours | None:
    """Return the nearest groups; None where fewer than three are alike.

    Of equally near ones the lower id comes first, so the answer is the same each time.
    """
    near = sorted(
        (distance, one.id, one.judged)
        for one in candidates
        if (distance := apart(pattern, one.pattern)) is not None
    )[:MOST_NEIGHBOURS]
    if len(near) < LEAST_NEIGHBOURS:
        return None
    ranks = [judged for _, _, judged in near]
    return Neighbours(tuple(pk for _, pk, _ in near), min(ranks), max(ranks))
