"""A chart as the component draws it: shapes, lines and words with their places."""

import math
import textwrap
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from groups.network.budget import Drawn
from groups.network.chart import Chart, Link, LinkKind, Node, NodeKind
from groups.network.layout import Places, places, size_of
from groups.views.cards import period

# Colour, pattern and words: no sort of line or node is told by colour alone.
LINES: Final[Mapping[LinkKind, tuple[str, str, str]]] = {
    LinkKind.MEMBER: ("#0a4447", "", "Member"),
    LinkKind.INVOLVED: ("#a34b00", "7 4", "Other involvement"),
    LinkKind.PEOPLE: ("#1d5ea8", "", "Between people"),
    LinkKind.USES: ("#505a5f", "2 4", "Uses"),
    LinkKind.GROUPS: ("#6a3d9a", "12 4", "Between groups"),
}
NODES: Final[Mapping[NodeKind, tuple[str, str, str]]] = {
    NodeKind.GROUP: ("#0a4447", "#ffffff", "Group"),
    NodeKind.PERSON: ("#ffffff", "#1d5ea8", "Person"),
    NodeKind.IDENTIFIER: ("#fff3d6", "#7a5b00", "Identifier"),
}
RADIUS: Final = 19
# With more lines than this the words on them would cover each other.
MOST_WORDS: Final = 12
_LINE_LENGTH: Final = 20
Url = Callable[[Node], str]


def drawing(drawn: Drawn, url_of: Url, pinned: Places | None = None) -> dict[str, Any]:
    """Return the picture; ``pinned`` nodes stand where somebody put them."""
    chart = drawn.chart
    width, height = size_of(len(chart.nodes))
    where = places(chart) | {
        key: place for key, place in (pinned or {}).items() if key in chart.nodes
    }
    counts = {key: len(links) for key, links in chart.by_node().items()}
    order = {one.key: number for number, one in enumerate(chart.ordered())}
    groups = _line_groups(chart, where, order)
    return {
        "width": width,
        "height": height,
        "nodes": [
            _node(one, where[one.key], counts.get(one.key, 0), url_of, chart.centre)
            for one in chart.ordered()
        ],
        "line_groups": groups,
        "shapes": _shapes(chart),
        "is_quiet": sum(len(one["lines"]) for one in groups) > MOST_WORDS,
        "key": _key(chart),
        "summary": _summary(drawn),
    }


def _node(
    one: Node, place: tuple[float, float], links: int, url_of: Url, centre: str
) -> dict[str, Any]:
    name = NODES[one.kind][2]
    rows = _wrapped(one.label)
    told = f"{links} {'link' if links == 1 else 'links'}"
    parts = [f"{name} {one.label}", one.reference, one.note, told]
    return {
        "key": one.key,
        "shape": _shape_of(one),
        "x": _told(place[0]),
        "y": _told(place[1]),
        "is_harmed": one.note.startswith("Victim"),
        "is_centre": one.key == centre,
        "is_sum": one.count > 1,
        "note": one.note,
        "url": url_of(one),
        "name": ", ".join(part for part in parts if part),
        "rows": [
            {"text": text, "y": _told(RADIUS + 15 + 13 * line)}
            for line, text in enumerate(rows)
        ],
        "note_y": _told(RADIUS + 15 + 13 * len(rows)),
    }


def _wrapped(text: str) -> list[str]:
    """Return at most two rows; a dot for three says that there is more."""
    return textwrap.wrap(
        text, _LINE_LENGTH, max_lines=2, placeholder="…", break_on_hyphens=False
    ) or [text]


def _shape_of(node: Node) -> str:
    return f"{node.kind}-sum" if node.count > 1 else str(node.kind)


def _shapes(chart: Chart) -> list[dict[str, Any]]:
    """Return each shape that occurs, once."""
    found = {_shape_of(one): one for one in chart.ordered()}
    return [
        {
            "name": name,
            "kind": one.kind.value,
            "fill": NODES[one.kind][0],
            "stroke": NODES[one.kind][1],
            "is_sum": one.count > 1,
        }
        for name, one in found.items()
    ]


def _line_groups(
    chart: Chart, where: Places, order: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the lines of each sort: one for each pair of nodes says all that joins it.

    Its ends are numbers in the order of the nodes.
    """
    pairs: dict[frozenset[str], list[Link]] = defaultdict(list)
    for link in chart.links:
        pairs[link.ends].append(link)
    return [
        {
            "colour": colour,
            "pattern": pattern,
            "lines": [
                _line(links, where, order)
                for links in pairs.values()
                if links[0].kind is kind
            ],
        }
        for kind, (colour, pattern, _) in LINES.items()
    ]


def _line(links: list[Link], where: Places, order: Mapping[str, int]) -> dict[str, Any]:
    first = links[0]
    start, end = _shortened(where[first.a], where[first.b])
    more = f" and {len(links) - 1} more" if len(links) > 1 else ""
    return {
        "a": str(order[first.a]),
        "b": str(order[first.b]),
        "x1": _told(start[0]),
        "y1": _told(start[1]),
        "x2": _told(end[0]),
        "y2": _told(end[1]),
        "x": _told((start[0] + end[0]) / 2),
        "y": _told((start[1] + end[1]) / 2),
        "is_ended": all(one.to_on for one in links),
        "is_directed": any(one.is_directed for one in links),
        "weight": 2 if len(links) == 1 and first.count == 1 else 4,
        "text": f"{first.says}{more}",
        "title": "; ".join(said(one) for one in links),
    }


def _told(length: float) -> str:
    """Return a length as SVG reads it; a template would look up how we write numbers."""
    return f"{round(length, 1):g}"


def said(link: Link) -> str:
    """Return a link in words: what, on what basis, and when."""
    if not link.basis:
        return link.says
    return f"{link.says}, {link.basis.lower()}, {period(link)}"


def _shortened(
    a: tuple[float, float], b: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the two ends of a line that stops at the rim of both nodes."""
    long = math.dist(a, b)
    if long <= 2 * RADIUS:
        return a, b
    part = RADIUS / long
    x, y = (b[0] - a[0]) * part, (b[1] - a[1]) * part
    return (
        (a[0] + x, a[1] + y),
        (b[0] - x, b[1] - y),
    )


def _key(chart: Chart) -> dict[str, Any]:
    """Return what the shapes and lines that occur mean."""
    kinds = {one.kind for one in chart.nodes.values()}
    links = {one.kind for one in chart.links}
    return {
        "nodes": [
            {"kind": kind.value, "fill": fill, "stroke": stroke, "text": text}
            for kind, (fill, stroke, text) in NODES.items()
            if kind in kinds
        ],
        "lines": [
            {"kind": kind.value, "colour": colour, "pattern": pattern, "text": text}
            for kind, (colour, pattern, text) in LINES.items()
            if kind in links
        ],
        "has_harmed": any(
            one.note.startswith("Victim") for one in chart.nodes.values()
        ),
        "has_ended": any(one.to_on for one in chart.links),
    }


def _summary(drawn: Drawn) -> str:
    centre = drawn.chart.nodes[drawn.chart.centre]
    return (
        f"Network of {centre.label}: {drawn.shown:,} of {drawn.total:,} nodes. "
        "The tables beside it hold every link."
    )
