"""Who may change which record, and who may be recorded as what."""

import datetime
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.utils import timezone

from accounts.actions.body_rules import deciding_body, is_required
from accounts.actions.labels import region_of
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from accounts.models.organisation import Jurisdiction
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.exceptions import (
    ApprovalNeeded,
    MergedAway,
    ProcessingRestricted,
    SafeguardingRoute,
)
from groups.models import CrimeGroup, ModerationRule, Nominal
from ocgmap.common.errors import NotFound
from ocgmap.common.records import ProtectedRecord, TopRecord, visible_classes

ADULT_YEARS = 18
# Local configuration, to be confirmed: Children and Young Persons Act 1933 s.50
# (England and Wales), Age of Criminal Responsibility (Scotland) Act 2019 s.1.
RESPONSIBLE_YEARS: Mapping[str, int] = MappingProxyType({Jurisdiction.SCOTLAND: 12})
RESPONSIBLE_YEARS_ELSEWHERE = 10


def check_sees(by: Viewer, *records: ProtectedRecord) -> None:
    """Raise unless ``by`` may see each of these records. No query.

    Raises:
        NotFound: one is hidden; the answer is the same as for one that is absent.
    """
    seen = frozenset(visible_classes(by))
    if any(record.access_class_id not in seen for record in records):
        raise NotFound


def check_can_record(by: Viewer, owner: Organisation) -> None:
    """Raise unless ``by`` may make and change records of ``owner``.

    The owning organisation may, and the moderating unit of its region.

    Raises:
        RightMissing: the right to contribute is missing.
        NotOwner: the record would belong to somebody else.
    """
    check_has(by, Right.CONTRIBUTE)
    if owner.pk == by.organisation_id:
        return
    if by.has(Right.MODERATE):
        region = region_of(owner)
        if region and region.pk == by.organisation_id:
            return
    raise NotOwner(
        f"This record belongs to {owner.short_name}. Only {owner.short_name} and the "
        "lead of its region may change it. Submit an intelligence report instead.",
        owner=owner.code,
    )


def check_stands(*records: ProtectedRecord | None) -> None:
    """Raise where a record, or what a fact is about, is read only for now. May query.

    Raises:
        MergedAway: the group was merged into another, until it is split off again.
        ProcessingRestricted: the person's record may be read only, until that is lifted.
    """
    for record in records:
        group = record if isinstance(record, CrimeGroup) else _group_of(record)
        if group is not None and group.merged_into_id is not None:
            raise MergedAway
        check_unrestricted(*_people_of(record))


def check_may_leave(people: Iterable[Nominal], *, cure: str = "") -> None:
    """Raise where the record of one of these people is not printed or exported.

    Raises:
        ProcessingRestricted: its processing is restricted; ``cure`` says what to do.
    """
    for person in people:
        if person.restriction_ground:
            raise ProcessingRestricted(person.reference, cure=cure)


def check_unrestricted(*people: Nominal, field: str = "") -> None:
    """Raise where the processing of a person's record is restricted. No query.

    Raises:
        ProcessingRestricted: it is; the message names the person and the cure.
    """
    for person in people:
        if person.restriction_ground:
            raise ProcessingRestricted(person.reference, field)


def _people_of(record: ProtectedRecord | None) -> list[Nominal]:
    if isinstance(record, Nominal):
        return [record]
    found = (getattr(record, name, None) for name in ("nominal", "a", "b"))
    return [one for one in found if isinstance(one, Nominal)]


def _group_of(record: ProtectedRecord | None) -> CrimeGroup | None:
    group = getattr(record, "group", None)
    return group if isinstance(group, CrimeGroup) else None


def check_can_edit(by: Viewer, record: ProtectedRecord) -> None:
    """Raise unless ``by`` may see and change ``record``; raises as the three above."""
    check_sees(by, record)
    check_can_record(by, record.owner)
    check_stands(record)


def editable(by: Viewer, rows: Iterable[ProtectedRecord]) -> frozenset[int]:
    """Return the ids of those of these visible rows that ``by`` may change.

    A fact keeps its owner when its group gets another, so each row is asked; each owner
    once.
    """
    answers: dict[int, bool] = {}
    found = set()
    for row in rows:
        if row.owner_id not in answers:
            answers[row.owner_id] = can(check_can_record, by, row.owner)
        if answers[row.owner_id]:
            found.add(row.pk)
    return frozenset(found)


