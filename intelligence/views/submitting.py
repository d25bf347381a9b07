"""The form of a report: submit a new one, or one in the place of another.

What is typed of a new one is a draft until it is submitted.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import audit
from accounts.gate import asker
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.exceptions import DraftChanged
from groups.models import CrimeGroup, Nominal
from groups.models.entry_draft import DraftKind
from groups.search import groups_matching, people_matching
from groups.views import drafting
from groups.views.draft_pages import draft_for
from groups.views.drafting import OnPage
from intelligence.actions import reports
from intelligence.actions.drafts import ReportDraft
from intelligence.forms import claims as claim_rows
from intelligence.forms.report import ReportForm
from intelligence.forms.states import ReasonForm
from intelligence.models import Attribute, Report
from intelligence.permissions import check_can_change
from intelligence.views.initial import initial_of
from intelligence.views.reading import found_or_404
from ocgmap.common import queues
from ocgmap.common.errors import AppError, NotFound, PermissionDenied, Unprocessable
from ocgmap.common.form_rows import BUTTON, unjudged, with_extra_row
from ocgmap.common.forms import error_links

MOST_FOUND = 10
DRAIN = "scoring.drain"


@dataclass(slots=True)
class Filled:
    """The page's forms, empty or filled in."""

    form: ReportForm
    claims: claim_rows.ClaimRows
    reason: ReasonForm | None = None

    @property
    def parts(self) -> list[Any]:
        """Return the forms in the order of the page."""
        return [part for part in (self.form, self.claims, self.reason) if part]

    def is_valid(self) -> bool:
        """Return whether all are right."""
        return all(part.is_valid() for part in self.parts)

    def draft(self, by: Viewer) -> ReportDraft | None:
        """Return the report as filled in; None where a claim misses its group."""
        claims = claim_rows.drafts(self.claims, self.form.cleaned_data["groups"], by)
        is_whole = all(row.is_valid() for row in self.claims.forms)
        return self.form.draft(claims) if is_whole else None


