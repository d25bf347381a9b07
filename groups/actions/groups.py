"""Crime groups: record one, change it, move it through its states."""

import datetime
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import threats
from groups.actions.records import (
    because,
    changed_names,
    check_fields,
    held,
    swap,
)
from groups.actions.reviewing import check_within_policy
from groups.actions.states import change_state, submission
from groups.actions.stepping import check_begins
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import CrimeGroup, ThreatType
from groups.models.crime_group import RecordState
from groups.permissions import check_can_edit, check_can_record
from ocgmap.common.once import insert_new

__all__ = [
    "GroupChanges",
    "GroupDetails",
    "change_state",
    "check_review",
    "check_sharing_reason",
    "create",
    "edit",
]


class GroupDetails(TypedDict, total=False):
    """What may be said of a group beside its name and who may see it."""

    summary: str
    kind: str
    tier: str
    lead_officer: str
    owner_reference: str
    s45_test: str
    soc_test: str
    review_on: datetime.date | None
    record_state: str
    trigger: str
    predominant_threat: ThreatType | None
    sharing_reason: str
    rationale: str


class GroupChanges(TypedDict, total=False):
    """What may be changed of a group by an edit; left out means unchanged."""

    name: str
    summary: str
    kind: str
    tier: str
    lead_officer: str
    owner_reference: str
    s45_test: str
    soc_test: str
    review_on: datetime.date | None
    predominant_threat: ThreatType | None
    rationale: str
    reason: str


def create(
    *,
    by: Viewer,
    owner: Organisation,
    name: str,
    sharing: str,
    compartments: Iterable[int] = (),
    **details: Unpack[GroupDetails],
) -> CrimeGroup:
    """Record a new group of ``owner``, with its predominant threat if one is given.

    Sharing with the own organisation only needs a `sharing_reason`: it hides the group
    from region and nation, and the database notes until when and by whom.

    Raises:
        PermissionDenied: ``by`` may not record for ``owner``, or not in this state.
        UnknownSharing: the sharing is not one to choose.
        AlreadyRecorded: the owner's reference is taken by a visible group.
        InvalidRecord: a value is not allowed.
        ReviewTooLate: the review policy wants it looked at sooner.
    """
    check_can_record(by, owner)
    values: dict[str, Any] = {**details}
    reason = check_sharing_reason(sharing, values.pop("sharing_reason", ""))
    threat, rationale = (
        values.pop("predominant_threat", None),
        values.pop("rationale", ""),
    )
    with because(reason), transaction.atomic():
        group = CrimeGroup(owner=owner, name=name.strip(), **values)
        _check_name(group.name)
        check_fields(group)
        check_review(group.review_on)
        check_within_policy(owner, group.tier, group.review_on)
        check_reference(by, group, group.owner_reference)
        group.access_class_id = labels.class_for(
            owner=owner, sharing=sharing, compartments=compartments, by=by
        )
        if group.record_state == RecordState.SUBMITTED:
            for column, value in submission(by).items():
                setattr(group, column, value)
        insert_new(group)
        if threat:
            threats.add(
                by=by,
                group=group,
                threat_type=threat,
                is_predominant=True,
                rationale=rationale,
            )
        check_begins(by, group)
        audit.record(
            AuditKind.COLLECTION,
            "groups.CrimeGroup",
            [group.pk],
            reason=reason,
            detail={"sharing": sharing, "record_state": group.record_state},
        )
    return group


def edit(
    *, by: Viewer, group: CrimeGroup, version: int, **changes: Unpack[GroupChanges]
) -> CrimeGroup:
    """Change what is said of a group, if it still has ``version``; return it.

    Who may see it is not among that: a step of its own changes it
    (`intelligence.actions.sharing`).

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        StaleVersion: someone else changed it meanwhile; nothing was written.
        InvalidRecord, AlreadyRecorded: a value is not allowed.
        ReviewTooLate: a review later than the policy allows, without a reason.
    """
    check_can_edit(by, group)
    values: dict[str, Any] = {**changes}
    reason = values.pop("reason", "")
    threat = values.pop("predominant_threat", _UNCHANGED)
    rationale = values.pop("rationale", "")
    if "name" in values:
        values["name"] = values["name"].strip()
    with because(reason), transaction.atomic():
        now = held(by, group)
        names = changed_names(now, values)
        if "review_on" in names:
            check_review(values["review_on"])
        fresh = swap(by, now, version, values)
        if {"review_on", "tier"} & set(names) and not reason.strip():
            check_within_policy(fresh.owner, fresh.tier, fresh.review_on, cure=_LATER)
        _check_name(fresh.name)
        if "owner_reference" in names:
            check_reference(by, fresh, fresh.owner_reference)
        if threat is not _UNCHANGED:
            threats.make_predominant(
                by=by, group=fresh, threat_type=threat, rationale=rationale
            )
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [fresh.pk],
            reason=reason,
            detail={"fields": names},
        )
    return fresh


def check_sharing_reason(sharing: str, reason: str) -> str:
    """Return the reason; it must be given for the own organisation only.

    Raises:
        InvalidRecord: it is missing.
    """
    if sharing == TagKind.ORGANISATION and not reason.strip():
        raise InvalidRecord(
            "Enter why only your organisation may see this record: it is hidden from "
            "the region and the nation, and auditors read the reason.",
            field="sharing_reason",
        )
    return reason.strip()


def check_review(day: datetime.date | None) -> None:
    """Raise when a review is set for a day that has passed.

    Raises:
        InvalidRecord: the message names the rule and the cure.
    """
    if day and day < timezone.localdate():
        raise InvalidRecord(
            "The review date must not be in the past. Enter today or a later date.",
            field="review_on",
        )


_UNCHANGED = object()
_LATER = ", or say in the reason for the change why it is later"


def _check_name(name: str) -> None:
    if not name:
        raise InvalidRecord("Enter the name of the group.", field="name")


def check_reference(by: Viewer, group: CrimeGroup, reference: str) -> None:
    """Raise where a visible group of the same owner has this reference already."""
    if not reference:
        return
    taken = (
        CrimeGroup.objects.visible_to(by)
        .filter(owner_id=group.owner_id, owner_reference__iexact=reference)
        .exclude(pk=group.pk)
        .first()
    )
    if taken:
        raise AlreadyRecorded(
            f"Your reference “{reference}” stands on group {taken.reference} already. "
            "Correct it, or change that group.",
            field="owner_reference",
        )
