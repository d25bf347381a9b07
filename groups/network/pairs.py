"""Pairs of groups: how many members they share, and which links are recorded."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups by id, the smaller first, and what joins them."""

    a: int
    b: int
    members: int
    links: int

    @property
    def weight(self) -> int:
        """Return how many statements join the two."""
        return self.members + self.links


def pairs_of(
    members: Iterable[tuple[int, int]],
    links: Iterable[tuple[int, int]],
    inside: Collection[int],
) -> tuple[Pair, ...]:
    """Return each pair with a group of ``inside``, the most joined first.

    ``members`` are (person, group), ``links`` (group, group). A person who stands in a
    group twice counts once.
    """
    within = set(inside)
    groups: dict[int, set[int]] = defaultdict(set)
    for person, group in members:
        groups[person].add(group)
    shared = Counter(
        pair for one in groups.values() for pair in combinations(sorted(one), 2)
    )
    recorded = Counter((min(a, b), max(a, b)) for a, b in links if a != b)
    found = [
        Pair(*ends, shared[ends], recorded[ends])
        for ends in shared.keys() | recorded.keys()
        if not within.isdisjoint(ends)
    ]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.a, one.b)))
