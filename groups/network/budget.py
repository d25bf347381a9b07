"""How much of a chart is drawn: near and well-linked nodes, the rest as a few sums.

Whatever is counted here is among the rows that the reader may see.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groups.network.chart import Chart, Link, LinkKind, Node, NodeKind

BUDGET: Final = 300
_NAMES: Final[Mapping[NodeKind, tuple[str, str]]] = {
    NodeKind.GROUP: ("group", "groups"),
    NodeKind.PERSON: ("person", "people"),
    NodeKind.IDENTIFIER: ("identifier", "identifiers"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of a chart: ``shown`` of ``total`` nodes, each by itself.

    ``chart`` holds besides one node for the rest of each sort, if there is a rest.
    """

    chart: Chart
    shown: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Return whether every node is drawn by itself."""
        return self.shown == self.total


def within(chart: Chart, budget: int = BUDGET, first: Collection[str] = ()) -> Drawn:
    """Return a chart of at most ``budget`` nodes.

    The centre comes first, then the nodes named in ``first``, then near before far and
    much linked before little. The rest of each sort is one node, and its links to a
    drawn node are one link that says how many they are.
    """
    total = len(chart.nodes)
    if total <= budget:
        return Drawn(chart, total, total)
    room = max(1, budget - len(NodeKind))
    kept = set(_ranked(chart, first)[:room])
    rest = {
        key: _sum_key(one.kind) for key, one in chart.nodes.items() if key not in kept
    }
    nodes = {key: chart.nodes[key] for key in kept}
    nodes |= {one.key: one for one in _sums(chart, rest)}
    links = (
        *(one for one in chart.links if one.ends <= kept),
        *_summed_links(chart, rest),
    )
    return Drawn(Chart(chart.centre, nodes, links), len(kept), total)


def named(kind: NodeKind, count: int) -> str:
    """Return so many nodes of a sort in words."""
    return f"{count:,} {_NAMES[kind][count != 1]}"


def _ranked(chart: Chart, first: Collection[str]) -> list[str]:
    links = Counter(end for one in chart.links for end in (one.a, one.b))
    chosen = set(first)
    return sorted(
        chart.nodes,
        key=lambda key: (
            key != chart.centre,
            key not in chosen,
            chart.nodes[key].steps,
            -links[key],
            key,
        ),
    )


def _sum_key(kind: NodeKind) -> str:
    return f"more-{kind}"


def _sums(chart: Chart, rest: Mapping[str, str]) -> Iterator[Node]:
    counts = Counter(chart.nodes[key].kind for key in rest)
    beyond = max(one.steps for one in chart.nodes.values()) + 1
    for kind, count in counts.items():
        label = f"{count:,} more {_NAMES[kind][count != 1]}"
        yield Node(_sum_key(kind), kind, label, steps=beyond, count=count)


def _summed_links(chart: Chart, rest: Mapping[str, str]) -> Iterator[Link]:
    """Yield one link for all that lead from a drawn node to the rest of a sort."""
    counts: dict[tuple[str, str], Counter[LinkKind]] = defaultdict(Counter)
    for link in chart.links:
        a, b = rest.get(link.a, link.a), rest.get(link.b, link.b)
        if (a in rest.values()) != (b in rest.values()):
            ends = (b, a) if a in rest.values() else (a, b)
            counts[ends][link.kind] += 1
    for (a, b), kinds in sorted(counts.items()):
        count = kinds.total()
        kind = kinds.most_common(1)[0][0]
        says = f"{count:,} {'link' if count == 1 else 'links'}"
        yield Link(f"{a} {b}", kind, a, b, says, count=count)
