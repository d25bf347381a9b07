"""The pages of assurance: what waits, one decision, and where it is required."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.gate import asker
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.views import body_rules
from groups.views.body_rules import RuleBook
from intelligence.actions import assurance
from intelligence.filters import reports_to_assure
from intelligence.forms.assurance import AssureForm
from intelligence.models import AssuranceRule, Report, ReportOriginal
from intelligence.models.report import ReportState
from intelligence.permissions import (
    check_can_assure,
    check_can_read_originals,
)
from intelligence.views import cells
from intelligence.views.reading import claims_of, found_or_404
from ocgmap.common import queues
from ocgmap.common.errors import AppError
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters

PAGE_SIZE = 25
LONGEST_WAIT_FIRST = Order("id")
QUEUE_HEAD = [
    {"text": "Report"},
    {"text": "Waiting for", "numeric": True},
    {"text": "Owner"},
    {"text": "Grade"},
    {"text": "What it says"},
]
RULES = RuleBook(
    model=AssuranceRule,
    title="Where reports are assured",
    meaning="Where assurance is required, someone other than its submitter checks text "
    "and grade of a report before it counts. A body without a rule wants no assurance.",
    column="Assured before it counts",
    none="No rule was ever set: every report counts as soon as it is submitted.",
    question="Are reports assured before they count?",
    hints={
        "true": "A report counts in no score until an assurer has passed it.",
        "false": "A report counts as soon as it is submitted. Those that wait already "
        "go on waiting.",
    },
    list_url="intelligence:assurance_rules",
    new_url="intelligence:new_assurance_rule",
)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the reports that wait for an assurer of here, the longest wait first."""
    by = asker(request)
    check_has(by, Right.ASSURE)
    check_parameters(request.GET, {"cursor"})
    rows = reports_to_assure(by).select_related("owner")
    page = page_of(
        rows, LONGEST_WAIT_FIRST, size=PAGE_SIZE, cursor=request.GET.get("cursor", "")
    )
    audit.consulted("intelligence.Report", [report.pk for report in page.rows])
    context = {
        "count": rows.count(),
        "head": QUEUE_HEAD,
        "rows": [_waiting(report, by) for report in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/assurance_queue.html", context)


def _waiting(report: Report, by: Viewer) -> list[cells.Cell]:
    """Return one waiting report as a row; its own submitter cannot open the form."""
    named: cells.Cell = cells.report_cell(report)
    if report.created_by_id == by.user_id:
        said = f"{cells.excerpt(report)} (You submitted it: someone else assures it.)"
    else:
        named["url"] = reverse("intelligence:assure", args=[report.public_id])
        said = cells.excerpt(report)
    return [
        named,
        {"text": cells.age_text(report), "nowrap": True, "numeric": True},
        {"text": report.owner.short_name},
        {"text": cells.grade_code(report)},
        {"text": said},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def assure(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the sanitised text beside the original, and take the decision."""
    by = asker(request)
    check_has(by, Right.ASSURE)
    rows = Report.objects.visible_to(by).select_related("owner", "access_class")
    report: Report = found_or_404(rows, public_id)
    check_can_assure(by, report)
    if request.method != "POST" and report.state != ReportState.AWAITING:
        return redirect("intelligence:report", report.public_id)
    form = AssureForm(request.POST or None, initial=_initial(report))
    if form.is_valid():
        try:
            made = assurance.decide(by=by, report=report, **form.cleaned_data)
        except AppError as error:
            form.add_app_error(error)
        else:
            queues.hint("scoring.drain")
            done = made.get_outcome_display().lower()
            messages.success(request, f"Report {report.reference}: {done}.")
            return redirect("intelligence:assurance_queue")
    return _decision_page(request, form, report, by)


def _initial(report: Report) -> dict[str, Any]:
    return {
        "version": report.version,
        "source_grade": report.source_grade,
        "assessment_grade": report.assessment_grade,
    }


def _decision_page(
    request: HttpRequest, form: AssureForm, report: Report, by: Viewer
) -> HttpResponse:
    original = _original(report, by)
    audit.consulted("intelligence.Report", [report.pk])
    if original is not None:
        audit.consulted("intelligence.ReportOriginal", [original.pk])
    context = {
        "form": form,
        "report": report,
        "age": cells.age_text(report),
        "original": original,
        "grade_rows": cells.grade_rows(report),
        "claims_head": cells.CLAIMS_HEAD_OF_REPORT,
        "claims": claims_of(by, [report.pk]),
    }
    return render(request, "intelligence/assure.html", context)


def _original(report: Report, by: Viewer) -> ReportOriginal | None:
    """Return the text as it came, to those who have the right and the label."""
    if not can(check_can_read_originals, by):
        return None
    return ReportOriginal.objects.visible_to(by).filter(report=report).first()


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show where reports are assured, and every change of that, the newest first."""
    return body_rules.rules(request, RULES)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Say whether reports of the reader's region are assured, from a day on."""
    return body_rules.new_rule(request, RULES)
