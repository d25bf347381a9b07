"""Links between people, and between groups."""

import datetime
from typing import TypedDict, TypeVar, Unpack

from django.db import transaction

from accounts import audit
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import facts
from groups.actions.records import Telling, new_fact
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup, GroupLink, Nominal, PersonLink
from groups.permissions import (
    check_can_record,
    check_sees,
    check_stands,
    check_unrestricted,
)

L = TypeVar("L", PersonLink, GroupLink)


class LinkChanges(TypedDict, total=False):
    """What may be corrected of a link; its ends may not: withdraw it instead."""

    kind: str
    is_directed: bool
    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str


def link_people(
    *,
    by: Viewer,
    a: Nominal,
    b: Nominal,
    kind: str,
    is_directed: bool = False,
    owner: Organisation | None = None,
    **told: Unpack[Telling],
) -> PersonLink:
    """Record that two people are linked; whoever sees both may say so.

    The link belongs to ``owner``, or to the organisation of ``by``.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see both, or not record for the owner.
        InvalidRecord: a value is not allowed, or both are one person.
    """
    owner = _owner(by, owner)
    check_sees(by, a, b)
    check_unrestricted(a, b, field="b")
    if a.pk == b.pk:
        raise InvalidRecord(
            "A link joins two different people. Choose another person.", field="b"
        )
    with transaction.atomic():
        link = new_fact(
            PersonLink(a=a, b=b, owner=owner, kind=kind, is_directed=is_directed),
            by,
            [a, b],
            told,
        )
        _audit(link, "groups.PersonLink", a.pk, b.pk)
    return link


def link_groups(
    *,
    by: Viewer,
    a: CrimeGroup,
    b: CrimeGroup,
    kind: str,
    is_directed: bool = False,
    owner: Organisation | None = None,
    **told: Unpack[Telling],
) -> GroupLink:
    """Record that two groups are linked; whoever sees both may say so.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see both, or not record for the owner.
        MergedAway: one of them was merged into another group.
        InvalidRecord: a value is not allowed, or both are one group.
    """
    owner = _owner(by, owner)
    check_sees(by, a, b)
    check_stands(a, b)
    if a.pk == b.pk:
        raise InvalidRecord(
            "A link joins two different groups. Choose another group.", field="b"
        )
    with transaction.atomic():
        link = new_fact(
            GroupLink(a=a, b=b, owner=owner, kind=kind, is_directed=is_directed),
            by,
            [a, b],
            told,
        )
        _audit(link, "groups.GroupLink", a.pk, b.pk)
    return link


def correct(
    *, by: Viewer, link: L, version: int, reason: str, **changes: Unpack[LinkChanges]
) -> L:
    """Correct a link between people or groups, if it still has ``version``; return it.

    Raises:
        AppError: as `facts.correct`.
    """
    return facts.correct(
        by=by, fact=link, version=version, reason=reason, values={**changes}
    )


def _owner(by: Viewer, owner: Organisation | None) -> Organisation:
    found = owner or Organisation.objects.get(pk=by.organisation_id)
    check_can_record(by, found)
    return found


def _audit(link: PersonLink | GroupLink, kind: str, a: int, b: int) -> None:
    audit.record(AuditKind.COLLECTION, kind, [link.pk], detail={"a": a, "b": b})
