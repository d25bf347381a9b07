"""Receipts: is what was submitted in the picture yet?

An account asks after its own organisation's submissions; never after those of others.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.visibility import Viewer
from intelligence.models import Assurance, Report
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from scoring.api.receipts import own_reports, receipts_for
from scoring.forms import ReceiptListForm
from scoring.models import Receipt
from scoring.models.outbox import NOT_COUNTED, ReceiptState
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell

PAGE_SIZE = 50
NEWEST = Order("submitted_at", descending=True)
COLOURS = {
    ReceiptState.QUEUED: "yellow",
    ReceiptState.INCLUDED: "green",
    ReceiptState.SET_ASIDE: "red",
    ReceiptState.AWAITING: "yellow",
    ReceiptState.RETURNED: "orange",
}
HEAD: list[Cell] = [
    {"text": "Report"},
    {"text": "Group"},
    {"text": "Submitted"},
    {"text": "State"},
    {"text": "Included"},
]


@require_safe
def receipt_list(request: HttpRequest) -> HttpResponse:
    """Show what became of the reader's submissions, the newest first."""
    by = reader(request)
    check_parameters(request.GET, {*ReceiptListForm.base_fields, "cursor"})
    form = ReceiptListForm(request.GET)
    if not form.is_valid():
        return render(request, "scoring/receipt_list.html", {"form": form}, status=400)
    rows = receipts_for(by)
    if form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    if form.cleaned_data["mine"]:
        rows = rows.filter(report__created_by_id=by.user_id)
    page = page_of(rows, NEWEST, size=PAGE_SIZE, cursor=request.GET.get("cursor", ""))
    audit.consulted("intelligence.Report", [row.report_id for row in page.rows])
    audit.consulted("groups.CrimeGroup", [row.group_id for row in page.rows])
    context = {
        "form": form,
        "count": rows.count(),
        "head": HEAD,
        "rows": [row_of(row) for row in page.rows],
        "next_url": _url(request, page.next),
        "previous_url": _url(request, page.previous),
    }
    return render(request, "scoring/receipt_list.html", context)


def row_of(row: Receipt) -> list[Cell]:
    """Return one receipt as a row of a table."""
    state = ReceiptState(row.state)
    return [
        {
            "text": row.report.reference,
            "url": reverse("scoring:receipt", args=[row.report.public_id]),
            "nowrap": True,
        },
        {
            "text": row.group.reference,
            "url": reverse("groups:detail", args=[row.group.public_id]),
            "nowrap": True,
        },
        {"time": row.submitted_at},
        {"tag": {"text": str(state.label), "colour": COLOURS[state]}},
        {"time": row.included_at} if row.included_at else {"text": "–"},
    ]


@require_safe
def receipt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what became of one report, group by group, until it is final."""
    by = reader(request)
    report = _own_report(by, public_id)
    found = _receipts(by, report)
    audit.consulted("intelligence.Report", [report.pk])
    audit.consulted("groups.CrimeGroup", [row.group_id for row in found])
    context = {"report": report, **_shown(by, report, found)}
    return render(request, "scoring/receipt.html", context)


@require_safe
def fragment(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the receipts alone, for a page that asks while one of them is queued."""
    by = reader(request)
    report = _own_report(by, public_id)
    found = _receipts(by, report)
    audit.consulted("intelligence.Report", [report.pk])
    audit.consulted("groups.CrimeGroup", [row.group_id for row in found])
    return render(request, "scoring/_receipts.html", _shown(by, report, found))


def _own_report(by: Viewer, public_id: uuid.UUID) -> Report:
    """Return a report of the reader's own.

    Raises:
        NotFound: it is absent, hidden or another's; the answer is the same.
    """
    report = own_reports(by).filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    return report


def _receipts(by: Viewer, report: Report) -> list[Receipt]:
    return list(receipts_for(by).filter(report=report).order_by("id"))


def _shown(by: Viewer, report: Report, found: list[Receipt]) -> dict[str, Any]:
    """Return what the receipts' template takes; it asks again while one is queued."""
    is_waiting = any(row.state == ReceiptState.QUEUED for row in found)
    url = reverse("scoring:receipt_fragment", args=[report.public_id])
    # Time counts from the moment at which the report was allowed to count.
    assured = Assurance.objects.visible_to(by).filter(report=report).exists()
    shown = [{**_component(row), "is_assured": assured} for row in found]
    return {
        "receipts": shown or [_of_no_group(report)],
        "poll_url": url if is_waiting else "",
    }


def _of_no_group(report: Report) -> dict[str, Any]:
    state = report.state if report.state in NOT_COUNTED else "none"
    return {"id": report.public_id, "state": state, "about": report.reference}


def _component(row: Receipt) -> dict[str, Any]:
    """Return one receipt as its component takes it; ages are of this receipt alone."""
    shown: dict[str, Any] = {
        "id": row.group.public_id,
        "state": row.state,
        "about": f"{row.group.name} ({row.group.reference})",
        "url": reverse("groups:detail", args=[row.group.public_id]),
    }
    if row.included_at:
        took = row.included_at - row.submitted_at
        shown["time"] = row.included_at
        shown["milliseconds"] = max(0, round(took.total_seconds() * 1000))
    else:
        waited = timezone.now() - row.submitted_at
        shown["age_seconds"] = max(0, round(waited.total_seconds()))
    return shown


def _url(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
