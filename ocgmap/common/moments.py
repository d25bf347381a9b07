"""Moments as callers write them: with their offset, and turned to UTC before they are used.

PostgreSQL reads no offset beyond sixteen hours, where Python reads up to a day.
"""

import datetime

from django.utils.dateparse import parse_datetime


def moment_of(text: str) -> datetime.datetime | None:
    """Return the moment in UTC that a text says; None where it says none, or no offset."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return in_utc(moment)


def in_utc(moment: datetime.datetime) -> datetime.datetime | None:
    """Return a moment in UTC; None where that is outside the calendar."""
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        return None
