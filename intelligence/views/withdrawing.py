"""The page that withdraws a report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.gate import asker
from accounts.permissions import check_has
from accounts.roles import Right
from intelligence.actions import reports
from intelligence.forms.states import ReasonForm
from intelligence.models import Report
from intelligence.permissions import check_can_change
from intelligence.views import cells
from intelligence.views.reading import found_or_404
from ocgmap.common import queues
from ocgmap.common.errors import AppError


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: object) -> HttpResponse:
    """Ask why, then withdraw the report; it stays readable and counts no more."""
    by = asker(request)
    check_has(by, Right.CONTRIBUTE)
    rows = Report.objects.visible_to(by).select_related("owner")
    report: Report = found_or_404(rows, public_id)
    check_can_change(by, report)
    form = ReasonForm(request.POST or None, initial={"version": report.version})
    if form.is_valid():
        try:
            reports.withdraw(by=by, report=report, **form.cleaned_data)
        except AppError as error:
            form.add_app_error(error)
        else:
            queues.hint("scoring.drain")
            messages.success(request, f"Report {report.reference} is withdrawn.")
            return redirect("intelligence:report", report.public_id)
    audit.consulted("intelligence.Report", [report.pk])
    context = {
        "form": form,
        "report": report,
        "grade": cells.grade_code(report),
        "excerpt": cells.excerpt(report),
    }
    return render(request, "intelligence/withdraw.html", context)
