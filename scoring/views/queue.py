"""Which submissions about the groups of a place wait to be included."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.models import Receipt
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell, counted

PAGE_SIZE = 50
OLDEST_FIRST = Order("submitted_at")
HEAD: list[Cell] = [{"text": "Report"}, {"text": "Group"}, {"text": "Submitted"}]


@require_safe
def queue(request: HttpRequest, scope: str) -> HttpResponse:
    """List the submissions that wait, the oldest first, of those that may be seen."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    place = picture.parse_scope(scope)
    rows = picture.queued(by, place, timezone.localdate())
    count = rows.count()
    page = page_of(
        rows.select_related("report", "group"),
        OLDEST_FIRST,
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    audit.consulted(
        "intelligence.Report", [row.report_id for row in page.rows], scope=place.key
    )
    audit.consulted("groups.CrimeGroup", [row.group_id for row in page.rows])
    dashboard = reverse("scoring:dashboard", args=[place.key])
    address = reverse("scoring:queue", args=[place.key])
    context: dict[str, Any] = {
        "place": place,
        "breadcrumbs": [{"text": place.name, "url": dashboard}, {"text": "Waiting"}],
        "count": count,
        "count_text": counted(count, "submission"),
        "dashboard_url": dashboard,
        "head": HEAD,
        "rows": [_row(row) for row in page.rows],
        "next_url": _url(address, page.next),
        "previous_url": _url(address, page.previous),
    }
    return render(request, "scoring/queue.html", context)


def _row(row: Receipt) -> list[Cell]:
    report = reverse("intelligence:report", args=[row.report.public_id])
    group = reverse("groups:detail", args=[row.group.public_id])
    return [
        {"text": row.report.reference, "url": report, "nowrap": True},
        {"text": row.group.reference, "url": group, "nowrap": True},
        {"time": row.submitted_at},
    ]


def _url(address: str, cursor: str) -> str:
    return f"{address}?{urlencode({'cursor': cursor})}" if cursor else ""
