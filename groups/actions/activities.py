"""What a group does, where and how much."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TypeVar, Unpack

from django.db import transaction

from accounts import audit
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import Telling, check_fields, held, new_fact
from groups.actions.reference import FOLDER
from groups.exceptions import InvalidRecord
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    Offence,
    ThreatType,
)
from groups.normalise import misfit, normalise
from groups.permissions import check_can_edit
from ocgmap.common.reference import read_groups

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "kg": "Kilograms",
        "tonnes": "Tonnes",
        "litres": "Litres",
        "plants": "Plants",
        "tablets": "Tablets",
        "items": "Items",
        "rounds": "Rounds",
        "gbp": "Pounds sterling",
    }
)
MOST_DIGITS = Decimal(10) ** 13
R = TypeVar("R", ActivityPlace, ActivityQuantity)


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A place to record: an area of a force, a postcode district, or a country."""

    role: str
    area: Organisation | None = None
    outcode: str = ""
    country: str = "GB"


@dataclass(frozen=True, slots=True)
class QuantityDraft:
    """How much to record: an amount, or a range from low to high, with its unit."""

    commodity: str
    unit: str
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@cache
def commodities() -> Mapping[str, str]:
    """Return the name of every commodity by its code, from the reference files."""
    found = read_groups(FOLDER).commodities
    return MappingProxyType({one.code: one.name for one in found})


def add(
    *,
    by: Viewer,
    group: CrimeGroup,
    threat_type: ThreatType,
    offence: Offence | None = None,
    modus: str = "",
    places: Iterable[PlaceDraft] = (),
    quantities: Iterable[QuantityDraft] = (),
    **told: Unpack[Telling],
) -> Activity:
    """Record an activity of a group with its places and quantities, all or nothing.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        InvalidRecord: a value is not allowed; `row` in its details is the place or
            quantity at fault, counted from 0.
    """
    check_can_edit(by, group)
    with transaction.atomic():
        now = held(by, group)
        activity = new_fact(
            Activity(
                group=now,
                owner_id=now.owner_id,
                threat_type=threat_type,
                offence=offence,
                modus=modus,
            ),
            by,
            [now],
            told,
        )
        found = [place_of(activity, row, one) for row, one in enumerate(places)]
        ActivityPlace.objects.bulk_create(found)
        amounts = [
            quantity_of(activity, row, one) for row, one in enumerate(quantities)
        ]
        ActivityQuantity.objects.bulk_create(amounts)
        audit.record(
            AuditKind.COLLECTION,
            "groups.Activity",
            [activity.pk],
            detail={
                "group": now.pk,
                "places": len(found),
                "quantities": len(amounts),
            },
        )
    return activity


def place_of(activity: Activity, row: int, draft: PlaceDraft) -> ActivityPlace:
    """Return the place that a draft describes, not yet saved.

    Raises:
        InvalidRecord: a value is not allowed; `row` in its details is ``row``.
    """
    outcode = normalise("outcode", draft.outcode)
    if outcode and misfit("outcode", outcode):
        raise InvalidRecord(misfit("outcode", draft.outcode), field="outcode", row=row)
    if not re.fullmatch(r"[A-Z]{2}", draft.country.upper()):
        raise InvalidRecord(
            "The country is a code of two letters. Enter it like GB.",
            field="country",
            row=row,
        )
    place = ActivityPlace(
        activity=activity,
        owner_id=activity.owner_id,
        access_class_id=activity.access_class_id,
        role=draft.role,
        area=draft.area,
        outcode=outcode,
        country=draft.country.upper(),
    )
    if not (draft.area or outcode or place.country != "GB"):
        raise InvalidRecord(
            "Say where: choose a force area, enter a postcode district, or enter "
            "another country.",
            field="area",
            row=row,
        )
    return _checked(place, row)


def quantity_of(activity: Activity, row: int, draft: QuantityDraft) -> ActivityQuantity:
    """Return the quantity that a draft describes, not yet saved.

    Raises:
        InvalidRecord: a value is not allowed; `row` in its details is ``row``.
    """
    if draft.commodity not in commodities():
        raise InvalidRecord(
            f"“{draft.commodity}” is no commodity. Choose one from the list.",
            field="commodity",
            row=row,
        )
    if draft.unit not in UNITS:
        raise InvalidRecord(
            f"“{draft.unit}” is no unit. Use one of: {', '.join(UNITS)}.",
            field="unit",
            row=row,
        )
    _check_amounts(draft, row)
    return _checked(
        ActivityQuantity(
            activity=activity,
            owner_id=activity.owner_id,
            access_class_id=activity.access_class_id,
            commodity=draft.commodity,
            amount=draft.amount,
            low=draft.low,
            high=draft.high,
            unit=draft.unit,
            currency="GBP" if draft.unit == "gbp" else "",
        ),
        row,
    )


def _check_amounts(draft: QuantityDraft, row: int) -> None:
    given = {
        name: value
        for name in ("amount", "low", "high")
        if (value := getattr(draft, name)) is not None
    }
    if not given:
        raise InvalidRecord(
            "Enter an amount, or a range from low to high.", field="amount", row=row
        )
    for name, value in given.items():
        if not value.is_finite() or not 0 <= value < MOST_DIGITS:
            raise InvalidRecord(
                "An amount is a number from 0 up to 13 figures. Correct it.",
                field=name,
                row=row,
            )
    if draft.low is not None and draft.high is not None and draft.low > draft.high:
        raise InvalidRecord(
            "The low end of the range is above the high end. Swap them.",
            field="high",
            row=row,
        )


def _checked(record: R, row: int) -> R:
    try:
        check_fields(record)
    except InvalidRecord as error:
        error.details["row"] = row
        raise
    return record
