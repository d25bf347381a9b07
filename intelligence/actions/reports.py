"""Submit, withdraw and supersede reports."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.actions import labels
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer, dominates, join
from groups.actions.groups import check_sharing_reason
from groups.actions.records import because
from groups.models import CrimeGroup, Nominal
from intelligence.actions import assurance, attempts, checks, grades, mentions
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.exceptions import Refused
from intelligence.models import Report, ReportOriginal, Return
from intelligence.models.report import STANDING, ReportState
from intelligence.permissions import check_can_change, check_can_submit
from ocgmap.common.errors import (
    Conflict,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from ocgmap.common.once import inserted

__all__ = ["ClaimDraft", "ReportDraft", "check", "submit", "supersede", "withdraw"]


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A draft that breaks no rule, in the shape in which it is written."""

    draft: ReportDraft
    text: str
    original: str
    received_on: date
    owner_reference: str
    graded: grades.Graded
    groups: list[CrimeGroup]
    nominals: list[Nominal]
    claims: list[ClaimDraft]
    returned_in: Return | None
    class_id: int
    sharing_reason: str


def submit(
    *, by: Viewer, draft: ReportDraft, idempotency_key: str = "", credential: str = ""
) -> tuple[Report, bool]:
    """Write the report with its original, mentions and claims; say whether it is new.

    The same key of the same credential (the user if none is named) with the same body
    returns the report made before, so that a retry never doubles intelligence.

    Raises:
        AppError: a rule is broken; the error names the field.
        OwnAccountNeeded: it would await assurance, and people work through the token.
        Unprocessable: the key was used for another body.
        PermissionDenied: ``by`` may not submit for this owner.
    """
    check_can_submit(by, draft.owner)
    attempt = attempts.attempt(draft, idempotency_key, credential, by)
    with transaction.atomic():
        former = attempts.submitted_before(attempt, by)
        if former is not None:
            return former, False
        accepted = _accept(draft, by)
        report = _insert(accepted, attempt, by)
        if report is None:  # the same key came twice at once, and the other was first
            return attempts.winner(attempt, by), False
        _write_parts(report, accepted, by)
        return report, True


def check(*, by: Viewer, draft: ReportDraft) -> None:
    """Return when `submit` would take this report now; no report is written.

    Raises:
        AppError: a rule is broken; the error names the field.
        PermissionDenied: ``by`` may not submit for this owner.
    """
    check_can_submit(by, draft.owner)
    _accept(draft, by)


def withdraw(*, by: Viewer, report: Report, version: int, reason: str) -> Report:
    """Mark the report as withdrawn: it stays readable and counts no more.

    Raises:
        StaleVersion: someone changed the report since ``version``.
        InvalidTransition: it was withdrawn or superseded before.
    """
    check_can_change(by, report)
    why = checks.reason(reason, verb="withdrawn")
    with because(why), transaction.atomic():
        _leave(report, version, ReportState.WITHDRAWN, why, by)
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.Report",
            [report.pk],
            reason=why,
            detail={"state": ReportState.WITHDRAWN},
        )
    return Report.objects.visible_to(by).get(pk=report.pk)


def supersede(
    *,
    by: Viewer,
    report: Report,
    draft: ReportDraft,
    reason: str,
    version: int | None = None,
    idempotency_key: str = "",
    credential: str = "",
) -> Report:
    """Put a new report in the place of ``report``, which then counts no more.

    ``version`` is that of the report in hand if None. A repeated key returns the
    report made before.

    Raises:
        StaleVersion: someone changed the report since ``version``.
        InvalidTransition: it was withdrawn or superseded before.
        AppError: the new report breaks a rule.
    """
    check_can_submit(by, draft.owner)
    check_can_change(by, report)
    if draft.owner.pk != report.owner_id:
        raise Refused(
            "owner",
            "A report is superseded by one of the same organisation.",
            f"Submit it for {report.owner.short_name}.",
        )
    why = checks.reason(reason, verb="superseded")
    attempt = attempts.attempt(draft, idempotency_key, credential, by)
    with because(why), transaction.atomic():
        former = attempts.submitted_before(attempt, by)
        if former is not None:
            return former
        wanted = report.version if version is None else version
        try:
            _leave(report, wanted, ReportState.SUPERSEDED, why, by)
        except InvalidTransition:
            # The same form came twice at once, and the other was first.
            former = attempts.submitted_before(attempt, by)
            if former is None:
                raise
            return former
        accepted = _accept(draft, by)
        new = _insert(accepted, attempt, by, supersedes=report)
        if new is None:
            raise Conflict("This form is being sent a second time. Open the report.")
        _write_parts(new, accepted, by)
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.Report",
            [report.pk],
            reason=why,
            detail={"state": ReportState.SUPERSEDED, "superseded_by": new.pk},
        )
    return new


