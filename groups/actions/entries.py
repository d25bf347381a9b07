"""Entries of several records at once: all of them are written, or none."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Unpack

from django.db import transaction

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.actions import groups, involvements, memberships, people
from groups.actions.groups import GroupDetails
from groups.actions.people import NominalDetails
from groups.actions.records import Telling, class_of_child
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup, Involvement, Membership, Nominal
from groups.models.participation import Standing
from groups.permissions import check_can_edit
from ocgmap.common.errors import AppError


class GroupEntry(GroupDetails, total=False):
    """Everything said of a new group."""

    owner: Organisation
    name: str
    sharing: str
    compartments: Iterable[int]


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member to record: a person on record, or the details of a new one."""

    dpa_category: str
    standing: str = Standing.UNKNOWN
    nominal: Nominal | None = None
    details: NominalDetails = field(default_factory=NominalDetails)
    told: Telling = field(default_factory=Telling)


@dataclass(frozen=True, slots=True)
class InvolvementDraft:
    """Someone involved to record: a person on record, or the details of a new one."""

    kind: str
    dpa_category: str
    review_on: datetime.date | None = None
    nominal: Nominal | None = None
    details: NominalDetails = field(default_factory=NominalDetails)
    told: Telling = field(default_factory=Telling)


def record_group(
    *,
    by: Viewer,
    members: Sequence[MemberDraft] = (),
    **entry: Unpack[GroupEntry],
) -> CrimeGroup:
    """Record a new group with its first members; new people are shared as the group is.

    Raises:
        AppError: as `groups.create` and `memberships.add_member`; `row` in its details
            is the member at fault, counted from 0.
    """
    with transaction.atomic():
        group = groups.create(by=by, **entry)
        for row, draft in enumerate(members):
            try:
                add_member(by=by, group=group, draft=draft)
            except AppError as error:
                error.details["row"] = row
                raise
    return group


def add_member(*, by: Viewer, group: CrimeGroup, draft: MemberDraft) -> Membership:
    """Record a member of ``group`` and, if new, the person, who is shared as it is.

    Raises:
        AppError: as `people.create_nominal` and `memberships.add_member`.
    """
    check_can_edit(by, group)
    with transaction.atomic():
        nominal = draft.nominal or people.create_nominal(
            by=by,
            owner=group.owner,
            access_class_id=group.access_class_id,
            **_details(draft.details),
        )
        return memberships.add_member(
            by=by,
            group=group,
            nominal=nominal,
            standing=draft.standing,
            dpa_category=draft.dpa_category,
            **draft.told,
        )


def add_involved(
    *, by: Viewer, group: CrimeGroup, draft: InvolvementDraft
) -> Involvement:
    """Record someone involved with ``group`` and, if new, the person.

    A new victim or exploited person, or official, carries the stricter label of the
    involvement already as a person.

    Raises:
        AppError: as `people.create_nominal` and `involvements.add_involvement`.
    """
    check_can_edit(by, group)
    with transaction.atomic():
        nominal = draft.nominal or _involved_person(by, group, draft)
        return involvements.add_involvement(
            by=by,
            group=group,
            nominal=nominal,
            kind=draft.kind,
            dpa_category=draft.dpa_category,
            review_on=draft.review_on,
            **draft.told,
        )


def _involved_person(by: Viewer, group: CrimeGroup, draft: InvolvementDraft) -> Nominal:
    owner, extra = involvements.owner_and_label(viewer=by, group=group, kind=draft.kind)
    return people.create_nominal(
        by=by,
        owner=owner,
        access_class_id=class_of_child(by, [group], extra),
        **_details(draft.details),
    )


def _details(details: NominalDetails) -> NominalDetails:
    """Return the details, with a person who has no surname as not identified.

    Raises:
        InvalidRecord: neither a name nor a designation was given.
    """
    if not details.get("surname") and not details.get("designation"):
        raise InvalidRecord(
            "Enter the reference of a person on record, or a surname, or a designation "
            "for someone who is not identified.",
            field="nominal",
        )
    return {**details, "is_identified": bool(details.get("surname"))}