def _filled(data: Any, by: Viewer, *, report: Report | None = None) -> Filled:
    return Filled(
        form=ReportForm(data, by=by),
        claims=claim_rows.claim_formset(data),
        reason=ReasonForm(data) if report else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or submit what was filled in."""
    by = _submitter(request)
    if request.method != "POST":
        empty = Filled(
            form=ReportForm(by=by, initial=_preselected(request, by)),
            claims=claim_rows.claim_formset(),
        )
        return _page(request, empty)
    if BUTTON in request.POST:
        return _with_row(request, by)
    filled = _filled(request.POST, by)

    def submit(draft: ReportDraft, key: str) -> Report:
        with drafting.ending(by, DraftKind.REPORT, request.POST):
            return reports.submit(by=by, draft=draft, idempotency_key=key)[0]

    return _sent(request, filled, submit)


@require_safe
def opened(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the form as far as it was typed, judging nothing.

    Raises:
        NotFound: the draft is gone, or another's.
    """
    by = _submitter(request)
    draft = draft_for(by, DraftKind.REPORT, public_id)
    if draft is None:
        raise NotFound
    filled = _filled(draft.typed, by)
    unjudged(*filled.parts)
    return _page(request, filled, draft=drafting.opened(draft))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Save the draft, judging nothing, and show the same page again."""
    by = _submitter(request)
    try:
        draft = drafting.keep(by, DraftKind.REPORT, request.POST)
    except AppError as error:
        filled = _filled(request.POST, by)
        unjudged(*filled.parts)
        filled.form.add_error(None, drafting.told(error))
        return _page(request, filled, refusal=error)
    messages.success(request, drafting.kept(draft))
    return redirect(drafting.address_of(draft))


def _submitter(request: HttpRequest) -> Viewer:
    by = asker(request)
    check_has(by, Right.CONTRIBUTE)
    check_has(by, Right.GRADE)
    return by


@require_http_methods(["GET", "HEAD", "POST"])
def supersede(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the form filled with the report, or put what was filled in in its place."""
    by = _submitter(request)
    report = _changeable(by, public_id)
    if request.method != "POST":
        initial, rows = initial_of(report, by)
        filled = Filled(
            form=ReportForm(by=by, initial=initial),
            claims=claim_rows.claim_formset(initial=rows),
            reason=ReasonForm(initial={"version": report.version}),
        )
        return _page(request, filled, report)
    if BUTTON in request.POST:
        return _with_row(request, by, report)
    filled = _filled(request.POST, by, report=report)
    return _sent(
        request,
        filled,
        lambda draft, key: _replace(filled, draft, key, by, report),
        report,
    )


def _replace(
    filled: Filled, draft: ReportDraft, key: str, by: Viewer, report: Report
) -> Report:
    given = filled.reason.cleaned_data if filled.reason else {}
    return reports.supersede(
        by=by,
        report=report,
        draft=draft,
        reason=given.get("reason", ""),
        version=given.get("version"),
        idempotency_key=key,
    )


def _changeable(by: Viewer, public_id: object) -> Report:
    rows = Report.objects.visible_to(by).select_related("owner")
    report: Report = found_or_404(rows, public_id)
    check_can_change(by, report)
    audit.consulted("intelligence.Report", [report.pk])
    return report


def _preselected(request: HttpRequest, by: Viewer) -> dict[str, str]:
    """Return the group that the address names, for the form.

    Raises:
        NotFound: it is absent or hidden.
    """
    wanted = request.GET.get("group", "")
    if not wanted:
        return {}
    try:
        public_id = uuid.UUID(wanted)
    except ValueError as error:
        raise NotFound from error
    rows = CrimeGroup.objects.visible_to(by)
    return {"groups": found_or_404(rows, public_id).reference}


def _sent(
    request: HttpRequest,
    filled: Filled,
    step: Callable[[ReportDraft, str], Report],
    report: Report | None = None,
) -> HttpResponse:
    """Take the step and go to its receipt, or show the page again with what is wrong."""
    draft = filled.draft(filled.form.by) if filled.is_valid() else None
    refusal: AppError | None = None
    if draft is None:
        return _page(request, filled, report)
    try:
        made = step(draft, filled.form.cleaned_data["idempotency_key"])
    except Unprocessable:
        filled.form.renew_key()
        filled.form.add_error(
            None,
            "This form was sent before, with other words: that report stands. To "
            "correct it, open it and supersede it. To submit this one as well, send it "
            "again.",
        )
    except AppError as error:
        if isinstance(error, PermissionDenied):
            audit.refused(error.code)
        filled.form.add_app_error(error)
        refusal = error if isinstance(error, DraftChanged) else None
    else:
        queues.hint(DRAIN)
        messages.success(request, f"Report {made.reference} is submitted.")
        return redirect("scoring:receipt", made.public_id)
    return _page(request, filled, report, refusal=refusal)


def _with_row(
    request: HttpRequest, by: Viewer, report: Report | None = None
) -> HttpResponse:
    """Show the page again with one row more, judging nothing."""
    filled = _filled(with_extra_row(request.POST), by, report=report)
    unjudged(*filled.parts)
    return _page(request, filled, report)


@require_POST
def find(
    request: HttpRequest, what: str, public_id: object | None = None
) -> HttpResponse:
    """Show the page again with the groups or people that a name finds, to tick.

    What was looked for is posted, so it stands in no address.
    """
    by = _submitter(request)
    report = _changeable(by, public_id) if public_id else None
    filled = _filled(request.POST, by, report=report)
    unjudged(*filled.parts)
    text = request.POST.get(f"find_{what}", "").strip()[:200]
    found: dict[str, Any] = {"text": text, "rows": [], "what": what}
    if text and what == "groups":
        rows = list(groups_matching(by, text).select_related("owner")[:MOST_FOUND])
        audit.consulted("groups.CrimeGroup", [row.pk for row in rows])
        found["rows"] = [_found_group(row) for row in rows]
    elif text:
        people = list(people_matching(by, text).select_related("owner")[:MOST_FOUND])
        audit.consulted("groups.Nominal", [row.pk for row in people])
        found["rows"] = [_found_person(row) for row in people]
    return _page(request, filled, report, found=found)


def _found_group(group: CrimeGroup) -> dict[str, str]:
    return {
        "reference": group.reference,
        "text": f"{group.name} ({group.reference}, {group.owner.short_name})",
    }


def _found_person(person: Nominal) -> dict[str, str]:
    return {
        "reference": person.reference,
        "text": f"{person.display_name} ({person.reference}, {person.owner.short_name})",
    }


def _page(
    request: HttpRequest,
    filled: Filled,
    report: Report | None = None,
    *,
    found: dict[str, Any] | None = None,
    draft: OnPage | None = None,
    refusal: AppError | None = None,
) -> HttpResponse:
    if report is None:
        here = reverse("intelligence:new")
        draft = draft or drafting.shown_with(
            filled.form.by, DraftKind.REPORT, request.POST, refusal
        )
    else:
        here = reverse("intelligence:supersede", args=[report.public_id])
    context = {
        "form": filled.form,
        "claims": filled.claims,
        "reason": filled.reason,
        "report": report,
        "found": found or {},
        "find_groups_text": request.POST.get("find_groups", ""),
        "find_people_text": request.POST.get("find_people", ""),
        "action": here,
        "find_groups": f"{here}find/groups/",
        "find_people": f"{here}find/people/",
        "meanings": [f"{one.title}: {one.meaning}" for one in Attribute.objects.all()],
        "draft": draft,
        "dirty": filled.form.is_bound,
        # Rows of claims and the reason have errors of their own.
        "is_in_error": bool(error_links(*filled.parts)),
    }
    return render(request, "intelligence/report_form.html", context)
