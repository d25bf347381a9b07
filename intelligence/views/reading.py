"""The pages that show reports: the list, one report, its original, a group's."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.gate import asker
from accounts.models.audit_event import AuditKind
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.search import keep_term, term_of
from groups.views.lists import Listed, columns_of, listed
from groups.views.reading import audience_of
from groups.views.saved import choices
from intelligence.filters import ReportFilterSet
from intelligence.models import (
    Assurance,
    Attribute,
    AttributeClaim,
    Mention,
    Report,
    ReportOriginal,
)
from intelligence.models.report import STANDING, ReportState
from intelligence.permissions import (
    check_can_assure,
    check_can_change,
    check_can_read_originals,
    check_can_submit,
)
from intelligence.views import cells
from ocgmap.common.columns import PARAMETER
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order
from ocgmap.common.ranking import counted

NEWEST_FIRST = Order("received_on", descending=True)
SEARCH_MAX_LENGTH = 200


def found_or_404(rows: QuerySet[Any], public_id: object) -> Any:
    """Return the row with this id among ``rows``.

    Raises:
        NotFound: it is absent or hidden; the answer is the same.
    """
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the visible reports that the address asks for, newest first."""
    by = asker(request)
    check_has(by, Right.VIEW)
    shown = listed(
        request,
        ReportFilterSet,
        Report.objects.visible_to(by).select_related("owner"),
        NEWEST_FIRST,
        hidden=("group", "nominal", "q"),
        also=(PARAMETER,),
    )
    context = _context_of(shown, by)
    term = (
        term_of(by, request.GET["q"]) if shown.form.is_valid() and _q(request) else None
    )
    columns = columns_of(request, "reports", cells.COLUMNS)
    context |= {
        "count": counted(shown.rows, "report", "reports"),
        "head": columns.of(context["head"]),
        "rows": [columns.of(row) for row in context["rows"]],
        "saved": choices(by, "reports", request.GET),
        "columns": columns,
        "query": request.GET.urlencode(),
        "search": term.text if term else "",
        "may_submit": can(check_has, by, Right.GRADE),
    }
    return render(
        request, "intelligence/report_list.html", context, status=shown.status
    )


def _q(request: HttpRequest) -> str:
    return request.GET.get("q", "")


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep what is looked for under an opaque id, and show what it finds."""
    by = asker(request)
    check_has(by, Right.VIEW)
    text = request.POST.get("q", "").strip()
    address = reverse("intelligence:reports")
    if not text:
        return redirect(address)
    if len(text) > SEARCH_MAX_LENGTH:
        messages.error(
            request,
            f"A search must be {SEARCH_MAX_LENGTH} characters or fewer. Shorten it.",
        )
        return redirect(address)
    term = keep_term(by, text)
    audit.record(
        AuditKind.CONSULTATION, "accounts.SearchTerm", [], detail={"term": str(term.pk)}
    )
    return redirect(f"{address}?q={term.pk}")


@require_safe
def for_group(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the reports on one group, and what they claim of it."""
    by = asker(request)
    check_has(by, Right.VIEW)
    groups = CrimeGroup.objects.visible_to(by).select_related("access_class", "owner")
    group: CrimeGroup = found_or_404(groups, public_id)
    rows = Report.objects.visible_to(by).about([group.pk], by).select_related("owner")
    shown = listed(
        request, ReportFilterSet, rows, NEWEST_FIRST, hidden=("group", "nominal", "q")
    )
    audit.consulted("groups.CrimeGroup", [group.pk])
    context = _context_of(shown, by)
    context |= {
        "group": group,
        "claims_head": cells.CLAIMS_HEAD_OF_GROUP,
        "claims": claims_of(by, [row.pk for row in shown.page.rows], group),
        "may_submit": can(check_has, by, Right.GRADE),
    }
    return render(request, "intelligence/for_group.html", context, status=shown.status)


def _context_of(shown: Listed, by: Viewer) -> dict[str, Any]:
    """Return the list as its template shows it, and record that it was shown."""
    reports = shown.page.rows
    audit.consulted("intelligence.Report", [report.pk for report in reports])
    groups = _groups_of(by, [report.pk for report in reports])
    return {
        "shown": shown,
        "form": shown.form,
        "head": cells.REPORT_HEAD,
        "rows": [cells.report_row(report, groups[report.pk]) for report in reports],
    }


def _groups_of(by: Viewer, ids: Iterable[int]) -> dict[int, list[CrimeGroup]]:
    """Return the visible groups that each of these reports mentions. One query."""
    rows = (
        Mention.objects.visible_to(by)
        .filter(report_id__in=ids, group__isnull=False)
        .select_related("group")
        .order_by("pk")
    )
    found: dict[int, list[CrimeGroup]] = defaultdict(list)
    for row in rows:
        found[row.report_id].append(cast("CrimeGroup", row.group))
    return found


