"""How the groups of a place hang together: pairs in a table, and a picture of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models.audit_event import AuditKind
from groups.models import CrimeGroup
from groups.network.budget import within
from groups.network.chart import Chart, Link, LinkKind, Node, NodeKind
from groups.network.pairs import Pair
from groups.views.cards import group_cell
from groups.views.finding import record_shown
from groups.views.network_drawing import drawing
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring import picture
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell, counted

PAGE_SIZE = 100
# Of the pairs that are most joined; more lines would cover each other.
MOST_DRAWN = 150
HEAD: list[Cell] = [
    {"text": "Group"},
    {"text": "Group"},
    {"text": "Members of both", "numeric": True},
    {"text": "Links recorded", "numeric": True},
    {"text": "Show"},
]


@require_safe
def group_links(request: HttpRequest, scope: str) -> HttpResponse:
    """Show pairs of groups with what joins them, the most joined first."""
    by = reader(request)
    check_parameters(request.GET, {"page"})
    place = picture.parse_scope(scope)
    found = picture.linked_groups(by, place)
    number, last = _page(request, len(found.pairs))
    rows = found.pairs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    drawn = found.pairs[:MOST_DRAWN]
    groups = CrimeGroup.objects.visible_to(by).in_bulk(
        {end for pair in (*rows, *drawn) for end in (pair.a, pair.b)}
    )
    record_shown(groups.values())
    audit.record(
        AuditKind.COMBINATION,
        "groups.CrimeGroup",
        [],
        detail={"scope": place.key, "pairs": len(found.pairs)},
    )
    address = reverse("scoring:group_links", args=[place.key])
    context: dict[str, Any] = {
        "place": place,
        "breadcrumbs": [
            {"text": place.name, "url": reverse("scoring:dashboard", args=[place.key])},
            {"text": "Links between groups"},
        ],
        "count": len(found.pairs),
        "count_text": counted(len(found.pairs), "pair"),
        "is_cut": found.is_cut,
        "head": HEAD,
        "rows": [_row(pair, groups) for pair in rows],
        "drawing": _drawing(drawn, groups),
        "drawn": len(drawn),
        "next_url": _url(address, number + 1) if number < last else "",
        "previous_url": _url(address, number - 1) if number > 1 else "",
    }
    return render(request, "scoring/group_links.html", context)


def _page(request: HttpRequest, count: int) -> tuple[int, int]:
    """Return the page that is asked for, and the last one.

    Raises:
        InvalidParameter: there is no such page.
    """
    last = max(1, -(-count // PAGE_SIZE))
    text = request.GET.get("page", "1")
    if not (
        text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= last
    ):
        raise InvalidParameter("page: There is no such page.", field="page")
    return int(text), last


def _row(pair: Pair, groups: Mapping[int, CrimeGroup]) -> list[Cell]:
    first, second = groups[pair.a], groups[pair.b]
    between = {"first": str(first.public_id), "second": str(second.public_id)}
    page = reverse("groups:group_network", args=[first.public_id])
    return [
        group_cell(first),
        group_cell(second),
        {"text": f"{pair.members:,}", "numeric": True},
        {"text": f"{pair.links:,}", "numeric": True},
        {
            "text": "What joins them",
            "url": f"{page}?{urlencode(between)}#between",
            "hidden": f"{first.reference} and {second.reference}",
        },
    ]


def _drawing(
    pairs: Sequence[Pair], groups: Mapping[int, CrimeGroup]
) -> dict[str, Any] | None:
    """Return the picture of these pairs; nothing where there are none."""
    if not pairs:
        return None
    names = {pk: str(one.public_id) for pk, one in groups.items()}
    ends = {end for pair in pairs for end in (pair.a, pair.b)}
    nodes = {
        names[pk]: Node(
            names[pk], NodeKind.GROUP, groups[pk].name, groups[pk].reference
        )
        for pk in ends
    }
    links = tuple(
        Link(
            f"{pair.a} {pair.b}",
            LinkKind.GROUPS,
            names[pair.a],
            names[pair.b],
            _said(pair),
            count=pair.weight,
        )
        for pair in pairs
    )
    chart = Chart(names[pairs[0].a], nodes, links)
    return drawing(within(chart), _group_url)


def _group_url(node: Node) -> str:
    return reverse("groups:group_network", args=[node.key])


def _said(pair: Pair) -> str:
    said = []
    if pair.members:
        said.append(f"{counted(pair.members, 'member')} of both")
    if pair.links:
        said.append(counted(pair.links, "link"))
    return ", ".join(said)


def _url(address: str, number: int) -> str:
    return f"{address}?{urlencode({'page': number})}"
