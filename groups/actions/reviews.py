"""The review of a mapped group: who looked at it, what came of it, and when next."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, check_version, held, swap
from groups.actions.stepping import Situation, check_step
from groups.exceptions import InvalidRecord
from groups.guards import SAID_WITH_THE_STEP
from groups.models import CrimeGroup
from groups.models.crime_group import RecordState, ReviewOutcome
from groups.permissions import check_can_edit
from groups.transitions import REVIEW
from ocgmap.common.errors import InvalidTransition


def check_can_review(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may record a review of a mapped group. May query.

    Raises:
        NotFound, PermissionDenied: it is hidden, or for another person.
        StepNotOpen: it lacks what its region asks for.
    """
    check_can_edit(by, group)
    check_step(Situation(by, group), REVIEW, field="outcome", but=SAID_WITH_THE_STEP)


def record(
    *,
    by: Viewer,
    group: CrimeGroup,
    version: int,
    outcome: str,
    review_on: datetime.date,
    reason: str,
) -> CrimeGroup:
    """Note that a mapped group was looked at, what came of it, and when it is again.

    The next review takes the place of the one that was due. What the outcome asks for
    (another score, rest, archive) is a step of its own. Earlier reviews stand in the
    history with their reasons.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or review the group.
        InvalidTransition: it is not mapped, or lacks what its region asks for.
        InvalidRecord: the reason, the outcome or the day is missing or wrong.
        ReviewTooLate: the review policy wants it looked at sooner.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, group)
    with because(reason), transaction.atomic():
        now = held(by, group)
        check_version(now, version)
        check_step(Situation(by, now, reason, review_on), REVIEW, field="outcome")
        _check_mapped(now)
        if outcome not in ReviewOutcome.values:
            raise InvalidRecord(
                f"“{outcome}” is no outcome. Use one of: "
                f"{', '.join(ReviewOutcome.values)}.",
                field="outcome",
            )
        fresh = swap(
            by,
            now,
            version,
            {
                "review_on": review_on,
                "review_outcome": outcome,
                "reviewed_at": timezone.now(),
                "reviewed_by_id": by.user_id,
            },
        )
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [fresh.pk],
            reason=reason,
            detail={"reviewed": outcome, "review_on": review_on.isoformat()},
        )
    return fresh


def _check_mapped(group: CrimeGroup) -> None:
    if group.record_state != RecordState.MAPPED:
        raise InvalidTransition(
            f"The record is {group.record_state}: only a mapped group is reviewed. What "
            "is not mapped is submitted and moderated.",
            field="outcome",
        )