def claims_of(
    by: Viewer, reports: Iterable[int], group: CrimeGroup | None = None
) -> list[list[cells.Cell]]:
    """Return what these reports claim (of one group, if given) as rows. Two queries."""
    rows = AttributeClaim.objects.visible_to(by).filter(report_id__in=reports)
    if group is not None:
        rows = rows.filter(group__in=CrimeGroup.objects.visible_to(by).whole(group.pk))
    titles = dict(Attribute.objects.values_list("key", "title"))
    return [
        [
            {"text": titles[claim.attribute]},
            {"text": claim.get_level_display()},
            cells.report_cell(claim.report) if group else cells.group_cell(claim.group),
        ]
        for claim in rows.select_related("group", "report").order_by("attribute", "pk")
    ]


@require_safe
def report_page(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show one report: text, grade in full, what it mentions and claims."""
    by = asker(request)
    check_has(by, Right.VIEW)
    rows = Report.objects.visible_to(by).select_related("owner", "access_class")
    report: Report = found_or_404(rows, public_id)
    audit.consulted("intelligence.Report", [report.pk])
    mentions = list(
        Mention.objects.visible_to(by)
        .filter(report=report)
        .select_related("group", "nominal")
        .order_by("pk")
    )
    groups = [one.group for one in mentions if one.group is not None]
    if groups:
        audit.consulted("groups.CrimeGroup", [group.pk for group in groups])
    people = [one.nominal for one in mentions if one.nominal is not None]
    if people:
        audit.consulted("groups.Nominal", [person.pk for person in people])
    context = {
        "report": report,
        "state": cells.state_tag(report),
        "facts": _facts(report, by),
        "grade_rows": cells.grade_rows(report),
        "is_usable": report.is_usable,
        "groups": groups,
        "people": people,
        "others": len([one for one in mentions if not (one.group or one.nominal)]),
        "claims_head": cells.CLAIMS_HEAD_OF_REPORT,
        "claims": claims_of(by, [report.pk]),
        "has_original": _may_open_original(report, by),
        "assurances": _assurances_of(by, report),
        "is_awaiting": report.state == ReportState.AWAITING,
        "is_returned": report.state == ReportState.RETURNED,
        "may_assure": report.state == ReportState.AWAITING
        and can(check_can_assure, by, report),
        "may_change": report.state in STANDING and can(check_can_change, by, report),
        "may_supersede": report.state in STANDING
        and can(check_can_change, by, report)
        and can(check_can_submit, by, report.owner),
    }
    return render(request, "intelligence/report_page.html", context)


def _assurances_of(by: Viewer, report: Report) -> list[dict[str, Any]]:
    """Return what assurers decided on a report, for a summary. One query."""
    rows = Assurance.objects.visible_to(by).filter(report=report)
    return [
        {"key": one.get_outcome_display(), "value": {"lines": cells.decision(one)}}
        for one in rows.select_related("created_by").order_by("id")
    ]


def _may_open_original(report: Report, by: Viewer) -> bool:
    originals = ReportOriginal.objects.visible_to(by).filter(report=report)
    return can(check_can_read_originals, by) and originals.exists()


def _facts(report: Report, by: Viewer) -> list[dict[str, Any]]:
    """Return what is known about the report itself, for a summary."""
    rows: list[tuple[str, cells.Cell]] = [
        ("Owner", {"text": report.owner.name}),
        ("Received", {"text": date_text(report.received_on)}),
        ("When it happened", {"text": cells.event_text(report)}),
        ("Submitted", {"time": report.created_at}),
        ("Who may see it", {"lines": audience_of(report)}),
    ]
    if report.owner_reference:
        rows.append(("Owner's reference", {"text": report.owner_reference}))
    visible = Report.objects.visible_to(by)
    former = visible.filter(superseded_by=report).first()
    later = visible.filter(supersedes=report).first()
    for key, other in (("In the place of", former), ("Superseded by", later)):
        if other is not None:
            url = reverse("intelligence:report", args=[other.public_id])
            rows.append((key, {"text": other.reference, "url": url}))
    if report.state_reason:
        rows.append(("Reason", {"text": report.state_reason}))
    sharing = reverse("intelligence:sharing", args=["reports", report.public_id])
    why = {"Who may see it": [{"text": "Why I see it", "url": sharing}]}
    return [
        {"key": key, "value": value, "actions": why.get(key, [])} for key, value in rows
    ]


@require_safe
def original(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the text as it came, to those who have the right and the label."""
    by = asker(request)
    check_can_read_originals(by)
    report: Report = found_or_404(Report.objects.visible_to(by), public_id)
    text = ReportOriginal.objects.visible_to(by).filter(report=report).first()
    if text is None:
        raise NotFound
    audit.consulted("intelligence.Report", [report.pk])
    audit.consulted("intelligence.ReportOriginal", [text.pk])
    context = {"report": report, "original": text}
    return render(request, "intelligence/original.html", context)
