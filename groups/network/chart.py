"""A chart: nodes, the links between them that its reader may see, and what they say."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class NodeKind(StrEnum):
    """What a node stands for, in the order in which nodes are listed."""

    GROUP = "group"
    PERSON = "person"
    IDENTIFIER = "identifier"


class LinkKind(StrEnum):
    """What a link says of its two ends."""

    MEMBER = "member"
    INVOLVED = "involved"
    PEOPLE = "people"
    USES = "uses"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. ``key`` is its public id; ``steps`` counts from the centre.

    ``count`` is more than 1 for a node that stands for several. ``note`` warns: a
    victim, somebody under 18.
    """

    key: str
    kind: NodeKind
    label: str
    reference: str = ""
    note: str = ""
    steps: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """One statement that joins two nodes: what, on what basis, by whom, and when."""

    key: str
    kind: LinkKind
    a: str
    b: str
    says: str
    basis: str = ""
    source: str = ""
    from_on: datetime.date | None = None
    to_on: datetime.date | None = None
    precision: str = "unknown"
    is_directed: bool = False
    count: int = 1

    @property
    def ends(self) -> frozenset[str]:
        """Return the keys of both ends."""
        return frozenset((self.a, self.b))

    def other(self, key: str) -> str:
        """Return the end that is not ``key``."""
        return self.b if self.a == key else self.a


@dataclass(frozen=True, slots=True)
class Chart:
    """Nodes by key, and links whose ends are both among them."""

    centre: str
    nodes: Mapping[str, Node]
    links: tuple[Link, ...]

    def by_node(self) -> Mapping[str, list[Link]]:
        """Return the links of each node that has any."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            for end in (link.a, link.b):
                found[end].append(link)
        return found

    def noted(self, notes: Mapping[str, str]) -> "Chart":
        """Return the chart in which these nodes bear these notes."""
        changed = {
            key: replace(self.nodes[key], note=text) for key, text in notes.items()
        }
        return replace(self, nodes={**self.nodes, **changed})

    def ordered(self) -> list[Node]:
        """Return the nodes as they are read: near ones first, then by sort and name."""
        kinds = list(NodeKind)
        return sorted(
            self.nodes.values(),
            key=lambda one: (one.steps, kinds.index(one.kind), one.label, one.key),
        )


def chart_of(centre: Node, nodes: Iterable[Node], links: Iterable[Link]) -> Chart:
    """Return the chart of these nodes; a link that lacks an end is left out.

    A link that is given twice is there once. They are in order of sort, then by the
    names of their ends.
    """
    known = {one.key: one for one in nodes} | {centre.key: centre}
    kept = {
        one.key: one
        for one in links
        if one.a in known and one.b in known and one.a != one.b
    }
    kinds = list(LinkKind)
    ordered = sorted(
        kept.values(),
        key=lambda one: (
            kinds.index(one.kind),
            known[one.a].label,
            known[one.b].label,
            one.key,
        ),
    )
    return Chart(centre.key, known, tuple(ordered))


def without(chart: Chart, hidden: Collection[str]) -> Chart:
    """Return the chart without these nodes and their links; the centre stays."""
    gone = set(hidden) - {chart.centre}
    if not gone & chart.nodes.keys():
        return chart
    return Chart(
        chart.centre,
        {key: one for key, one in chart.nodes.items() if key not in gone},
        tuple(one for one in chart.links if not one.ends & gone),
    )


def with_steps(chart: Chart) -> Chart:
    """Return the chart with each node's distance from the centre by its links.

    A node that no link leads to counts as one step beyond the furthest.
    """
    steps = distances(chart, chart.centre)
    beyond = max(steps.values(), default=0) + 1
    return replace(
        chart,
        nodes={
            key: replace(one, steps=steps.get(key, beyond))
            for key, one in chart.nodes.items()
        },
    )


def distances(chart: Chart, start: str) -> dict[str, int]:
    """Return how many links lie between ``start`` and each node that it reaches."""
    links = chart.by_node()
    found = {start: 0}
    ring = [start]
    while ring:
        ring = _next_ring(ring, links, found)
    return found


def _next_ring(
    ring: list[str], links: Mapping[str, list[Link]], found: dict[str, int]
) -> list[str]:
    """Note the nodes one step beyond ``ring`` in ``found``, and return them."""
    reached = []
    for here in ring:
        for link in links.get(here, []):
            there = link.other(here)
            if there not in found:
                found[there] = found[here] + 1
                reached.append(there)
    return reached
