"""The tables of a chart: every link a row, every node with what can be done to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from groups.models import CrimeGroup, Nominal
from groups.network.chart import Chart, Link, Node, NodeKind
from groups.network.paths import Shared, Step
from groups.network.robustness import Range, Standing
from groups.views.cards import Cell, period
from groups.views.network_drawing import NODES, said
from groups.views.tables import Table

PAGE_SIZE = 50
_PAGES: Mapping[NodeKind, tuple[str, str]] = {
    NodeKind.GROUP: ("groups:detail", "groups:group_network"),
    NodeKind.PERSON: ("groups:person", "groups:person_network"),
}


def url_of(node: Node) -> str:
    """Return the page of a node; for what has none, the table of links below."""
    if node.kind not in _PAGES or node.count > 1:
        return "#links"
    return reverse(_PAGES[node.kind][0], args=[node.key])


def own_url(centre: CrimeGroup | Nominal) -> str:
    """Return the page of the network round a record."""
    kind = NodeKind.GROUP if isinstance(centre, CrimeGroup) else NodeKind.PERSON
    return reverse(_PAGES[kind][1], args=[centre.public_id])


def node_cell(node: Node) -> Cell:
    """Return a node by name, linked where it has a page."""
    text = f"{node.label} ({node.reference})" if node.reference else node.label
    url = url_of(node)
    return {"text": text} if url == "#links" else {"text": text, "url": url}


def links_table(chart: Chart, links: Iterable[Link]) -> Table:
    """Return a row for each link: both ends, what it says, basis, source, dates."""
    heads = ("From", "Link", "To", "Basis", "Said by", "When")
    return _table(
        heads,
        [
            [
                node_cell(chart.nodes[one.a]),
                {"text": one.says},
                node_cell(chart.nodes[one.b]),
                {"text": one.basis},
                {"text": one.source},
                {"text": period(one)},
            ]
            for one in links
        ],
    )


def nodes_table(
    chart: Chart, nodes: Iterable[Node], query: QueryDict, path: str
) -> Table:
    """Return a row for each node: whom it is linked to, and steps from here."""
    links = chart.by_node()
    heads = ("Node", "Sort", "Take care", "Links", "Linked to", "Actions")
    return _table(
        heads,
        [
            [
                node_cell(one),
                {"text": NODES[one.kind][2]},
                {"tag": {"text": one.note, "colour": "red"}} if one.note else {},
                {"text": str(len(links.get(one.key, []))), "numeric": True},
                {"text": _others(chart, one, links.get(one.key, []))},
                {"links": _steps(chart, one, query, path)},
            ]
            for one in nodes
        ],
        numeric={3},
    )


def path_table(steps: Iterable[Step]) -> Table:
    """Return the steps of a path, one a row."""
    return _table(
        ("From", "Link", "To"),
        [
            [
                node_cell(one.start),
                {"lines": [said(link) for link in one.links]},
                node_cell(one.end),
            ]
            for one in steps
        ],
    )


def shared_table(found: Iterable[Shared], first: Node, second: Node) -> Table:
    """Return whom two nodes share, with what joins each of them to it."""
    return _table(
        ("Shared", f"Link to {first.label}", f"Link to {second.label}"),
        [
            [
                node_cell(one.node),
                {"lines": [said(link) for link in one.to_first]},
                {"lines": [said(link) for link in one.to_second]},
            ]
            for one in found
        ],
    )


def measures_table(chart: Chart, found: Iterable[Standing]) -> Table:
    """Return rank ranges, with how many links and sources each rests on."""
    links = chart.by_node()
    return _table(
        ("Person", "By links", "By betweenness", "As a cut vertex", "Rests on"),
        [
            [
                node_cell(chart.nodes[one.name]),
                {"text": _range(one.links)},
                {"text": _range(one.between)},
                {"text": _range(one.cut)},
                {"text": _mix(links.get(one.name, []))},
            ]
            for one in found
        ],
    )


def _range(found: Range) -> str:
    if found.best == found.worst:
        return str(found.best)
    return f"{found.best} to {found.worst}"


def _mix(links: Iterable[Link]) -> str:
    """Return how many links, from how many sources, and on what basis."""
    rows = list(links)
    sources = len({one.source for one in rows})
    bases = sorted({one.basis.lower() for one in rows})
    return (
        f"{_counted(len(rows), 'link')}, {_counted(sources, 'source')}: "
        f"{', '.join(bases) or 'none'}"
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _others(chart: Chart, node: Node, links: Iterable[Link]) -> str:
    """Return the names of neighbours, each once; the first few of many."""
    names = sorted({chart.nodes[one.other(node.key)].label for one in links})
    more = f" and {len(names) - 6:,} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more


def _steps(
    chart: Chart, node: Node, query: QueryDict, path: str
) -> list[dict[str, str]]:
    """Return what can be done to a node: open its own chart, expand it, hide it."""
    if node.count > 1:
        return []
    done = []
    if node.key not in query.getlist("expand"):
        done.append(("Expand", with_more(query, path, "expand", node.key)))
    if node.key != chart.centre:
        done.append(("Hide", with_more(query, path, "hide", node.key)))
        if node.kind in _PAGES:
            done.append(("Chart", reverse(_PAGES[node.kind][1], args=[node.key])))
    return [{"text": text, "url": url, "hidden": node.label} for text, url in done]


def with_more(query: QueryDict, path: str, name: str, value: str) -> str:
    """Return the address with one more value of a parameter, on its first page."""
    changed = query.copy()
    changed.appendlist(name, value)
    for page in ("page", "nodes"):
        changed.pop(page, None)
    return f"{path}?{changed.urlencode()}"


def _table(
    heads: Iterable[str], rows: list[list[Cell]], numeric: Iterable[int] = ()
) -> dict[str, Any]:
    marked = set(numeric)
    return {
        "head": [
            {"text": text, "numeric": place in marked}
            for place, text in enumerate(heads)
        ],
        "rows": rows,
    }
