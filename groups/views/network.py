"""The network of a group or a person: a picture, and tables that say all it says."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.forms import ticket_after
from accounts.models.audit_event import AuditKind
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.assembly import Network, network_of
from groups.forms.charts import SaveChartForm
from groups.forms.network import PARAMETERS, REPEATED, NetworkForm, TwoNodesForm
from groups.models import CrimeGroup, Nominal, SavedChart
from groups.network import paths, robustness
from groups.network.budget import BUDGET, Drawn, within
from groups.network.chart import Chart, Link, LinkKind, NodeKind, without
from groups.network.layout import Places
from groups.views import network_parts as parts
from groups.views.finding import found, group_for, nominal_for, reader, record_shown
from groups.views.network_drawing import drawing
from groups.views.reading import group_context
from ocgmap.common.parameters import InvalidParameter, check_parameters

MEASURES = "measures"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """A chart as somebody asked for it: what was found, and what of it is drawn."""

    network: Network
    chart: Chart
    drawn: Drawn
    first: str
    second: str
    saved: SavedChart | None = None


@require_safe
def group_network(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the network round a group."""
    viewer = reader(request)
    group = group_for(viewer, public_id)
    context = group_context(viewer, group)
    return _answer(request, viewer, group, context)


@require_safe
def person_network(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the network round a person."""
    viewer = reader(request)
    nominal = nominal_for(viewer, public_id)
    return _answer(request, viewer, nominal, {"nominal": nominal})


def _answer(
    request: HttpRequest,
    viewer: Viewer,
    centre: CrimeGroup | Nominal,
    context: dict[str, Any],
) -> HttpResponse:
    check_parameters(request.GET, PARAMETERS, repeatable=REPEATED)
    form, two = NetworkForm(request.GET), TwoNodesForm(request.GET)
    context |= {"form": form, "two": two, "centre": centre}
    if not (form.is_valid() and two.is_valid()):
        record_shown([centre])
        return render(request, "groups/network.html", context, status=400)
    page = page_of(viewer, centre, form, two)
    two.offer(page.drawn.chart.ordered())
    links, before, after = _paged(page.chart.links, request.GET, "page", "links")
    context |= {"previous_url": before, "next_url": after}
    note_reading(centre, page, links)
    context |= _picture(page) | _tables(request, page, links)
    context |= _between(page) | _measures(request, page)
    context |= _keeping(request, viewer, centre)
    return render(request, "groups/network.html", context)


def page_of(
    viewer: Viewer, centre: CrimeGroup | Nominal, form: NetworkForm, two: TwoNodesForm
) -> Page:
    """Return the chart that two valid forms ask for."""
    first, second = two.cleaned_data["first"], two.cleaned_data["second"]
    hidden = form.cleaned_data["hide"]
    network = network_of(viewer, centre, form.asked(first, second))
    chart = without(network.chart, hidden)
    asked = [*form.cleaned_data["expand"], first, second]
    saved = _saved(viewer, centre, form.cleaned_data["saved"])
    return Page(network, chart, within(chart, BUDGET, asked), first, second, saved)


def _saved(
    viewer: Viewer, centre: CrimeGroup | Nominal, public_id: str
) -> SavedChart | None:
    """Return the saved chart whose places are used; it must be of this centre.

    Raises:
        NotFound: it is absent or hidden.
    """
    if not public_id:
        return None
    return found(centre.charts.visible_to(viewer), uuid.UUID(public_id))


def note_reading(
    centre: CrimeGroup | Nominal, page: Page, links: Iterable[Link]
) -> None:
    """Leave audit rows: what was shown, and that it was put together.

    Source: Data Protection Act 2018 s.62(1)(e), combination.
    """
    drawn = page.drawn.chart
    keys = {*drawn.nodes, *(one.key for one in drawn.links)}
    for link in links:
        keys |= {link.key, link.a, link.b}
    records = page.network.records
    shown = [records[key] for key in keys if key in records]
    record_shown([*shown, page.saved] if page.saved else shown)
    audit.record(
        AuditKind.COMBINATION,
        centre._meta.label,  # noqa: SLF001 - documented
        [centre.pk],
        detail={"nodes": page.drawn.total, "links": len(page.chart.links)},
    )


def places_of(page: Page) -> Places:
    """Return where the nodes of a saved chart were put."""
    kept = page.saved.places if page.saved else {}
    return {key: (float(x), float(y)) for key, (x, y) in kept.items()}


def _keeping(
    request: HttpRequest, viewer: Viewer, centre: CrimeGroup | Nominal
) -> dict[str, Any]:
    """Return the form that saves the chart, and where the picture is exported."""
    is_group = isinstance(centre, CrimeGroup)
    save, export = (
        ("groups:save_chart", "groups:group_picture")
        if is_group
        else ("groups:save_person_chart", "groups:person_picture")
    )
    asked = request.GET.urlencode()
    may_export = can(check_has, viewer, Right.EXPORT)
    picture = reverse(export, args=[centre.public_id])
    return {
        "save_url": reverse(save, args=[centre.public_id]),
        "save_form": SaveChartForm(viewer=viewer, initial={"query": asked}),
        "ticket": ticket_after(None, viewer),
        "picture_url": f"{picture}?{asked}" if may_export else "",
    }


def _picture(page: Page) -> dict[str, Any]:
    drawn = page.drawn
    return {
        "drawing": drawing(drawn, parts.url_of, places_of(page)),
        "saved": page.saved,
        "shown": drawn.shown,
        "total": drawn.total,
        "is_whole": drawn.is_whole,
        "is_cut": page.network.is_cut,
        "link_count": len(page.chart.links),
        **_days(page.chart),
    }


def _days(chart: Chart) -> dict[str, str]:
    """Return between which days the slider moves: from the first start to today."""
    starts = [one.from_on for one in chart.links if one.from_on]
    if not starts:
        return {}
    today = timezone.localdate()
    return {"from_day": min(starts).isoformat(), "to_day": today.isoformat()}


def _tables(request: HttpRequest, page: Page, links: list[Link]) -> dict[str, Any]:
    drawn = page.drawn.chart
    nodes, before, after = _paged(drawn.ordered(), request.GET, "nodes", "nodes")
    return {
        "links_table": parts.links_table(page.chart, links),
        "nodes_table": parts.nodes_table(drawn, nodes, request.GET, request.path),
        "previous_nodes_url": before,
        "next_nodes_url": after,
        "hidden_count": len(page.network.chart.nodes) - len(page.chart.nodes),
        "show_all_url": _without(request, "hide", "page", "nodes"),
        "at_day": request.GET.get("at", ""),
    }


def _paged(
    items: Sequence[T], query: QueryDict, name: str, part: str
) -> tuple[list[T], str, str]:
    """Return the items of one page, and the addresses of the page before and after.

    Raises:
        InvalidParameter: there is no such page.
    """
    size = parts.PAGE_SIZE
    last = max(1, -(-len(items) // size))
    text = query.get(name, "1")
    if not (
        text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= last
    ):
        raise InvalidParameter(f"{name}: There is no such page.", field=name)
    number = int(text)
    before = _page_url(query, name, number - 1, part) if number > 1 else ""
    after = _page_url(query, name, number + 1, part) if number < last else ""
    return list(items[(number - 1) * size : number * size]), before, after


def _page_url(query: QueryDict, name: str, number: int, part: str) -> str:
    changed = query.copy()
    changed[name] = str(number)
    return f"?{changed.urlencode()}#{part}"


def _without(request: HttpRequest, *names: str) -> str:
    changed = request.GET.copy()
    for name in names:
        changed.pop(name, None)
    return f"{request.path}?{changed.urlencode()}"


def _between(page: Page) -> dict[str, Any]:
    """Return how two chosen nodes hang together; nothing unless both are there."""
    nodes = page.chart.nodes
    if not (page.first and page.second):
        return {}
    if page.first not in nodes or page.second not in nodes:
        return {"is_lost": True}
    first, second = nodes[page.first], nodes[page.second]
    steps = paths.path(page.chart, page.first, page.second)
    both = paths.shared(page.chart, page.first, page.second)
    return {
        "is_between": True,
        "first_node": first,
        "second_node": second,
        "path_length": len(steps),
        "path_table": parts.path_table(steps),
        "shared_table": parts.shared_table(both, first, second),
    }


def _measures(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Return rank ranges of the people drawn, where they are asked for.

    Raises:
        InvalidParameter: something else is asked for.
    """
    show = request.GET.get("show", "")
    if show not in ("", MEASURES):
        raise InvalidParameter(f"show: Use {MEASURES}.", field="show")
    measures_url = parts.with_more(request.GET, request.path, "show", MEASURES)
    if not show:
        return {"measures_url": f"{measures_url}#measures"}
    chart = page.drawn.chart
    people = [
        one.key
        for one in chart.nodes.values()
        if one.kind is NodeKind.PERSON and one.count == 1
    ]
    pairs = [
        (one.a, one.b)
        for one in chart.links
        if one.kind is LinkKind.PEOPLE and one.count == 1
    ]
    found = robustness.standings(people, pairs, seed=chart.centre)
    return {"is_measured": True, "measures_table": parts.measures_table(chart, found)}
