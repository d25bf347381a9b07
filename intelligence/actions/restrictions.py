"""Restrict the processing of a person's record, and lift it again.

Source: Data Protection Act 2018 ss.46(4), 47(2) and 47(3).
"""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import Nominal
from groups.models.nominal import RestrictionGround
from intelligence.actions.subject_requests import check_answers, worded
from intelligence.models import ProcessingRestriction
from ocgmap.common.errors import InvalidTransition


def restrict(
    *, by: Viewer, nominal: Nominal, version: int, ground: str, reason: str
) -> ProcessingRestriction:
    """Let the person's record be read, and no more, until that is lifted.

    From then on nothing is recorded on it, and it is not changed, printed or exported.
    Recipients of what it says are told by the database.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        AlreadyRecorded: it is restricted.
        InvalidRecord: the ground is none of the list, or the reason is missing.
        StaleVersion: someone changed the person meanwhile; nothing was written.
    """
    check_answers(by, nominal)
    why = worded(reason)
    if ground not in set(RestrictionGround):
        raise InvalidRecord("Choose why it is restricted.", field="ground")
    with because(why), transaction.atomic():
        now = held(by, nominal)
        check_version(now, version)
        if now.restriction_ground:
            raise AlreadyRecorded(
                "The processing of this record is restricted already. Lift that first.",
                field="ground",
            )
        made = ProcessingRestriction(
            nominal=now,
            owner_id=now.owner_id,
            access_class_id=now.access_class_id,
            ground=ground,
            reason=why,
        )
        check_fields(made)
        made.save(force_insert=True)
        made.refresh_from_db()
        audit.record(
            AuditKind.ALTERATION,
            "groups.Nominal",
            [now.pk],
            reason=why,
            detail={"restricted": ground},
        )
    return made


def lift(
    *, by: Viewer, restriction: ProcessingRestriction, version: int, reason: str
) -> ProcessingRestriction:
    """Let the person's record be processed again, and say why.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        InvalidTransition: it was lifted already.
        InvalidRecord: the reason is missing or too long.
        StaleVersion: someone changed it meanwhile; nothing was written.
    """
    check_answers(by, restriction)
    why = worded(reason)
    with because(why), transaction.atomic():
        now = held(by, restriction)
        if now.lifted_at is not None:
            raise InvalidTransition(
                "This restriction was lifted already.", field="reason"
            )
        check_version(now, version)
        changes = {
            "lifted_at": timezone.now(),
            "lifted_by_id": by.user_id,
            "lifted_reason": why,
        }
        fresh = swap(by, now, version, changes)
        audit.record(
            AuditKind.ALTERATION,
            "groups.Nominal",
            [fresh.nominal_id],
            reason=why,
            detail={"restriction_lifted": fresh.ground},
        )
    return fresh
