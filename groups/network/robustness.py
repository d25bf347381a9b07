"""How firm a person's place in a network is when links are missing at random.

A rank is never given alone: what is held reflects where intelligence was collected. So
each is the range in which nine of ten trials put it, where every trial leaves out a
tenth to a fifth of the links.
Source: Rostami and Mondani 2015 on how rankings change with the sources.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import igraph

TRIALS: Final = 200
LEFT_OUT: Final = (0.10, 0.20)
COVERED: Final = 0.90
# With fewer links a trial that leaves out a fifth of them says nothing.
FEWEST_LINKS: Final = 5


@dataclass(frozen=True, slots=True)
class Range:
    """Ranks from ``best`` to ``worst``; 1 is the highest, and equals share a rank."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands by number of links, by betweenness, and as a cut vertex."""

    name: str
    links: Range
    between: Range
    cut: Range


def standings(
    names: Sequence[str], pairs: Iterable[tuple[str, str]], *, seed: str
) -> tuple[Standing, ...]:
    """Return rank ranges, the best first; empty where there are too few links.

    The same network and seed give the same ranges. Names must differ; pairs are
    undirected, and each counts once.
    """
    order = sorted(names)
    index = {name: number for number, name in enumerate(order)}
    edges = sorted(
        {(min(index[a], index[b]), max(index[a], index[b])) for a, b in pairs}
    )
    if len(edges) < FEWEST_LINKS:
        return ()
    chance = random.Random(seed)  # noqa: S311 - a trial, not a secret
    trials = [_ranks(len(order), _thinned(edges, chance)) for _ in range(TRIALS)]
    found = [
        Standing(
            name, *(_range([one[kind][at] for one in trials]) for kind in range(3))
        )
        for name, at in index.items()
    ]
    return tuple(sorted(found, key=lambda one: (*_sum(one.between), one.name)))


def _thinned(
    edges: Sequence[tuple[int, int]], chance: random.Random
) -> list[tuple[int, int]]:
    """Leave out a share of the links, at least one."""
    gone = max(1, round(len(edges) * chance.uniform(*LEFT_OUT)))
    return chance.sample(edges, len(edges) - gone)


def _ranks(count: int, edges: list[tuple[int, int]]) -> tuple[list[int], ...]:
    graph = igraph.Graph(n=count, edges=edges)
    return (
        _ranked([float(value) for value in graph.degree()]),
        _ranked(graph.betweenness(directed=False)),
        _ranked(_cuts(graph)),
    )


def _cuts(graph: igraph.Graph) -> list[float]:
    """Return into how many more parts the network falls without each vertex."""
    parts = [0.0] * graph.vcount()
    for block in graph.biconnected_components():
        for vertex in block:
            parts[vertex] += 1
    return [max(0.0, value - 1) for value in parts]


def _ranked(values: list[float]) -> list[int]:
    """Return each value's rank: 1 more than there are values above it."""
    rounded = [round(value, 6) for value in values]
    rank: dict[float, int] = {}
    for place, value in enumerate(sorted(rounded, reverse=True), start=1):
        rank.setdefault(value, place)
    return [rank[value] for value in rounded]


def _range(ranks: list[int]) -> Range:
    """Return the middle nine tenths of the ranks of the trials."""
    ordered = sorted(ranks)
    tail = (1 - COVERED) / 2
    low = math.floor(tail * (len(ordered) - 1))
    return Range(ordered[low], ordered[len(ordered) - 1 - low])


def _sum(found: Range) -> tuple[int, int]:
    return found.best + found.worst, found.best
