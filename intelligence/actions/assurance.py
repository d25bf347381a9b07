"""Assure reports before they count."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actions import body_rules
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_own_account
from accounts.visibility import Viewer
from groups.actions.records import because
from intelligence.actions import checks
from intelligence.exceptions import Refused
from intelligence.grading import parse_assessment, parse_source
from intelligence.models import Assurance, AssuranceRule, Report
from intelligence.models.assurance import Outcome
from intelligence.models.report import ReportState
from intelligence.permissions import check_can_assure
from ocgmap.common.errors import InvalidTransition, NotFound, StaleVersion

_LEADS_TO = {
    Outcome.PASSED: ReportState.SUBMITTED,
    Outcome.REGRADED: ReportState.SUBMITTED,
    Outcome.RETURNED: ReportState.RETURNED,
}
_VERBS = {
    Outcome.REGRADED: "passed with another grade",
    Outcome.RETURNED: "returned",
}


def first_state(by: Viewer, owner: Organisation) -> ReportState:
    """Return the state in which a report of ``owner`` begins that ``by`` submits today.

    Raises:
        OwnAccountNeeded: it awaits a second person, and people work through the token of
            ``by``.
    """
    if not body_rules.is_required(AssuranceRule, owner):
        return ReportState.SUBMITTED
    check_own_account(by)
    return ReportState.AWAITING


def decide(
    *,
    by: Viewer,
    report: Report,
    version: int,
    outcome: str,
    reason: str = "",
    source_grade: object = None,
    assessment_grade: object = None,
) -> Assurance:
    """Pass a report, pass it with another grade, or return it to its submitter.

    Passed, it counts from now on; returned, it counts only once its submitter has put a
    corrected one in its place and that one has passed. Handling is not regraded: it
    decides who may see the report, so it goes back to the submitter.

    Raises:
        PermissionDenied: not an assurer of the owner or its region, or the submitter.
        NotFound: the report is hidden.
        StaleVersion: someone changed the report since ``version``.
        InvalidTransition: it does not await assurance.
        Refused: the outcome, reason or grade cannot stand.
    """
    # Afresh: who submitted it, and its grade, are never taken from the caller.
    found = Report.objects.visible_to(by).select_related("owner").filter(pk=report.pk)
    fresh = found.first()
    if fresh is None:
        raise NotFound
    check_can_assure(by, fresh)
    decided = _outcome(outcome)
    why = _why(decided, reason)
    before = (fresh.source_grade, fresh.assessment_grade)
    after = _grade(decided, before, source_grade, assessment_grade)
    values = {
        "state": _LEADS_TO[decided],
        "state_reason": why if decided is Outcome.RETURNED else "",
        "source_grade": after[0],
        "assessment_grade": after[1],
    }
    with because(why), transaction.atomic():
        _move(fresh, version, values, by)
        made = Assurance.objects.create(
            report=fresh,
            owner_id=fresh.owner_id,
            access_class_id=fresh.access_class_id,
            outcome=decided,
            reason=why,
            source_before=before[0],
            assessment_before=before[1],
            source_after=after[0],
            assessment_after=after[1],
        )
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.Report",
            [fresh.pk],
            reason=why,
            detail={"assurance": decided, "before": before, "after": after},
        )
    return made


def _outcome(given: str) -> Outcome:
    if given not in set(Outcome):
        raise Refused(
            "outcome", "There is no such decision.", "Choose one from the list."
        )
    return Outcome(given)


def _why(outcome: Outcome, given: str) -> str:
    if outcome is Outcome.PASSED:
        return checks.text(given, field="reason", name="The reason", longest=2000)
    return checks.reason(given, verb=_VERBS[outcome])


def _grade(
    outcome: Outcome, before: tuple[int, str], source: object, assessment: object
) -> tuple[int, str]:
    """Return the grade that the report has afterwards.

    Raises:
        GradeError: a code is off its scale.
        Refused: a grade is missing, the old one, or not asked for.
    """
    if outcome is not Outcome.REGRADED:
        return before
    after = (
        int(parse_source(source).value),
        str(parse_assessment(assessment).value),
    )
    if after == before:
        raise Refused(
            "assessment_grade",
            f"The report has the grade {after[0]}{after[1]} already.",
            "Choose another grade, or pass the report as it is.",
        )
    return after


def _move(report: Report, version: int, values: Mapping[str, Any], by: Viewer) -> None:
    """Move a report out of its wait, or raise and write nothing."""
    rows = Report.objects.visible_to(by).filter(pk=report.pk)
    moved = rows.awaiting_assurance().filter(version=version).update(**values)
    if moved:
        return
    now = rows.first()
    if now is None:
        raise NotFound
    if now.state != ReportState.AWAITING:
        raise InvalidTransition(
            f"Report {now.reference} does not await assurance any more: it is "
            f"{now.get_state_display().lower()}. Nothing was changed."
        )
    raise StaleVersion(
        f"Someone changed report {now.reference} while you had it open. Nothing was "
        "changed. Open it again and look at the change."
    )
