"""Merge one group's record into another's, and split it off again.

A merge is one pointer. Nothing that was recorded of either group is rewritten: facts keep
the record that they were recorded on, their labels and their history, and count with the
survivor for whoever sees them.
"""

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, check_version, held, swap
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup, Transfer
from groups.models.crime_group import ActivityStatus, RecordState
from groups.permissions import check_can_edit, check_can_record, check_sees
from ocgmap.common.errors import AppError, InvalidTransition


def merge(
    *, by: Viewer, group: CrimeGroup, into: CrimeGroup, version: int, reason: str
) -> CrimeGroup:
    """Merge ``group`` into the survivor ``into``; return the group as it stands.

    What was merged into ``group`` before goes on to the survivor with it, whoever may see
    that: the database does it.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change both.
        MergedAway: one of them was merged already.
        InvalidRecord: they are one group, or of two owners; the reason is missing.
        InvalidTransition: the group is being handed over, or counts in headline figures
            and the survivor does not.
        StaleVersion: someone else changed the group meanwhile; nothing was written.
    """
    check_can_edit(by, group)
    check_sees(by, into)
    check_pair(group, into)
    check_can_edit(by, into)
    if not reason.strip():
        raise InvalidRecord("Enter why the two are one group.", field="reason")
    with because(reason), transaction.atomic():
        # Both are kept from other merges, always in this order.
        rows = {one.pk: held(by, one) for one in sorted((group, into), key=_key)}
        now, survivor = rows[group.pk], rows[into.pk]
        check_version(now, version)
        check_can_edit(by, now)
        check_can_edit(by, survivor)
        check_pair(now, survivor)
        _check_not_waiting(by, now)
        merged = swap(by, now, version, {"merged_into_id": survivor.pk})
        _audit(reason, merged=merged, survivor=survivor)
    return merged


def split(*, by: Viewer, group: CrimeGroup, version: int, reason: str) -> CrimeGroup:
    """Split ``group`` off the group that it was merged into; return it as it stands.

    It is as it was: its state, its facts, its history. What was recorded on the survivor
    meanwhile stays there.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        InvalidTransition: it is merged into none.
        InvalidRecord: the reason is missing.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_split(by, group)
    if not reason.strip():
        raise InvalidRecord("Enter why it is a group of its own.", field="reason")
    with because(reason), transaction.atomic():
        now = held(by, group)
        check_version(now, version)
        check_can_split(by, now)
        seen = CrimeGroup.objects.visible_to(by)
        survivor = seen.filter(absorbed=now).first()
        alone = swap(by, now, version, {"merged_into_id": None})
        _audit(reason, split=alone, survivor=survivor)
    return alone


def check_can_split(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may split the group off; raises as `split`."""
    check_sees(by, group)
    check_can_record(by, group.owner)
    if group.merged_into_id is None:
        raise InvalidTransition(
            "This group is merged into no other: there is nothing to split off.",
            field="reason",
        )


def check_pair(group: CrimeGroup, into: CrimeGroup) -> None:
    """Raise unless the two may become one, whoever asks.

    Raises:
        InvalidRecord: they are one group, or belong to two owners.
        InvalidTransition: the group counts in headline figures, the survivor does not.
    """
    if group.pk == into.pk:
        raise InvalidRecord(
            "A group is not merged into itself. Choose another group.", field="into"
        )
    if group.owner_id != into.owner_id:
        raise InvalidRecord(
            f"Both groups must have one owner, and {into.reference} belongs to "
            f"{into.owner.short_name}. Hand one of them over first, then merge them.",
            field="into",
        )
    if _is_counted(group) and not _is_counted(into):
        raise InvalidTransition(
            f"This group counts in the figures and {into.reference} does not: merged into "
            "it, it would leave them. Have that one mapped and active first, or merge it "
            "into this one.",
            field="into",
        )


def _is_counted(group: CrimeGroup) -> bool:
    is_mapped = group.record_state == RecordState.MAPPED
    return is_mapped and group.activity_status == ActivityStatus.ACTIVE


def may_be_merged(by: Viewer, group: CrimeGroup, into: CrimeGroup) -> bool:
    """Return whether `merge` would take the two, but for a transfer that waits."""
    try:
        check_pair(group, into)
        check_can_edit(by, into)
    except AppError:
        return False
    return True


def _check_not_waiting(by: Viewer, group: CrimeGroup) -> None:
    if Transfer.objects.visible_to(by).pending().filter(group=group).exists():
        raise InvalidTransition(
            "A transfer of this group waits. Take that back first, or let it be decided.",
            field="into",
        )


def _key(group: CrimeGroup) -> int:
    return group.pk


def _audit(reason: str, **groups: CrimeGroup | None) -> None:
    """Leave one row that names both groups, and which of them is which."""
    found = {name: one.pk for name, one in groups.items() if one is not None}
    audit.record(
        AuditKind.COMBINATION,
        "groups.CrimeGroup",
        sorted(found.values()),
        reason=reason,
        detail=found,
    )
