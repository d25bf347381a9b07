"""Whether what stood before an undone step may stand again, beside what stands now."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from accounts.visibility import Viewer
from groups.actions import aliases, groups, involvements, memberships, people, threats
from groups.exceptions import AlreadyRecorded
from groups.models import (
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
)
from groups.permissions import check_age
from ocgmap.common.errors import InvalidTransition


def check(by: Viewer, record: Any, names: frozenset[str]) -> None:
    """Raise unless ``record``, with these columns put back but not saved, may stand.

    Raises:
        AppError: as the action that would have written the values; the same stands
            already, or age forbids it.
    """
    rule = _CHECKS.get(type(record))
    if rule is not None:
        rule(by, record, names)


def _check_group(by: Viewer, record: CrimeGroup, names: frozenset[str]) -> None:
    if "owner_reference" in names:
        groups.check_reference(by, record, record.owner_reference)


def _check_person(by: Viewer, record: Nominal, names: frozenset[str]) -> None:
    if {"born_from", "born_to"} & names:
        people.check_memberships(by, record)


def _check_member(by: Viewer, record: Membership, names: frozenset[str]) -> None:
    person, group = record.nominal, record.group
    if _stands_again(record, names):
        memberships.check_not_member(by, group, person, None, but=record)
    if not record.withdrawn_at and {"from_on", "to_on", "withdrawn_at"} & names:
        check_age(by, person, group.owner, record.from_on)


def _check_involved(by: Viewer, record: Involvement, names: frozenset[str]) -> None:
    if _stands_again(record, names):
        person, group = record.nominal, record.group
        involvements.check_not_involved(by, group, person, record.kind, but=record)


def _check_use(by: Viewer, record: IdentifierUse, names: frozenset[str]) -> None:
    if _stands_again(record, names):
        others = IdentifierUse.objects.visible_to(by).filter(
            identifier=record.identifier_id,
            nominal=record.nominal_id,
            group=record.group_id,
            to_on__isnull=True,
        )
        if others.exclude(pk=record.pk).exists():
            raise AlreadyRecorded("This use is recorded again by now.")


def _check_alias(by: Viewer, record: GroupAlias, names: frozenset[str]) -> None:
    if "name" in names or _stands_again(record, names):
        others = GroupAlias.objects.visible_to(by).filter(group=record.group_id)
        aliases.check_new(others.exclude(pk=record.pk), record.name)


def _check_threat(by: Viewer, record: GroupThreat, names: frozenset[str]) -> None:
    others = GroupThreat.objects.visible_to(by).open().filter(group=record.group_id)
    others = others.exclude(pk=record.pk)
    if "threat_type_id" in names or _stands_again(record, names):
        threats.check_new(others, record.threat_type)
    if _is_chief(record) and others.filter(is_predominant=True).exists():
        raise InvalidTransition("Another threat is the predominant one by now.")


def _is_chief(record: GroupThreat) -> bool:
    return record.is_predominant and record.to_on is None and not record.withdrawn_at


def _stands_again(record: Any, names: frozenset[str]) -> bool:
    is_standing = record.to_on is None and record.withdrawn_at is None
    return is_standing and bool({"to_on", "withdrawn_at"} & names)


_CHECKS: Mapping[type[Any], Callable[[Viewer, Any, frozenset[str]], None]] = (
    MappingProxyType(
        {
            CrimeGroup: _check_group,
            Nominal: _check_person,
            Membership: _check_member,
            Involvement: _check_involved,
            GroupAlias: _check_alias,
            GroupThreat: _check_threat,
            IdentifierUse: _check_use,
        }
    )
)
