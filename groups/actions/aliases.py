"""Other names of groups and people."""

import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import facts
from groups.actions.records import Telling, held, new_fact
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import CrimeGroup, GroupAlias, Nominal, NominalAlias
from groups.models.crime_group import GroupAliasQuerySet
from groups.permissions import check_can_edit


class AliasChanges(TypedDict, total=False):
    """What may be corrected of another name; left out means unchanged."""

    name: str
    given_names: str
    surname: str
    kind: str
    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str


def add(
    *,
    by: Viewer,
    group: CrimeGroup,
    name: str,
    kind: str = "alias",
    **told: Unpack[Telling],
) -> GroupAlias:
    """Record another name of a group.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        AlreadyRecorded: the name stands already.
        InvalidRecord: a value is not allowed.
    """
    check_can_edit(by, group)
    name = " ".join(name.split())
    with transaction.atomic():
        now = held(by, group)
        standing = GroupAlias.objects.visible_to(by).filter(group=now)
        check_new(standing, name)
        alias = new_fact(
            GroupAlias(group=now, owner_id=now.owner_id, name=name, kind=kind),
            by,
            [now],
            told,
        )
        audit.record(
            AuditKind.COLLECTION,
            "groups.GroupAlias",
            [alias.pk],
            detail={"group": now.pk},
        )
    return alias


def add_to_person(
    *,
    by: Viewer,
    nominal: Nominal,
    surname: str = "",
    given_names: str = "",
    kind: str = "alias",
    **told: Unpack[Telling],
) -> NominalAlias:
    """Record another name of a person: a surname, given names, or both.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the person.
        InvalidRecord: a value is not allowed, or no name was given.
    """
    check_can_edit(by, nominal)
    surname, given_names = " ".join(surname.split()), " ".join(given_names.split())
    _check_named(surname, given_names)
    with transaction.atomic():
        now = held(by, nominal)
        alias = new_fact(
            NominalAlias(
                nominal=now,
                owner_id=now.owner_id,
                surname=surname,
                given_names=given_names,
                kind=kind,
            ),
            by,
            [now],
            told,
        )
        audit.record(
            AuditKind.COLLECTION,
            "groups.NominalAlias",
            [alias.pk],
            detail={"nominal": now.pk},
        )
    return alias


def correct(
    *,
    by: Viewer,
    alias: GroupAlias,
    version: int,
    reason: str,
    **changes: Unpack[AliasChanges],
) -> GroupAlias:
    """Correct another name of a group, if it still has ``version``; return it.

    Raises:
        AppError: as `facts.correct`; the name is empty or stands already.
    """
    values: dict[str, Any] = {**changes}
    if "name" in values or facts.is_reopened(alias, values):
        values["name"] = " ".join(values.get("name", alias.name).split())
        if not values["name"]:
            raise InvalidRecord("Enter the other name of the group.", field="name")
        others = GroupAlias.objects.visible_to(by).filter(group=alias.group_id)
        check_new(others.exclude(pk=alias.pk), values["name"])
    return facts.correct(
        by=by, fact=alias, version=version, reason=reason, values=values
    )


def correct_of_person(
    *,
    by: Viewer,
    alias: NominalAlias,
    version: int,
    reason: str,
    **changes: Unpack[AliasChanges],
) -> NominalAlias:
    """Correct another name of a person, if it still has ``version``; return it.

    Raises:
        AppError: as `facts.correct`; no name is left.
    """
    values: dict[str, Any] = {**changes}
    for name in ("surname", "given_names"):
        values[name] = " ".join(values.get(name, getattr(alias, name)).split())
    _check_named(values["surname"], values["given_names"])
    return facts.correct(
        by=by, fact=alias, version=version, reason=reason, values=values
    )


def check_new(standing: GroupAliasQuerySet, name: str) -> None:
    """Raise where one of ``standing`` is this name, and holds still.

    Raises:
        AlreadyRecorded: it does.
    """
    if standing.filter(name__iexact=name, to_on__isnull=True).exists():
        raise AlreadyRecorded(
            f"“{name}” is recorded already. Enter another name.", field="name"
        )


def _check_named(surname: str, given_names: str) -> None:
    if not surname and not given_names:
        raise InvalidRecord("Enter the other name of the person.", field="surname")
