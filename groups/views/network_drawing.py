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
    lines = _lines(chart, where)
    return {
        "width": width,
        "height": height,
        "nodes": [
            _node(one, where[one.key], counts.get(one.key, 0), url_of, chart.centre)
            for one in chart.ordered()
        ],
        "lines": lines,
        "is_quiet": len(lines) > MOST_WORDS,
        "key": _key(chart),
        "summary": _summary(drawn),
    }


def _node(
    one: Node, place: tuple[float, float], links: int, url_of: Url, centre: str
) -> dict[str, Any]:
    fill, stroke, name = NODES[one.kind]
    rows = _wrapped(one.label)
    told = f"{links} {'link' if links == 1 else 'links'}"
    parts = [f"{name} {one.label}", one.reference, one.note, told]
    return {
        "key": one.key,
        "kind": one.kind.value,
        "x": place[0],
        "y": place[1],
        "fill": fill,
        "stroke": stroke,
        "is_harmed": one.note.startswith("Victim"),
        "is_centre": one.key == centre,
        "is_sum": one.count > 1,
        "note": one.note,
        "url": url_of(one),
        "name": ", ".join(part for part in parts if part),
        "rows": [
            {"text": text, "y": RADIUS + 15 + 13 * line}
            for line, text in enumerate(rows)
        ],
        "note_y": RADIUS + 15 + 13 * len(rows),
    }


def _wrapped(text: str) -> list[str]:
    """Return at most two rows; a dot for three says that there is more."""
    return textwrap.wrap(
        text, _LINE_LENGTH, max_lines=2, placeholder="…", break_on_hyphens=False
    ) or [text]


def _lines(chart: Chart, where: Places) -> list[dict[str, Any]]:
    """Return one line for each pair of nodes, which says all that joins them."""
    pairs: dict[frozenset[str], list[Link]] = defaultdict(list)
    for link in chart.links:
        pairs[link.ends].append(link)
    return [_line(links, where) for links in pairs.values()]


def _line(links: list[Link], where: Places) -> dict[str, Any]:
    first = links[0]
    colour, pattern, _ = LINES[first.kind]
    start, end = _shortened(where[first.a], where[first.b])
    more = f" and {len(links) - 1} more" if len(links) > 1 else ""
    return {
        "a": first.a,
        "b": first.b,
        "kinds": " ".join(sorted({one.kind.value for one in links})),
        "x1": start[0],
        "y1": start[1],
        "x2": end[0],
        "y2": end[1],
        "x": round((start[0] + end[0]) / 2, 1),
        "y": round((start[1] + end[1]) / 2, 1),
        "colour": colour,
        "pattern": pattern,
        "is_ended": all(one.to_on for one in links),
        "is_directed": any(one.is_directed for one in links),
        "weight": 2 if len(links) == 1 and first.count == 1 else 4,
        "text": f"{first.says}{more}",
        "title": "; ".join(said(one) for one in links),
    }


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
        (round(a[0] + x, 1), round(a[1] + y, 1)),
        (round(b[0] - x, 1), round(b[1] - y, 1)),
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
