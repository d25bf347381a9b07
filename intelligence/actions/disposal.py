"""Review whether a record is kept, and dispose of it when a second person approves."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.exceptions import NotOwner
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has, check_own_account
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus
from groups.permissions import check_can_retain, check_sees
from intelligence.exceptions import HeldWithAnother, OnLegalHold
from intelligence.models import DisposalCertificate, RetentionReview
from intelligence.models.retention import REVIEWED, ReviewState
from intelligence.retention_policy import DisposalReason, Ground, latest_review
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import ProtectedRecord, TopRecord

REASON_MAX_LENGTH = 2000


def keep(
    *,
    by: Viewer,
    record: TopRecord,
    version: int,
    grounds: Collection[str],
    reason: str,
    next_review_on: datetime.date | None = None,
) -> RetentionReview:
    """Keep ``record`` until the next review, by default the last day of the policy.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_can_retain`.
        InvalidRecord: no ground or reason, or a day that is past or later than allowed.
        InvalidTransition: it is a group that is not archived, or merged into another.
        AlreadyRecorded: its disposal waits for a decision.
        StaleVersion: someone changed the record since ``version``; nothing was written.
    """
    check_can_retain(by, record)
    why = _worded(reason)
    if not grounds or not set(grounds) <= set(Ground):
        raise InvalidRecord(
            "Say on what ground the record is kept. If there is none, propose its "
            "disposal.",
            field="grounds",
        )
    next_on = _next_review(record, next_review_on)
    with because(why), transaction.atomic():
        now = held(by, record)
        check_version(now, version)
        _check_reviewed_here(now)
        _check_none_waits(by, now)
        swap(by, now, version, {"review_on": next_on})
        made = _record(
            now,
            state=ReviewState.KEPT,
            grounds=sorted(set(grounds)),
            reason=why,
            next_review_on=next_on,
        )
        detail = {"kept_until": str(next_on), "grounds": sorted(set(grounds))}
        _audit(AuditKind.ALTERATION, now, why, detail)
    return made


def propose(
    *,
    by: Viewer,
    record: TopRecord,
    version: int,
    disposal_reason: str,
    reason: str,
) -> RetentionReview:
    """Propose to dispose of ``record``; another person decides.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_can_retain`.
        OnLegalHold, HeldWithAnother: the record is on legal hold, or one that shares a
            fact with it.
        InvalidRecord: the reason is missing, or is none of the list.
        InvalidTransition: it is a group that is not archived, that was merged into
            another, or that others were merged into.
        AlreadyRecorded: its disposal waits for a decision.
        StaleVersion: someone changed the record since ``version``; nothing was written.
    """
    check_can_retain(by, record)
    check_own_account(by)
    why = _worded(reason)
    if disposal_reason not in set(DisposalReason):
        raise InvalidRecord("Choose a reason from the list.", field="disposal_reason")
    with because(why), transaction.atomic():
        now = held(by, record)
        check_version(now, version)
        _check_free(now)
        _check_reviewed_here(now)
        _check_stands_alone(by, now)
        _check_none_waits(by, now)
        made = _record(
            now,
            state=ReviewState.PROPOSED,
            disposal_reason=disposal_reason,
            reason=why,
        )
        _audit(AuditKind.ALTERATION, now, why, {"disposal_proposed": disposal_reason})
    return made


def decline(
    *, by: Viewer, review: RetentionReview, version: int, reason: str
) -> RetentionReview:
    """Leave the record as it is; whoever proposed its disposal may take it back so.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_can_see_reviews`.
        InvalidTransition: it was decided on already.
        StaleVersion: someone else decided meanwhile; nothing was written.
    """
    check_sees(by, review)
    check_can_see_reviews(by, review.record)
    why = _worded(reason)
    with because(why), transaction.atomic():
        now = _open(by, review, version)
        decided = _decide(by, now, ReviewState.DECLINED, why)
        _audit(AuditKind.ALTERATION, now.record, why, {"disposal": "declined"})
    return decided


def dispose(
    *, by: Viewer, review: RetentionReview, version: int, reason: str
) -> DisposalCertificate:
    """Erase the record, all that hangs on it and its history; return the certificate.

    Raises:
        NotFound, RightMissing, NotOwner, ApprovalNeeded: as `check_can_decide`.
        OnLegalHold, HeldWithAnother: the record is on legal hold, or one that shares a
            fact with it.
        InvalidTransition: it was decided on already, the record changed since, or
            another group was merged into it.
        StaleVersion: someone else decided meanwhile; nothing was written.
    """
    check_can_decide(by, review)
    why = _worded(reason)
    with because(why), transaction.atomic():
        record = held(by, review.record)
        now = _open(by, review, version)
        _check_free(record)
        if record.version != now.record_version:
            raise InvalidTransition(
                "The record was changed since its disposal was proposed. Decline it, "
                "and look at the record again.",
                field="reason",
            )
        _check_reviewed_here(record)
        _check_stands_alone(by, record)
        decided = _decide(by, now, ReviewState.APPROVED, why)
        certificate = DisposalCertificate.objects.visible_to(by).get(
            public_id=_erase(decided)
        )
        audit.record(
            AuditKind.ERASURE,
            record._meta.label,  # noqa: SLF001 - the documented interface
            [record.pk],
            reason=certificate.get_reason_code_display(),
            detail={
                "certificate": certificate.pk,
                "proposed_by": certificate.proposed_by_id,
                "rows": certificate.counts,
            },
        )
    return certificate


def check_can_see_reviews(by: Viewer, record: ProtectedRecord) -> None:
    """Raise unless ``by`` may know how long ``record`` is kept, and why.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        RightMissing: neither a records manager nor a supervisor.
        NotOwner: the record is another organisation's.
    """
    check_sees(by, record)
    check_decides_at_all(by)
    if record.owner_id != by.organisation_id:
        raise NotOwner(
            f"This record belongs to {record.owner.short_name}. Only its own people "
            "decide how long it is kept.",
            owner=record.owner.code,
        )


def check_decides_at_all(by: Viewer) -> None:
    """Raise unless ``by`` is a records manager or a supervisor.

    Raises:
        RightMissing: neither.
    """
    if not by.has(Right.APPROVE):
        check_has(by, Right.DISPOSE)


def check_can_decide(by: Viewer, review: RetentionReview) -> None:
    """Raise unless ``by`` may approve the disposal that ``review`` proposes.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_can_see_reviews`.
        ApprovalNeeded: they proposed it themselves.
    """
    check_sees(by, review)
    check_can_see_reviews(by, review.record)
    if by.user_id == review.created_by_id:
        raise ApprovalNeeded(
            "You proposed this yourself: another person decides. Ask another records "
            "manager, or a supervisor."
        )


def why_not_here(record: TopRecord) -> str:
    """Return why a group is not kept or disposed of as it stands; '' for all others."""
    if not isinstance(record, CrimeGroup):
        return ""
    if record.merged_into_id is not None:
        return (
            "This group was merged into another and is part of that record. Split it "
            "off first."
        )
    if record.activity_status != ActivityStatus.ARCHIVED:
        return (
            "Only an archived group is kept or disposed of here: others are looked at "
            "again by their supervisors. Archive it first."
        )
    return ""


def _check_reviewed_here(record: TopRecord) -> None:
    if why := why_not_here(record):
        raise InvalidTransition(why, field="reason")


def _check_stands_alone(by: Viewer, record: TopRecord) -> None:
    """Raise where other groups were merged into a group, of those that ``by`` sees.

    Any that they do not see stands alone again once the group is erased.
    """
    if not isinstance(record, CrimeGroup):
        return
    parts = CrimeGroup.objects.visible_to(by).filter(merged_into=record)
    found = list(parts.order_by("reference").values_list("reference", flat=True))
    if found:
        raise InvalidTransition(
            f"{', '.join(found)} was merged into this group. Split off what was merged "
            "into it first, and decide on each record by itself.",
            field="reason",
        )


def _next_review(record: TopRecord, wanted: datetime.date | None) -> datetime.date:
    today = timezone.localdate()
    latest = latest_review(record.retention_class, today)
    if wanted is None:
        return latest
    if not today < wanted <= latest:
        raise InvalidRecord(
            f"The next review must be after today and by {date_text(latest)}, the last "
            "day that its retention class allows. Enter another day.",
            field="next_review_on",
        )
    return wanted


def _check_free(record: TopRecord) -> None:
    """Raise where the record, or one that shares a fact with it, is on legal hold."""
    if record.legal_hold:
        raise OnLegalHold
    with connection.cursor() as cursor:
        cursor.execute(
            "select intelligence_is_held_back(%s, %s)",
            [REVIEWED[type(record)], record.pk],
        )
        if cursor.fetchone()[0]:
            raise HeldWithAnother


def _check_none_waits(by: Viewer, record: TopRecord) -> None:
    if RetentionReview.objects.visible_to(by).waiting().of(record).exists():
        raise AlreadyRecorded(
            "The disposal of this record was proposed already. It is for another person "
            "to decide; decline it first to review the record anew.",
            field="reason",
        )


def _record(record: TopRecord, **values: Any) -> RetentionReview:
    record.refresh_from_db()
    made = RetentionReview(
        **{REVIEWED[type(record)]: record},
        owner_id=record.owner_id,
        access_class_id=record.access_class_id,
        record_version=record.version,
        **values,
    )
    check_fields(made)
    made.save(force_insert=True)
    made.refresh_from_db()
    return made


def _open(by: Viewer, review: RetentionReview, version: int) -> RetentionReview:
    check_own_account(by)
    now = held(by, review)
    if now.state != ReviewState.PROPOSED:
        raise InvalidTransition(
            f"This is decided already: {now.get_state_display().lower()}.",
            field="reason",
        )
    check_version(now, version)
    return now


def _decide(
    by: Viewer, review: RetentionReview, state: ReviewState, why: str
) -> RetentionReview:
    decision = {
        "state": state,
        "decided_at": timezone.now(),
        "decided_by_id": by.user_id,
        "decision_reason": why,
    }
    return swap(by, review, review.version, decision)


def _erase(review: RetentionReview) -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute("select intelligence_dispose(%s)", [review.pk])
        return uuid.UUID(str(cursor.fetchone()[0]))


def _audit(
    kind: AuditKind, record: TopRecord, why: str, detail: dict[str, Any]
) -> None:
    label = record._meta.label  # noqa: SLF001 - the documented interface
    audit.record(kind, label, [record.pk], reason=why, detail=detail)


def _worded(reason: str) -> str:
    worded = reason.strip()
    if not worded:
        raise InvalidRecord("Enter a reason.", field="reason")
    if len(worded) > REASON_MAX_LENGTH:
        raise InvalidRecord(
            f"The reason must be {REASON_MAX_LENGTH:,} characters or fewer; it has "
            f"{len(worded):,}. Shorten it.",
            field="reason",
        )
    return worded
