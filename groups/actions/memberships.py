"""Members of groups. Victims, witnesses and the exploited never are."""

import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.facts import change, is_reopened
from groups.actions.records import Telling, held, new_fact
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import CrimeGroup, Membership, Nominal
from groups.models.participation import DpaCategory, Standing
from groups.permissions import (
    check_age,
    check_can_edit,
    check_sees,
    check_unrestricted,
)

_NEVER_MEMBERS = (DpaCategory.VICTIM, DpaCategory.WITNESS)


class MemberChanges(TypedDict, total=False):
    """What may be changed of a membership; left out means unchanged."""

    standing: str
    dpa_category: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str
    basis: str
    rationale: str
    reason: str


def add_member(
    *,
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    dpa_category: str,
    standing: str = Standing.UNKNOWN,
    **told: Unpack[Telling],
) -> Membership:
    """Record that a person is a member of a group.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see both or change the group; the
            person may be a child and ``by`` is no supervisor.
        SafeguardingRoute: the person was below the age of criminal responsibility.
        AlreadyRecorded: the person is a member already.
        InvalidRecord: a value is not allowed; a victim or witness is never a member.
    """
    check_can_edit(by, group)
    check_sees(by, nominal)
    check_unrestricted(nominal, field="nominal")
    _check_category(dpa_category)
    with transaction.atomic():
        now = held(by, group)
        check_age(by, nominal, now.owner, told.get("from_on"))
        check_not_member(by, now, nominal, told.get("to_on"))
        member = new_fact(
            Membership(
                group=now,
                nominal=nominal,
                owner_id=now.owner_id,
                standing=standing,
                dpa_category=dpa_category,
            ),
            by,
            [now, nominal],
            told,
        )
        audit.record(
            AuditKind.COLLECTION,
            "groups.Membership",
            [member.pk],
            detail={"group": now.pk, "nominal": nominal.pk},
        )
    return member


def edit_member(
    *,
    by: Viewer,
    membership: Membership,
    version: int,
    **changes: Unpack[MemberChanges],
) -> Membership:
    """Change or end a membership, if it still has ``version``; return it.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change it.
        StaleVersion: someone else changed it meanwhile; nothing was written.
        AlreadyRecorded: it is opened again beside another that is open.
        SafeguardingRoute, InvalidRecord: a value is not allowed.
    """
    values: dict[str, Any] = {**changes}
    if "dpa_category" in values:
        _check_category(values["dpa_category"])
    check_can_edit(by, membership)
    if "from_on" in values:
        check_age(by, membership.nominal, membership.owner, values["from_on"])
    with transaction.atomic():
        if is_reopened(membership, values):
            group = held(by, membership.group)
            check_not_member(by, group, membership.nominal, None, but=membership)
        return change(by=by, fact=membership, version=version, values=values)


def _check_category(dpa_category: str) -> None:
    if dpa_category in _NEVER_MEMBERS:
        raise InvalidRecord(
            "A victim or witness is never a member. Record an involvement instead.",
            field="dpa_category",
        )


def check_not_member(
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    to_on: datetime.date | None,
    *,
    but: Membership | None = None,
) -> None:
    """Raise where another open membership that ``by`` sees stands already."""
    rows = Membership.objects.visible_to(by).open().filter(group=group, nominal=nominal)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if to_on is None and rows.exists():
        raise AlreadyRecorded(
            f"{nominal.display_name} is a member of this group already. Change that "
            "membership, or end it first.",
            field="nominal" if but is None else "to_on",
        )