def check_can_moderate(by: Viewer, record: ProtectedRecord) -> None:
    """Raise unless ``by`` may decide on a record as a supervisor or as the region.

    Raises:
        ApprovalNeeded: it needs a supervisor of the owner or the lead of its region.
    """
    check_can_edit(by, record)
    if not (by.has(Right.APPROVE) or by.has(Right.MODERATE)):
        raise ApprovalNeeded(
            "Only a supervisor of the owner or the lead of its region may do this. "
            "Ask one of them."
        )


def check_moderates(by: Viewer) -> None:
    """Raise unless ``by`` decides on submitted records at all.

    Raises:
        RightMissing: neither a supervisor nor the lead of a region.
    """
    check_has(by, Right.CONTRIBUTE)
    if not by.has(Right.MODERATE):
        check_has(by, Right.APPROVE)


def owners_to_moderate(by: Viewer) -> list[int]:
    """Return the organisations whose submitted records wait for ``by``. Few queries.

    Of these, `check_can_map` of the steps lets everything through but what ``by``
    submitted.
    """
    own = Organisation.objects.get(pk=by.organisation_id)
    if by.has(Right.MODERATE) and deciding_body(own).pk == own.pk:
        found = Organisation.objects.placed_in(own.pk, timezone.localdate())
        return list(found.values_list("pk", flat=True))
    return [] if is_required(ModerationRule, own) else [own.pk]


def youngest_age(nominal: Nominal, on: datetime.date) -> int | None:
    """Return the least age in whole years the person can have had, None if unknown.

    A birth date known only to the month or year counts as its last day, so that
    someone who may be a child is treated as one.
    Source: Modern Slavery Act 2015 s.51 presumes so for victims; here for all.
    """
    born = nominal.born_to or nominal.born_from
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def may_be_child(nominal: Nominal) -> bool:
    """Return whether the person may be under 18 today, as far as is known."""
    age = youngest_age(nominal, timezone.localdate())
    return age is not None and age < ADULT_YEARS


def check_age(
    by: Viewer, nominal: Nominal, owner: Organisation, on: datetime.date | None
) -> None:
    """Raise where age forbids a membership from day ``on`` (None: today).

    Raises:
        SafeguardingRoute: the person was below the age of criminal responsibility.
        ApprovalNeeded: the person is under 18 and ``by`` is no supervisor.
    """
    least = RESPONSIBLE_YEARS.get(owner.jurisdiction, RESPONSIBLE_YEARS_ELSEWHERE)
    age = youngest_age(nominal, on or timezone.localdate())
    if age is not None and age < least:
        raise SafeguardingRoute(
            f"The person may have been under {least}, the age of criminal "
            "responsibility, and is never recorded as a member. Record an involvement "
            "as an exploited person and make a safeguarding referral; if the birth date "
            "is wrong or inexact, correct it first.",
            field="nominal",
            least_years=least,
        )
    check_child(by, nominal)


def check_child(by: Viewer, nominal: Nominal) -> None:
    """Raise unless the person is an adult, or ``by`` may approve that they are not.

    Raises:
        ApprovalNeeded: the person may be under 18 and ``by`` is no supervisor.
    """
    if may_be_child(nominal) and not by.has(Right.APPROVE):
        raise ApprovalNeeded(
            f"The person may be under {ADULT_YEARS}: a supervisor must make this entry. "
            "Ask one, or record an involvement as an exploited person.",
            field="nominal",
        )


def check_can_retain(by: Viewer, record: TopRecord) -> None:
    """Raise unless ``by`` may put ``record`` on legal hold or take it off.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        RightMissing: the right of a records manager is missing.
        NotOwner: the record is another organisation's.
    """
    check_sees(by, record)
    check_has(by, Right.DISPOSE)
    if record.owner_id != by.organisation_id:
        raise NotOwner(
            f"This record belongs to {record.owner.short_name}. Only its own records "
            "manager may do this.",
            owner=record.owner.code,
        )
