"""The people that a dashboard counts: references only, names are a click away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.visibility import Viewer
from groups.models import Involvement, Membership
from ocgmap.common.forms import GovukForm
from ocgmap.common.keyset import Order, page_and_sums
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms import InvolvementListForm, MemberListForm
from scoring.picture import PictureScope
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell, counted

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the two lists: its address, what it is narrowed by, and its words."""

    name: str
    column: str
    form: type[GovukForm]
    rows: Callable[[Viewer, PictureScope], QuerySet[Any, Any]]
    label: str
    words: dict[str, str]


INVOLVEMENTS = Listing(
    "scoring:involvements",
    "kind",
    InvolvementListForm,
    picture.involvements,
    Involvement._meta.label,  # noqa: SLF001 - documented
    {
        "title": "Involved with groups",
        "caption": "Involved with groups, but not members",
        "noun": "involvement",
        "heading": "Involved as",
        "note": "One person may be involved more than once.",
    },
)
MEMBERS = Listing(
    "scoring:members",
    "standing",
    MemberListForm,
    picture.members,
    Membership._meta.label,  # noqa: SLF001 - documented
    {
        "title": "Members of groups",
        "caption": "Members of groups; victims never are",
        "noun": "membership",
        "heading": "Standing",
        "note": "One person may be a member of several groups.",
    },
)


@require_safe
def involvements(request: HttpRequest, scope: str) -> HttpResponse:
    """List open involvements with the groups of a place, of one kind or all."""
    return _list(request, scope, INVOLVEMENTS)


@require_safe
def members(request: HttpRequest, scope: str) -> HttpResponse:
    """List open memberships in the groups of a place, of one standing or all."""
    return _list(request, scope, MEMBERS)


def _list(request: HttpRequest, scope: str, listing: Listing) -> HttpResponse:
    by = reader(request)
    check_parameters(request.GET, {listing.column, "cursor"})
    place = picture.parse_scope(scope)
    form = listing.form(request.GET)
    address = reverse(listing.name, args=[place.key])
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "words": listing.words,
        "list_url": address,
        "breadcrumbs": [
            {
                "text": place.name,
                "url": reverse("scoring:dashboard", args=[place.key]),
            },
            {"text": listing.words["title"]},
        ],
    }
    if not form.is_valid():
        return render(request, "scoring/involvement_list.html", context, status=400)
    asked = {listing.column: form.cleaned_data[listing.column]}
    found = listing.rows(by, place)
    if asked[listing.column]:
        found = found.filter(**asked)
    cursor = request.GET.get("cursor", "")
    page, sums = page_and_sums(
        found, Order(), size=PAGE_SIZE, cursor=cursor, count=Count("pk")
    )
    ids, count = [row.pk for row in page.rows], sums["count"]
    seen = found.model.objects.visible_to(by).select_related("nominal", "group__owner")
    by_id = seen.in_bulk(ids)
    audit.consulted(listing.label, ids, scope=place.key)
    context |= {
        "count": count,
        "count_text": counted(count, listing.words["noun"]),
        "head": _head(listing),
        "rows": [_row(by_id[pk], listing) for pk in ids],
        "next_url": _url(address, asked, page.next),
        "previous_url": _url(address, asked, page.previous),
    }
    return render(request, "scoring/involvement_list.html", context)


def _head(listing: Listing) -> list[Cell]:
    names = ("Person", listing.words["heading"], "Group", "Owner of the group")
    return [{"text": name} for name in names]


def _row(one: Any, listing: Listing) -> list[Cell]:
    person = reverse("groups:person", args=[one.nominal.public_id])
    group = reverse("groups:detail", args=[one.group.public_id])
    role = getattr(one, f"get_{listing.column}_display")()
    return [
        {"text": one.nominal.reference, "url": person, "nowrap": True},
        {"text": str(role)},
        {"text": one.group.reference, "url": group, "nowrap": True},
        {"text": one.group.owner.short_name},
    ]


def _url(address: str, asked: dict[str, str], cursor: str) -> str:
    if not cursor:
        return ""
    kept = {name: value for name, value in asked.items() if value}
    return f"{address}?{urlencode(kept | {'cursor': cursor})}"