def _accept(draft: ReportDraft, by: Viewer) -> _Accepted:
    """Return the draft in the shape to write, or raise for the first broken rule."""
    graded = grades.graded(draft)
    grades.check_sharing(draft, graded)
    claims = mentions.check_claims(draft)
    claimed = mentions.seen(
        CrimeGroup, [claim.group for claim in claims], by=by, field="claims"
    )
    named = mentions.seen(CrimeGroup, draft.groups, by=by, field="groups")
    mentions.check_stand(claimed, by=by, field="claims")
    mentions.check_stand(named, by=by, field="groups")
    return _Accepted(
        draft=draft,
        text=checks.sanitised_text(draft),
        original=checks.original_text(draft),
        received_on=checks.dates(draft),
        owner_reference=checks.owner_reference(draft, by=by),
        graded=graded,
        groups=list({group.pk: group for group in [*named, *claimed]}.values()),
        nominals=mentions.check_unrestricted_people(
            mentions.seen(Nominal, draft.nominals, by=by, field="nominals")
        ),
        claims=claims,
        returned_in=checks.returned_in(draft, by=by),
        class_id=labels.class_for(
            owner=draft.owner,
            sharing=draft.sharing,
            compartments=draft.compartments,
            by=by,
        ),
        sharing_reason=check_sharing_reason(draft.sharing, draft.sharing_reason),
    )


def _insert(
    accepted: _Accepted,
    attempt: attempts.Attempt,
    by: Viewer,
    *,
    supersedes: Report | None = None,
) -> Report | None:
    """Insert the report's row; None when its key was used at the same time."""
    draft, graded = accepted.draft, accepted.graded
    report = Report(
        owner=draft.owner,
        access_class_id=accepted.class_id,
        owner_reference=accepted.owner_reference,
        returned_in=accepted.returned_in,
        text=accepted.text,
        event_from=draft.event_from,
        event_to=draft.event_to,
        event_precision=draft.event_precision,
        received_on=accepted.received_on,
        source_grade=graded.grade.source.value,
        assessment_grade=graded.grade.assessment.value,
        handling=graded.grade.handling.value,
        handling_condition=graded.condition.as_json() if graded.condition else None,
        legacy_grade=graded.legacy,
        converted_by_id=by.user_id if graded.legacy else None,
        state=assurance.first_state(by, draft.owner),
        supersedes=supersedes,
        idempotency_key=attempt.key,
        idempotency_credential=attempt.credential,
        body_digest=attempt.digest,
    )
    return report if inserted(report, attempts.ONCE) else None


def _write_parts(report: Report, accepted: _Accepted, by: Viewer) -> None:
    """Write the original, mentions and claims of a new report, and the audit row."""
    if accepted.original:
        _seal_original(report, accepted, by)
    mentions.write(report, accepted.groups, accepted.nominals)
    mentions.write_claims(report, accepted.claims, accepted.groups)
    audit.record(
        AuditKind.COLLECTION,
        "intelligence.Report",
        [report.pk],
        reason=accepted.sharing_reason,
        detail={
            "grade": accepted.graded.grade.code,
            "legacy_grade": accepted.graded.legacy,
            "sharing": accepted.draft.sharing,
            "groups": [group.pk for group in accepted.groups],
            "nominals": [nominal.pk for nominal in accepted.nominals],
            "claims": len(accepted.claims),
            "original": bool(accepted.original),
        },
    )


def _seal_original(report: Report, accepted: _Accepted, by: Viewer) -> None:
    """Write the original under the report's label and the owner's own tag.

    Raises:
        Refused: ``by`` does not hold that tag, so could not read it back.
    """
    owners_only = [
        option.label
        for option in labels.options_for(accepted.draft.owner)
        if option.code == TagKind.ORGANISATION
    ]
    own = labels.labels_of([report.access_class_id])[report.access_class_id]
    label = join([own, *owners_only])
    if not owners_only or not dominates(by, label):
        raise Refused(
            "original_text",
            f"Only people of {accepted.draft.owner.short_name} can hand in an original "
            "text: it is kept for that organisation alone.",
            "Leave it out; the organisation can add it with a report of its own.",
        )
    ReportOriginal.objects.create(
        report=report,
        owner=accepted.draft.owner,
        access_class_id=labels.intern(label),
        text=accepted.original,
        sha256=hashlib.sha256(accepted.original.encode()).hexdigest(),
    )


def _leave(
    report: Report, version: int, state: ReportState, reason: str, by: Viewer
) -> None:
    """Take back a report that stands, or raise and write nothing."""
    rows = Report.objects.visible_to(by).filter(pk=report.pk)
    moved = (
        rows.standing().filter(version=version).update(state=state, state_reason=reason)
    )
    if moved:
        return
    now = rows.first()
    if now is None:
        raise NotFound
    if now.state not in STANDING:
        raise InvalidTransition(
            f"Report {now.reference} was {now.get_state_display().lower()} before. "
            "Nothing was changed."
        )
    raise StaleVersion(
        f"Someone changed report {now.reference} while you had it open. Nothing was "
        "changed. Open it again and look at the change."
    )
