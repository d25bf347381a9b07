"""Measures of a network of links: description only, never an input to a score.

Centrality reflects where intelligence was collected. The words for it on a page
are "structurally central in held intelligence", never "key".
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import igraph

# Betweenness is a sum of fractions, so equal values may differ in the last digits.
_TIE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of an undirected, unweighted network, keyed by name where per actor.

    Shares and fragmentation run from 0 to 1. `removal_curve` has one entry more
    than `removal_order`: its first is the network before any removal.
    """

    nodes: int
    edges: int
    density: float
    transitivity: float
    components: int
    degree: dict[str, int]
    betweenness: dict[str, float]
    fragmentation: float
    distance_fragmentation: float
    removal_order: tuple[str, ...]
    removal_curve: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the measures in the shape that `manage.py network` prints."""
        return asdict(self)


def measure(
    names: Sequence[str], links: Iterable[tuple[str, str]], *, removals: int
) -> Measures:
    """Return all measures of the network, with so many removals at most.

    Names must differ and links must join two of them, each pair once. A figure that
    is undefined for want of people (a density of one person) is 0.
    """
    graph = _graph(names, links)
    order, curve = removal(graph, removals)
    degrees = graph.degree()
    return Measures(
        nodes=graph.vcount(),
        edges=graph.ecount(),
        density=_share(2 * graph.ecount(), _ordered_pairs(graph)),
        transitivity=graph.transitivity_undirected(mode="zero"),
        components=len(graph.connected_components()),
        degree=dict(zip(names, degrees, strict=True)),
        betweenness=dict(zip(names, betweenness(graph), strict=True)),
        fragmentation=fragmentation(graph),
        distance_fragmentation=distance_fragmentation(graph),
        removal_order=tuple(order),
        removal_curve=tuple(curve),
    )


def betweenness(graph: igraph.Graph) -> list[float]:
    """Return each actor's betweenness over (n-1)(n-2)/2, in the graph's order."""
    n = graph.vcount()
    pairs = (n - 1) * (n - 2) / 2
    return [_share(value, pairs) for value in graph.betweenness(directed=False)]


def fragmentation(graph: igraph.Graph) -> float:
    """Return the share of ordered pairs that cannot reach each other.

    Source: Borgatti 2006, fragmentation F, by component sizes.
    """
    pairs = _ordered_pairs(graph)
    if not pairs:
        return 0.0
    sizes: list[int] = graph.connected_components().sizes()
    return 1 - sum(size * (size - 1) for size in sizes) / pairs


def distance_fragmentation(graph: igraph.Graph) -> float:
    """Return 1 less the mean closeness (1/distance) of all ordered pairs.

    Source: Borgatti 2006, distance-weighted fragmentation, where no path counts 0.
    """
    pairs = _ordered_pairs(graph)
    if not pairs:
        return 0.0
    closeness = math.fsum(
        1 / distance
        for vertex in range(graph.vcount())
        for distance in graph.distances(source=vertex)[0]
        if 0 < distance < math.inf
    )
    return 1 - closeness / pairs


def removal(graph: igraph.Graph, removals: int) -> tuple[list[str], list[float]]:
    """Return who is taken out, and the largest component's share after each step.

    Each step recomputes betweenness and takes the highest out; a tie goes to the
    smallest name, as text. Shares are of the people there were at the start. The
    list ends early when nobody is left.
    """
    left = graph.copy()
    start = left.vcount()
    order: list[str] = []
    curve = [_largest(left, start)]
    for _ in range(min(removals, start)):
        vertex = _top(left)
        order.append(left.vs[vertex]["name"])
        left.delete_vertices(vertex)
        curve.append(_largest(left, start))
    return order, curve


def _graph(names: Sequence[str], links: Iterable[tuple[str, str]]) -> igraph.Graph:
    place = {name: index for index, name in enumerate(names)}
    graph = igraph.Graph(
        n=len(names), edges=[(place[first], place[second]) for first, second in links]
    )
    graph.vs["name"] = list(names)
    return graph


def _top(graph: igraph.Graph) -> int:
    values = graph.betweenness(directed=False)
    most = max(values)
    tied = (
        index
        for index, value in enumerate(values)
        if math.isclose(value, most, rel_tol=_TIE, abs_tol=_TIE)
    )
    names = graph.vs["name"]
    return min(tied, key=lambda index: str(names[index]))


def _largest(graph: igraph.Graph, start: int) -> float:
    sizes = graph.connected_components().sizes()
    return _share(max(sizes, default=0), start)


def _ordered_pairs(graph: igraph.Graph) -> int:
    n: int = graph.vcount()
    return n * (n - 1)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
