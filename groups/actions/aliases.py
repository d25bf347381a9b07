"""Other names of groups and people."""

from typing import Unpack

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import Telling, held, new_fact
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import CrimeGroup, GroupAlias, Nominal, NominalAlias
from groups.permissions import check_can_edit


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
        if standing.filter(name__iexact=name, to_on__isnull=True).exists():
            raise AlreadyRecorded(
                f"“{name}” is recorded already. Enter another name.", field="name"
            )
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
    if not surname and not given_names:
        raise InvalidRecord("Enter the other name of the person.", field="surname")
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
