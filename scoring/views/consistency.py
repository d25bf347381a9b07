"""The consistency laboratory: what waits for a second score, and the packs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from scoring import laboratory
from scoring.agreement.packs import packs
from scoring.models import CalibrationAnswer, SecondScore, SecondScoring
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell

PAGE_SIZE = 25
NEWEST = Order("drawn_at", descending=True)
HEAD: list[Cell] = [
    {"text": "Group"},
    {"text": "Owner"},
    {"text": "Drawn"},
    {"text": "Second score"},
]
PACK_HEAD: list[Cell] = [
    {"text": "Pack"},
    {"text": "Groups", "numeric": True},
    {"text": "Attributes", "numeric": True},
    {"text": "You"},
]
_WAITS: Cell = {"tag": {"text": "Waits", "colour": "yellow"}}
_BEGUN: Cell = {"tag": {"text": "You began it", "colour": "light-blue"}}
_SCORED: Cell = {"tag": {"text": "Handed in", "colour": "green"}}

_DONE: Cell = {"tag": {"text": "Scored", "colour": "green"}}
_TO_DO: Cell = {"tag": {"text": "To score", "colour": "yellow"}}


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Show the groups that were drawn, the newest first, and the packs to score."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    rows = laboratory.scorings_for(by)
    page = page_of(
        _standing(by, rows).select_related("group__owner"),
        NEWEST,
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    audit.consulted("groups.CrimeGroup", [row.group_id for row in page.rows])
    context = {
        "count": rows.count(),
        "head": HEAD,
        "rows": _rows(page.rows),
        "may_supervise": by.has(Right.CONFIRM),
        "pack_head": PACK_HEAD,
        "packs": _packs(by) if by.has(Right.CONTRIBUTE) else [],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "scoring/consistency.html", context)


def _standing(by: Viewer, rows: QuerySet[SecondScoring]) -> QuerySet[SecondScoring]:
    """Note beside each draw whether it is scored, as far as the reader sees."""
    handed_in = SecondScore.objects.visible_to(by).handed_in()
    begun = SecondScore.objects.unfinished_of(by)
    return rows.annotate(
        is_scored=Exists(handed_in.filter(scoring=OuterRef("pk"))),
        is_begun=Exists(begun.filter(scoring=OuterRef("pk"))),
    )


def _packs(by: Viewer) -> list[list[Cell]]:
    """Return the packs, and whether the reader scored them. One query."""
    mine = CalibrationAnswer.objects.visible_to(by)
    done = set(mine.values_list("pack", "pack_version"))
    return [
        [
            {"text": one.title, "url": reverse("scoring:pack", args=[one.key])},
            {"text": str(len(one.vignettes)), "numeric": True},
            {"text": str(len(one.attributes)), "numeric": True},
            _DONE if (one.key, one.version) in done else _TO_DO,
        ]
        for one in packs().values()
    ]


def _rows(found: Iterable[SecondScoring]) -> list[list[Cell]]:
    table: list[list[Cell]] = []
    for row in found:
        shown: Any = row
        state = _BEGUN if shown.is_begun else _SCORED if shown.is_scored else _WAITS
        table.append(
            [
                {
                    "text": f"{row.group.name} ({row.group.reference})",
                    "url": reverse("scoring:second_scoring", args=[row.public_id]),
                },
                {"text": row.group.owner.short_name},
                {"time": row.drawn_at},
                state,
            ]
        )
    return table
