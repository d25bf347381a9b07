"""The first page: what waits for the person who is signed in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.gate import asker
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.views.transfers import WAYS, waiting_for
from intelligence.models import Report
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.api.receipts import receipts_for
from scoring.filters import groups_url, groups_with_newer_evidence
from scoring.models import Receipt
from scoring.models.outbox import NOT_COUNTED, ReceiptState
from scoring.picture import PictureFilters, PictureScope, ScopeKind
from scoring.views.asking import account, own_scope
from scoring.views.figure_tables import Cell
from scoring.views.own_work import sections, tile
from scoring.views.receipts import COLOURS

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
        return render(request, "scoring/no_work.html")
    place = picture.parse_scope(own_scope(account(request)))
    recent = list(
        Report.objects.visible_to(by)
        .filter(created_by_id=by.user_id)
        .order_by("-id")[:RECENT]
    )
    audit.consulted("intelligence.Report", [report.pk for report in recent])
    context = {
        "place": place,
        "sections": sections(by, place),
        "records": _records(by, place),
        "picture": _picture(by, place),
        "submissions": _submissions(by),
        "head": HEAD,
        "recent": _recent(by, recent),
        "may_contribute": can(check_has, by, Right.CONTRIBUTE),
        "may_submit": can(check_has, by, Right.GRADE),
    }
    return render(request, "scoring/my_work.html", context)


def _records(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return how many records of the reader's place wait at each step. One query."""
    if not by.has(Right.CONTRIBUTE):
        return []
    asked = {
        "draft": ("Drafts", "not submitted yet"),
        "returned": ("Returned", "to be corrected by their owner"),
        "submitted": _moderation(by),
    }
    rows = CrimeGroup.objects.visible_to(by).filter(merged_into__isnull=True)
    owners = picture.owners_in(place, timezone.localdate())
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    counts = rows.aggregate(
        **{
            state: Count("id", filter=PictureFilters(state=state).of_groups())
            for state in asked
        }
    )
    return [
        *(
            tile(state, label, counts[state], note, groups_url(place.key, state=state))
            for state, (label, note) in asked.items()
        ),
        *_transfers(by),
    ]


def _transfers(by: Viewer) -> list[Cell]:
    """Return how many transfers wait, into and out of the reader's organisation."""
    url = reverse("groups:transfers")
    return [
        tile(
            f"transfers.{way}",
            label,
            waiting_for(by, way).count(),
            note,
            f"{url}?way={way}",
        )
        for way, (label, note) in WAYS.items()
    ]


def _moderation(by: Viewer) -> tuple[str, str]:
    if by.has(Right.MODERATE):
        return "To moderate", "submitted by the forces of the region"
    return "Submitted", "wait for moderation"


def _picture(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return what of the picture needs a person, over the reader's own place."""
    figures = picture.read(by, place)
    tiles = [
        tile(
            "overdue",
            "Reviews overdue",
            figures.overdue,
            "",
            groups_url(place.key, overdue="true"),
        ),
        tile(
            "awaiting_confirmation",
            "Awaiting confirmation",
            figures.awaiting_confirmation,
            "",
            groups_url(place.key, awaiting="true"),
        ),
        tile(
            "unjudged",
            "Not fully judged",
            figures.unjudged,
            "levels that rest on reports alone",
            groups_url(place.key, unjudged="true"),
        ),
    ]
    if place.kind is not ScopeKind.NATIONAL:
        newer = groups_with_newer_evidence(by)
        count = picture.lines(by, place).filter(group_id__in=newer).count()
        url = groups_url(place.key, newer="true")
        label, note = "New evidence since judged", "a later report speaks of it"
        tiles.append(tile("newer_evidence", label, count, note, url))
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
        tile(
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
