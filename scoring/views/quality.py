"""What is missing in the records of a place: the counts, and the list behind each."""

from typing import Any

from django.db.models import Count as RowCount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.visibility import Viewer
from groups.views.finding import record_shown
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order, page_and_sums
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.picture import PictureScope, ScopeKind
from scoring.quality import (
    GAPS,
    WHAT_A_FACT_SAYS,
    Ask,
    Count,
    Gap,
    Subject,
    count_gaps,
)
from scoring.views import quality_rows
from scoring.views.asking import reader
from scoring.views.figure_tables import Links

Cell = dict[str, Any]
PAGE_SIZE = 50
NEWEST = Order("id", descending=True)
_HEAD: list[Cell] = [
    {"text": "What is missing"},
    {"text": "Records", "numeric": True},
    {"text": "Why it matters"},
]
_DEBTS: dict[str, tuple[str, dict[str, str]]] = {
    "groups": ("Groups", {}),
    "overdue": ("Reviews overdue", {"overdue": "true"}),
    "unjudged": ("Not fully judged", {"unjudged": "true"}),
    "awaiting": ("Awaiting confirmation", {"awaiting": "true"}),
}


@require_safe
def quality(request: HttpRequest, scope: str) -> HttpResponse:
    """Show how many records have each gap; every count opens its list."""
    by = reader(request)
    check_parameters(request.GET, ())
    place = picture.parse_scope(scope)
    counts = count_gaps(_ask(by, place))
    audit.consulted("scoring.Quality", [], scope=place.key)
    context = {
        "place": place,
        "tables": [
            (
                caption,
                _HEAD[:width],
                [_row(place, one)[:width] for one in counts if _is(one.gap, subjects)],
            )
            for caption, subjects, width in (
                ("Groups", {Subject.GROUPS}, 3),
                ("People", {Subject.MEMBERSHIPS, Subject.PEOPLE}, 3),
                (f"Facts. {WHAT_A_FACT_SAYS}", {Subject.FACTS}, 2),
            )
        ],
        "parts": _parts(place, counts),
        "trend": _trend(by, place),
    }
    return render(request, "scoring/quality.html", context)


@require_safe
def quality_list(request: HttpRequest, scope: str, gap: str) -> HttpResponse:
    """Show the records that have one gap, a page at a time."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    place = picture.parse_scope(scope)
    if gap not in GAPS:
        raise NotFound
    found = GAPS[gap]
    rows = found.rows(_ask(by, place))
    cursor = request.GET.get("cursor", "")
    page, sums = page_and_sums(
        rows, NEWEST, size=PAGE_SIZE, cursor=cursor, count=RowCount("pk")
    )
    by_id = quality_rows.joined(found, rows).in_bulk([row.pk for row in page.rows])
    shown = [by_id[row.pk] for row in page.rows]
    others = found.others(by, shown) if found.others else {}
    record_shown(quality_rows.shown(shown, others))
    context = {
        "place": place,
        "gap": found,
        "count": sums["count"],
        "head": quality_rows.head(found),
        "rows": [quality_rows.cells(found, one, others) for one in shown],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "scoring/quality_list.html", context)


def _ask(by: Viewer, place: PictureScope) -> Ask:
    day = timezone.localdate()
    return Ask(by, picture.owners_in(place, day), day)


def _is(gap: Gap, subjects: set[Subject]) -> bool:
    return gap.subject in subjects


def _row(place: PictureScope, count: Count) -> list[Cell]:
    return [
        {"text": count.gap.title},
        _number(place.key, count.gap, count.total, ""),
        {"text": count.gap.why},
    ]


def _number(scope: str, gap: Gap, number: int, prefix: str) -> Cell:
    return {
        "text": f"{number:,}",
        "url": reverse("scoring:quality_list", args=[scope, gap.key]),
        "figure": f"{prefix}{gap.key}",
        "numeric": True,
    }


def _trend(by: Viewer, place: PictureScope) -> dict[str, Any]:
    """Return what was left to do at the end of each of the last months."""
    debts = picture.debts(by, place, timezone.localdate())
    # Said only where there is anything to say.
    more = (
        ["Of these, records since disposed"] if any(d.disposed for d in debts) else []
    )
    return {
        "head": [
            {"text": "End of"},
            *({"text": text, "numeric": True} for text, _ in _DEBTS.values()),
            *({"text": text, "numeric": True} for text in more),
        ],
        "rows": [
            [
                {"text": date_text(debt.day)},
                *(
                    Links(place.key, debt.day).number(
                        f"trend.{key}.{debt.day}", getattr(debt, key), **filters
                    )
                    for key, (_, filters) in _DEBTS.items()
                ),
                *({"text": f"{debt.disposed:,}", "numeric": True} for _ in more),
            ]
            for debt in debts
        ],
    }


def _parts(place: PictureScope, counts: list[Count]) -> dict[str, Any] | None:
    """Return the counts of each owner that has any; none for a single owner.

    Facts are left out: the table would be too wide to read.
    """
    if place.kind is ScopeKind.FORCE:
        return None
    shown = [one for one in counts if one.gap.subject is not Subject.FACTS]
    bodies = [
        one
        for one in picture.places_on(timezone.localdate())
        if any(one.id in count.by_owner for count in shown)
    ]
    titles = [{"text": one.gap.title, "numeric": True} for one in shown]
    return {
        "head": [{"text": "Owner"}, *titles],
        "rows": [
            [
                {
                    "text": body.name,
                    "url": reverse("scoring:quality", args=[f"force:{body.code}"]),
                },
                *(
                    _number(
                        f"force:{body.code}",
                        one.gap,
                        one.by_owner.get(body.id, 0),
                        f"owners.{body.code}.",
                    )
                    for one in shown
                ),
            ]
            for body in bodies
        ],
    }
