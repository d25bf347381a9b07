"""The threats that a group poses; one of them is the predominant one."""

import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import facts
from groups.actions.records import Telling, because, held, new_fact
from groups.exceptions import AlreadyRecorded
from groups.models import CrimeGroup, GroupThreat, ThreatType
from groups.models.crime_group import GroupThreatQuerySet
from groups.permissions import check_can_edit


class ThreatChanges(TypedDict, total=False):
    """What may be corrected of a threat; left out means unchanged."""

    threat_type: ThreatType
    is_predominant: bool
    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str


def add(
    *,
    by: Viewer,
    group: CrimeGroup,
    threat_type: ThreatType,
    is_predominant: bool = False,
    **told: Unpack[Telling],
) -> GroupThreat:
    """Record that ``group`` poses a threat; as the predominant one, others step back.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        AlreadyRecorded: the threat stands already.
        InvalidRecord: a value is not allowed.
    """
    check_can_edit(by, group)
    with transaction.atomic():
        now = held(by, group)
        standing = GroupThreat.objects.visible_to(by).open().filter(group=now)
        check_new(standing, threat_type)
        if is_predominant:
            standing.filter(is_predominant=True).update(is_predominant=False)
        threat = new_fact(
            GroupThreat(
                group=now,
                owner_id=now.owner_id,
                threat_type=threat_type,
                is_predominant=is_predominant,
            ),
            by,
            [now],
            told,
        )
        audit.record(
            AuditKind.COLLECTION,
            "groups.GroupThreat",
            [threat.pk],
            detail={"group": now.pk, "threat": threat_type.code},
        )
    return threat


def correct(
    *,
    by: Viewer,
    threat: GroupThreat,
    version: int,
    reason: str,
    **changes: Unpack[ThreatChanges],
) -> GroupThreat:
    """Correct a threat, if it still has ``version``; as the predominant one, alone.

    Raises:
        AppError: as `facts.correct`; the threat stands in another row already.
    """
    values: dict[str, Any] = {**changes}
    check_can_edit(by, threat)
    with because(facts.check_reason(reason)), transaction.atomic():
        group = held(by, threat.group)
        others = GroupThreat.objects.visible_to(by).open().filter(group=group)
        others = others.exclude(pk=threat.pk)
        if values.get("to_on", threat.to_on) is None:
            _make_room(threat, group, others, values)
        return facts.correct(
            by=by, fact=threat, version=version, reason=reason, values=values
        )


def _make_room(
    threat: GroupThreat,
    group: CrimeGroup,
    others: GroupThreatQuerySet,
    values: dict[str, Any],
) -> None:
    """Let a threat stand beside ``others``: the same is refused, a chief steps back."""
    is_again = facts.is_reopened(threat, values)
    if is_again or "threat_type" in values:
        check_new(others, values.get("threat_type", threat.threat_type))
    if values.get("is_predominant", is_again and threat.is_predominant):
        for chief in others.filter(is_predominant=True):
            others.filter(pk=chief.pk).update(is_predominant=False)
            _audit_change(chief, group)


def check_new(standing: GroupThreatQuerySet, threat_type: ThreatType) -> None:
    """Raise where one of ``standing`` is this threat.

    Raises:
        AlreadyRecorded: it is.
    """
    if standing.filter(threat_type=threat_type).exists():
        raise AlreadyRecorded(
            f"The threat “{threat_type.name}” is recorded already. Choose another, "
            "or end that one first.",
            field="threat_type",
        )


def make_predominant(
    *,
    by: Viewer,
    group: CrimeGroup,
    threat_type: ThreatType | None,
    **told: Unpack[Telling],
) -> GroupThreat | None:
    """Make this the group's one predominant threat, or leave it with none.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
    """
    check_can_edit(by, group)
    with transaction.atomic():
        now = held(by, group)
        standing = GroupThreat.objects.visible_to(by).open().filter(group=now)
        chief = standing.filter(is_predominant=True).first()
        if (chief and chief.threat_type_id) == (threat_type and threat_type.pk):
            return chief
        if chief:
            standing.filter(is_predominant=True).update(is_predominant=False)
            _audit_change(chief, now)
        if threat_type is None:
            return None
        other = standing.filter(threat_type=threat_type).first()
        if other is None:
            return add(
                by=by, group=now, threat_type=threat_type, is_predominant=True, **told
            )
        other.is_predominant = True
        other.save(update_fields=["is_predominant"])
        _audit_change(other, now)
    return other


def _audit_change(threat: GroupThreat, group: CrimeGroup) -> None:
    audit.record(
        AuditKind.ALTERATION,
        "groups.GroupThreat",
        [threat.pk],
        detail={"group": group.pk, "fields": ["is_predominant"]},
    )
