"""How two nodes of a chart hang together: by a path, or by whom they share."""

from dataclasses import dataclass

from groups.network.chart import Chart, Link, Node, distances


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: the links between two neighbouring nodes, all of them."""

    start: Node
    end: Node
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A node that two others are both linked to, with the links to each."""

    node: Node
    to_first: tuple[Link, ...]
    to_second: tuple[Link, ...]


def path(chart: Chart, start: str, end: str) -> tuple[Step, ...]:
    """Return a shortest path; empty where there is none, or no way to go.

    Of several as short, the one whose keys come first in order.
    """
    if start not in chart.nodes or end not in chart.nodes or start == end:
        return ()
    left = distances(chart, end)
    if start not in left:
        return ()
    links = chart.by_node()
    found, here = [], start
    while here != end:
        there = min(
            key
            for key in (one.other(here) for one in links[here])
            if left[key] == left[here] - 1
        )
        found.append(_step(chart, links[here], here, there))
        here = there
    return tuple(found)


def _step(chart: Chart, links: list[Link], here: str, there: str) -> Step:
    between = tuple(one for one in links if one.other(here) == there)
    return Step(chart.nodes[here], chart.nodes[there], between)


def shared(chart: Chart, first: str, second: str) -> tuple[Shared, ...]:
    """Return the nodes that are linked to both, as they are read."""
    if first == second:
        return ()
    to_first, to_second = _neighbours(chart, first), _neighbours(chart, second)
    return tuple(
        Shared(node, tuple(to_first[node.key]), tuple(to_second[node.key]))
        for node in chart.ordered()
        if node.key in to_first and node.key in to_second
    )


def _neighbours(chart: Chart, key: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in chart.links:
        if key in link.ends:
            found.setdefault(link.other(key), []).append(link)
    return found
