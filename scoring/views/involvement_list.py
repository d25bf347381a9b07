"""The involvements that a dashboard counts: references only, names are a click away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from groups.models import Involvement
from groups.models.participation import InvolvementKind
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms import InvolvementListForm
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell, counted

PAGE_SIZE = 50
HEAD: list[Cell] = [
    {"text": "Person"},
    {"text": "Involved as"},
    {"text": "Group"},
    {"text": "Owner of the group"},
]


@require_safe
def involvements(request: HttpRequest, scope: str) -> HttpResponse:
    """List open involvements with the groups of a place, of one kind or all."""
    by = reader(request)
    check_parameters(request.GET, {"kind", "cursor"})
    place = picture.parse_scope(scope)
    form = InvolvementListForm(request.GET)
    dashboard = reverse("scoring:dashboard", args=[place.key])
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "breadcrumbs": [
            {"text": place.name, "url": dashboard},
            {"text": "Involvements"},
        ],
    }
    if not form.is_valid():
        return render(request, "scoring/involvement_list.html", context, status=400)
    kind = form.cleaned_data["kind"]
    found = picture.involvements(by, place)
    if kind:
        found = found.filter(kind=kind)
    count = found.count()
    page = page_of(
        found.select_related("nominal", "group__owner"),
        Order(),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    audit.consulted(
        "groups.Involvement", [row.pk for row in page.rows], scope=place.key
    )
    address = reverse("scoring:involvements", args=[place.key])
    context |= {
        "count": count,
        "count_text": counted(count, "involvement"),
        "head": HEAD,
        "rows": [_row(one) for one in page.rows],
        "next_url": _url(address, kind, page.next),
        "previous_url": _url(address, kind, page.previous),
    }
    return render(request, "scoring/involvement_list.html", context)


def _row(one: Involvement) -> list[Cell]:
    person = reverse("groups:person", args=[one.nominal.public_id])
    group = reverse("groups:detail", args=[one.group.public_id])
    return [
        {"text": one.nominal.reference, "url": person, "nowrap": True},
        {"text": str(InvolvementKind(one.kind).label)},
        {"text": one.group.reference, "url": group, "nowrap": True},
        {"text": one.group.owner.short_name},
    ]


def _url(address: str, kind: str, cursor: str) -> str:
    if not cursor:
        return ""
    asked = {"kind": kind, "cursor": cursor}
    kept = {name: value for name, value in asked.items() if value}
    return f"{address}?{urlencode(kept)}"
