"""People: record a nominal, change what is said of them.

Source of the rules on names and birth dates: Minimum POLE Data Standards v1.1.
"""

import datetime
import re
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.involvements import add_involvement, edit_involvement
from groups.actions.memberships import add_member, edit_member
from groups.actions.records import (
    because,
    changed_names,
    check_fields,
    class_chosen,
    swap,
)
from groups.exceptions import InvalidRecord
from groups.models import Membership, Nominal
from groups.permissions import check_age, check_can_edit, check_can_record
from ocgmap.common.errors import AppError
from ocgmap.common.once import insert_new

__all__ = [
    "NominalChanges",
    "NominalDetails",
    "add_involvement",
    "add_member",
    "create_nominal",
    "edit_involvement",
    "edit_member",
    "edit_nominal",
]

OLDEST_YEARS = 120
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "prof",
    ]
)
_PLACEHOLDERS = frozenset(
    ["unknown", "unk", "nk", "n/k", "not known", "n/a", "na", "none", "anon", "?", "-"]
)
# Letters of any script with their marks, and what joins the parts of a name.
_NAME = re.compile(r"[^\W\d_]([^\W\d_]|[\s'’.\-]|[\u0300-\u036f])*")
_NAME_WORDS = {"given_names": "Given names", "surname": "The surname"}


class NominalDetails(TypedDict, total=False):
    """What may be said of a person."""

    given_names: str
    surname: str
    is_identified: bool
    designation: str
    born_from: datetime.date | None
    born_to: datetime.date | None
    born_precision: str
    gender: str
    deceased_on: datetime.date | None
    compartments: Iterable[int]


class NominalChanges(TypedDict, total=False):
    """What may be changed of a person by an edit; left out means unchanged."""

    given_names: str
    surname: str
    is_identified: bool
    designation: str
    born_from: datetime.date | None
    born_to: datetime.date | None
    born_precision: str
    gender: str
    deceased_on: datetime.date | None
    reason: str


def create_nominal(
    *,
    by: Viewer,
    owner: Organisation,
    sharing: str | None = None,
    access_class_id: int | None = None,
    sharing_reason: str = "",
    **details: Unpack[NominalDetails],
) -> Nominal:
    """Record a person of ``owner``, shared as chosen or labelled like another record.

    Raises:
        PermissionDenied: ``by`` may not record for ``owner``.
        NotFound: the class is not one that ``by`` sees.
        UnknownSharing: the sharing or a compartment is not one to choose.
        InvalidRecord: a value is not allowed.
    """
    check_can_record(by, owner)
    values: dict[str, Any] = {**details}
    compartments = values.pop("compartments", ())
    with transaction.atomic():
        nominal = Nominal(owner=owner, **_trimmed(values))
        _check(nominal)
        nominal.access_class_id = class_chosen(
            by, owner, sharing, access_class_id, compartments
        )
        insert_new(nominal)
        audit.record(
            AuditKind.COLLECTION,
            "groups.Nominal",
            [nominal.pk],
            reason=sharing_reason,
            detail={"sharing": sharing},
        )
    return nominal


def edit_nominal(
    *, by: Viewer, nominal: Nominal, version: int, **changes: Unpack[NominalChanges]
) -> Nominal:
    """Change what is said of a person, if they still have ``version``; return them.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the person.
        StaleVersion: someone else changed them meanwhile; nothing was written.
        InvalidRecord: a value is not allowed.
        SafeguardingRoute, ApprovalNeeded: by the new birth date the person was a child
            at a membership that stands.
    """
    check_can_edit(by, nominal)
    values: dict[str, Any] = {**changes}
    reason = values.pop("reason", "")
    values = _trimmed(values)
    names = changed_names(nominal, values)
    with because(reason), transaction.atomic():
        fresh = swap(by, nominal, version, values)
        _check(fresh)
        if "born_from" in names or "born_to" in names:
            check_memberships(by, fresh)
        audit.record(
            AuditKind.ALTERATION,
            "groups.Nominal",
            [fresh.pk],
            reason=reason,
            detail={"fields": names},
        )
    return fresh


def check_memberships(by: Viewer, nominal: Nominal) -> None:
    """Raise where the person's age forbids a membership that stands.

    Raises:
        SafeguardingRoute, ApprovalNeeded: as `check_age`.
    """
    rows = Membership.objects.visible_to(by).open().filter(nominal=nominal)
    for row in rows.select_related("group__owner"):
        try:
            check_age(by, nominal, row.group.owner, row.from_on)
        except AppError as error:
            error.field = "born"
            raise


def _trimmed(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with single spaces inside names and none around them."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _check(nominal: Nominal) -> None:
    """Raise unless the person's own values are allowed."""
    check_fields(nominal)
    for name, words in _NAME_WORDS.items():
        _check_name(name, words, getattr(nominal, name))
    if nominal.is_identified and not nominal.surname:
        raise InvalidRecord(
            "Enter the surname, or say that the person is not identified and enter a "
            "designation.",
            field="surname",
        )
    if not nominal.is_identified and not nominal.designation:
        raise InvalidRecord(
            "Enter a designation for a person who is not identified, for example "
            "“Male 2, black van”.",
            field="designation",
        )
    _check_birth(nominal)


def _check_name(field: str, words: str, value: str) -> None:
    if not value:
        return
    if any(character.isdigit() for character in value):
        raise InvalidRecord(
            f"{words} must not hold figures. Leave them out; a number that stands for "
            "an unidentified person is a designation.",
            field=field,
        )
    if value.casefold() in _PLACEHOLDERS:
        raise InvalidRecord(
            f"{words} must not say that the name is unknown. Leave it empty and say that "
            "the person is not identified.",
            field=field,
        )
    if not _NAME.fullmatch(value):
        raise InvalidRecord(
            f"{words} may hold letters, spaces, hyphens and apostrophes only. Record an "
            "other name as an alias.",
            field=field,
        )
    first = value.split()[0].rstrip(".").casefold()
    if field == "given_names" and first in _TITLES:
        raise InvalidRecord(
            f"{words} must not begin with a title. Leave “{value.split()[0]}” out.",
            field=field,
        )


def _check_birth(nominal: Nominal) -> None:
    today = timezone.localdate()
    first, last = nominal.born_from, nominal.born_to
    if (first is None) != (last is None):
        raise InvalidRecord(
            "The birth date needs the first and the last day it can be. Give both or "
            "neither.",
            field="born",
        )
    if first and last and first > last:
        raise InvalidRecord(
            "The first possible birth date is after the last. Swap them.", field="born"
        )
    if first and first > today:
        raise InvalidRecord(
            "The birth date must not be in the future. Correct the year.", field="born"
        )
    if last and last.year < today.year - OLDEST_YEARS:
        raise InvalidRecord(
            f"The birth date must not be more than {OLDEST_YEARS} years ago. Correct the "
            "year.",
            field="born",
        )
    died = nominal.deceased_on
    if died and (died > today or (first and died < first)):
        raise InvalidRecord(
            "The date of death must be after the birth and not in the future. Correct "
            "it.",
            field="deceased_on",
        )
