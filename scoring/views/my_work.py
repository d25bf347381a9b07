"""The first page: what waits for the person who is signed in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.gate import asker
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.views.drafting import drafts_table
from groups.views.transfers import WAYS, waiting_for
from intelligence.models import Report
from intelligence.views import corrections, disposal, sight
from intelligence.views.sharing import to_decide
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.api.receipts import receipts_for
from scoring.filters import groups_url
from scoring.models import Receipt
from scoring.models.outbox import NOT_COUNTED, ReceiptState
from scoring.picture import PictureScope, ScopeKind
from scoring.views import large_exports, waiting
from scoring.views.asking import account, own_scope
from scoring.views.figure_tables import Cell
from scoring.views.own_work import questions, sections
from scoring.views.receipts import COLOURS
from scoring.views.saved_rows import tiles_of

RECENT = 10
# The slowest of a report's receipts tells how the report stands.
SLOWEST = (
    ReceiptState.SET_ASIDE,
    *NOT_COUNTED,
    ReceiptState.QUEUED,
    ReceiptState.INCLUDED,
)
HEAD: list[Cell] = [
    {"text": "Report"},
    {"text": "Submitted"},
    {"text": "What became of it"},
]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader; every number opens its list."""
    by = asker(request)
    check_parameters(request.GET, ())
    if not by.can_view:
        administers = by.has(Right.ADMINISTER_ACCOUNTS)
        return render(request, "scoring/no_work.html", {"administers": administers})
    place = picture.parse_scope(own_scope(account(request)))
    recent = list(
        Report.objects.visible_to(by)
        .filter(created_by_id=by.user_id)
        .order_by("-id")[:RECENT]
    )
    audit.consulted("intelligence.Report", [report.pk for report in recent])
    saved = tiles_of(by, own_scope(account(request)))
    context = {
        "saved": saved,
        "place": place,
        "sections": sections(by, place),
        "records": [
            *waiting.records(by, place, is_mine=True),
            *_transfers(by),
            *_sharing(by),
            *_exports(by),
            *_disposals(by),
            *_corrections(by),
        ],
        "picture": _picture(by, place),
        "questions": questions(by),
        "submissions": _submissions(by),
        "head": HEAD,
        "recent": _recent(by, recent),
        "drafts": drafts_table(by) if by.has(Right.CONTRIBUTE) else {},
        "may_contribute": can(check_has, by, Right.CONTRIBUTE),
        "may_submit": can(check_has, by, Right.GRADE),
        "may_compare": by.has(Right.COMPARE),
    }
    return render(request, "scoring/my_work.html", context)


def _transfers(by: Viewer) -> list[Cell]:
    """Return how many transfers wait, into and out of the reader's organisation."""
    if not by.has(Right.CONTRIBUTE):
        return []
    url = reverse("groups:transfers")
    return [
        waiting.tile(
            f"transfers.{way}",
            label,
            waiting_for(by, way).count(),
            note,
            f"{url}?way={way}",
        )
        for way, (label, note) in WAYS.items()
    ]


def _sharing(by: Viewer) -> list[Cell]:
    """Return how many wait for the reader to share a record, or to show one."""
    if not by.has(Right.APPROVE):
        return []
    return [
        waiting.tile(
            "sharing",
            "Sharing to decide",
            to_decide(by),
            "proposed by colleagues",
            reverse("intelligence:sharing_waiting"),
        ),
        waiting.tile(
            "sight",
            "Requests to see a record",
            sight.waiting_for(by).count(),
            "from those who may not",
            reverse("intelligence:sight_to_decide"),
        ),
    ]


def _exports(by: Viewer) -> list[Cell]:
    """Return how many long lists of colleagues wait for the reader."""
    count = large_exports.waiting_for(by).count() if by.has(Right.EXPORT) else 0
    if not count:
        return []
    url = reverse("scoring:exports")
    return [waiting.tile("exports", "Long lists to let out", count, "", url)]


def _disposals(by: Viewer) -> list[Cell]:
    """Return how many disposals wait for the reader to decide."""
    count = disposal.to_decide(by)
    if not count:
        return []
    url = reverse("intelligence:disposals")
    return [waiting.tile("disposals", "Disposals to decide", count, "", url)]


def _corrections(by: Viewer) -> list[Cell]:
    """Return how many notices of correction the reader has to read, and to post."""
    told = (
        ("corrections", "Corrections to read", corrections.to_read(by), "corrections"),
        ("posting", "Corrections to post", corrections.to_post(by), "corrections_sent"),
    )
    return [
        waiting.tile(key, label, count, "", reverse(f"intelligence:{page}"))
        for key, label, count, page in told
        if count
    ]


def _picture(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return what of the picture needs a person, over the reader's own place."""
    figures = picture.read(by, place)
    tiles = [
        waiting.tile(
            "overdue",
            "Reviews overdue",
            figures.overdue,
            "",
            groups_url(place.key, overdue="true"),
        ),
        waiting.tile(
            "awaiting_confirmation",
            "Awaiting confirmation",
            figures.awaiting_confirmation,
            "",
            groups_url(place.key, awaiting="true"),
        ),
        waiting.tile(
            "unjudged",
            "Not fully judged",
            figures.unjudged,
            "levels that rest on reports alone",
            groups_url(place.key, unjudged="true"),
        ),
    ]
    if place.kind is not ScopeKind.NATIONAL:
        tiles.append(waiting.newer_evidence(by, place))
    return tiles


def _submissions(by: Viewer) -> list[Cell]:
    mine = receipts_for(by).filter(report__created_by_id=by.user_id)
    counts = mine.aggregate(
        queued=Count("id", filter=Q(state=ReceiptState.QUEUED)),
        set_aside=Count("id", filter=Q(state=ReceiptState.SET_ASIDE)),
        awaiting=Count("id", filter=Q(state=ReceiptState.AWAITING)),
        returned=Count("id", filter=Q(state=ReceiptState.RETURNED)),
    )
    url = reverse("scoring:receipts")
    told = {
        "queued": ("My submissions queued", "wait to be scored"),
        "set_aside": ("Set aside", "could not be scored; being looked at"),
        "awaiting": ("Awaiting assurance", "count in no score yet"),
        "returned": ("Returned to me", "to be corrected"),
    }
    return [
        waiting.tile(
            f"submissions.{state}",
            label,
            counts[state],
            note,
            f"{url}?state={state}&mine=true",
        )
        for state, (label, note) in told.items()
        if counts[state] or state == ReceiptState.QUEUED
    ]


def _recent(by: Viewer, reports: Iterable[Report]) -> list[list[Cell]]:
    """Return the reader's newest reports, each with how it stands. One query."""
    states: dict[int, set[str]] = {}
    rows: Any = Receipt.objects.visible_to(by).filter(report__in=reports)
    for report_id, state in rows.values_list("report_id", "state"):
        states.setdefault(report_id, set()).add(state)
    return [
        [
            {
                "text": report.reference,
                "url": reverse("scoring:receipt", args=[report.public_id]),
                "nowrap": True,
            },
            {"time": report.created_at},
            _standing(states.get(report.pk) or _unassured(report)),
        ]
        for report in reports
    ]


def _unassured(report: Report) -> set[str]:
    """Return how a report that touches no group stands, where assurance says it."""
    return {report.state} & set(NOT_COUNTED)


def _standing(states: set[str]) -> Cell:
    for state in SLOWEST:
        if state in states:
            return {"tag": {"text": str(state.label), "colour": COLOURS[state]}}
    return {"text": "No group affected"}
