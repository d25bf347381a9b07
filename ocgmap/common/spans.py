"""The month and the year that a day lies in."""

import calendar
from datetime import date


def end_of_month(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def end_of_year(day: date) -> date:
    """Return the last day of the year."""
    return day.replace(month=12, day=31)
