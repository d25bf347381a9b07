"""Telephone numbers, vehicles, addresses and the like: record one, look one up."""

import datetime
from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label, Viewer
from groups.actions import facts
from groups.actions.records import check_fields, class_chosen, new_fact
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import CrimeGroup, Identifier, IdentifierUse, Nominal
from groups.models.identifier import IdentifierKind
from groups.normalise import is_refused, misfit, normalise
from groups.permissions import check_can_record, check_sees, check_stands
from ocgmap.common.once import insert_new

MOST_FOUND = 100


def record(
    *,
    by: Viewer,
    owner: Organisation,
    kind: str,
    value: str,
    sharing: str | None = None,
    access_class_id: int | None = None,
    nominal: Nominal | None = None,
    group: CrimeGroup | None = None,
    rationale: str = "",
    compartments: Iterable[int] = (),
    sharing_reason: str = "",
) -> Identifier:
    """Record that a person or a group uses an identifier; return the identifier.

    The owner's own visible row of the same kind and normalised value is used again.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see the user, or not record for the
            owner.
        MergedAway: the group was merged into another.
        InvalidRecord: the value has no shape of its kind, or nobody uses it.
        AlreadyRecorded: this use stands already.
    """
    check_can_record(by, owner)
    users = [user for user in (nominal, group) if user is not None]
    if not users:
        raise InvalidRecord("Say which person or group uses it.", field="nominal")
    check_sees(by, *users)
    check_stands(group, nominal)
    with transaction.atomic():
        chosen = class_chosen(by, owner, sharing, access_class_id, compartments)
        identifier = _known(by, owner, kind, value)
        if identifier is None:
            identifier = _new(owner, kind, value)
            identifier.access_class_id = chosen
            insert_new(identifier)
            audit.record(
                AuditKind.COLLECTION,
                "groups.Identifier",
                [identifier.pk],
                reason=sharing_reason,
                detail={"sharing": sharing},
            )
        label = labels.labels_of([chosen])[chosen]
        for user in users:
            _add_use(by, identifier, user, rationale, label)
    return identifier


class UseChanges(TypedDict, total=False):
    """What may be corrected of a use; who uses what may not: withdraw it instead."""

    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str


def correct_use(
    *,
    by: Viewer,
    use: IdentifierUse,
    version: int,
    reason: str,
    **changes: Unpack[UseChanges],
) -> IdentifierUse:
    """Correct what is said of a use, if it still has ``version``; return it.

    Raises:
        AppError: as `facts.correct`.
    """
    return facts.correct(
        by=by, fact=use, version=version, reason=reason, values={**changes}
    )


def look_up(*, by: Viewer, value: str, kind: str | None = None) -> list[Identifier]:
    """Return the visible identifiers that are the same as ``value``; at most 100.

    Without a kind, the value is compared under the spelling of every kind. Leaves an
    audit row of what was found.

    Raises:
        InvalidRecord: the value is empty or the kind is unknown.
    """
    if not value.strip():
        raise InvalidRecord(
            "Enter a telephone number, registration, address or the like.",
            field="value",
        )
    kinds = [_kind(kind)] if kind else list(IdentifierKind)
    same = Q()
    for one in kinds:
        same |= Q(kind=one, normalised=normalise(one, value))
    found = list(
        Identifier.objects.visible_to(by)
        .filter(same)
        .select_related("owner")
        .order_by("kind", "owner__name", "pk")[:MOST_FOUND]
    )
    audit.consulted("groups.Identifier", [row.pk for row in found])
    return found


def _kind(kind: str) -> IdentifierKind:
    if kind not in IdentifierKind.values:
        raise InvalidRecord(
            f"“{kind}” is no kind of identifier. Use one of: "
            f"{', '.join(IdentifierKind.values)}.",
            field="kind",
        )
    return IdentifierKind(kind)


def _known(by: Viewer, owner: Organisation, kind: str, value: str) -> Identifier | None:
    return (
        Identifier.objects.visible_to(by)
        .filter(owner=owner, kind=kind, normalised=normalise(_kind(kind), value))
        .order_by("pk")
        .first()
    )


def _new(owner: Organisation, kind: str, value: str) -> Identifier:
    value = " ".join(value.split())
    if not value:
        raise InvalidRecord("Enter the identifier.", field="value")
    if is_refused(kind, value):
        raise InvalidRecord(misfit(kind, value), field="value")
    identifier = Identifier(
        owner=owner, kind=kind, value=value, normalised=normalise(kind, value)
    )
    check_fields(identifier)
    return identifier


def _add_use(
    by: Viewer,
    identifier: Identifier,
    user: Nominal | CrimeGroup,
    rationale: str,
    label: Label,
) -> IdentifierUse:
    column = "nominal" if isinstance(user, Nominal) else "group"
    standing = IdentifierUse.objects.visible_to(by).filter(
        identifier=identifier, to_on__isnull=True, **{column: user}
    )
    if standing.exists():
        raise AlreadyRecorded(
            "This use is recorded already. Change that record, or end it first.",
            field="value",
        )
    use = new_fact(
        IdentifierUse(
            identifier=identifier, owner_id=identifier.owner_id, **{column: user}
        ),
        by,
        [identifier, user],
        {"rationale": rationale},
        label,
    )
    audit.record(
        AuditKind.COLLECTION,
        "groups.IdentifierUse",
        [use.pk],
        detail={"identifier": identifier.pk, column: user.pk},
    )
    return use
