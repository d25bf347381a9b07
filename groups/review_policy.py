"""How often a group of each tier is looked at again: the policy as a table. Pure."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, eq=False)
class ReviewPolicy:
    """One version of the policy: at most so many months to the next review, by tier."""

    version: str
    standing: str
    source: str
    effective_on: date
    months: Mapping[str, int]


POLICY: Final = ReviewPolicy(
    version="1",
    standing="Local configuration, to be confirmed: no published text gives intervals.",
    source="Reports of HMIC ask for active groups to be scored again from time to time; "
    "the numbers are this project's own.",
    effective_on=date(2026, 11, 1),
    months=MappingProxyType({"national": 6, "regional": 6, "force": 12, "none": 12}),
)


def months_for(tier: str, own: int | None, policy: ReviewPolicy = POLICY) -> int:
    """Return how many months may pass; a body's ``own`` choice counts if stricter."""
    most = policy.months[tier]
    return most if own is None else min(most, own)


def last_day(today: date, months: int) -> date:
    """Return the last day on which a review may be set: the same day so many months on.

    A day that the later month lacks becomes the last day of that month.
    """
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, longest))
