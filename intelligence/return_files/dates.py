"""Dates as people write them in a table: a day, or known in part."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

DAY_CURE: Final = "Write it like 2026-03-07 or 07/03/2026."
PART_CURE: Final = "Write a day (2026-03-07), a month (2026-03) or a year (2026)."
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_YEAR_LAST = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{2,4})")
_WORDED = re.compile(r"(?:(\d{1,2})\s+)?([a-z]{3,9})\.?\s+(\d{4})", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_CLOCK = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?$")
_ABOUT = re.compile(r"^(?:about|circa|ca\.|c\.|~)\s*", re.IGNORECASE)


class NotADate(ValueError):
    """What was written is no date; `rule` and `cure` say why and what to do."""

    def __init__(self, rule: str, cure: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Partial:
    """The days between which something happened; precision as records keep it."""

    first: date | None
    last: date | None
    precision: str


NOT_KNOWN: Final = Partial(None, None, "unknown")


def partial(text: str) -> Partial:
    """Return the days that the text can mean; an empty one is not known.

    Raises:
        NotADate: it is no day, month or year.
    """
    plain = _CLOCK.sub("", text.strip())
    if not plain or plain.lower() in {"unknown", "not known"}:
        return NOT_KNOWN
    rest = _ABOUT.sub("", plain)
    found = _interval(rest)
    if rest != plain:
        return Partial(found.first, found.last, "circa")
    return found


def day(text: str) -> date:
    """Return the day that the text means.

    Raises:
        NotADate: it is no date, or only a month or a year.
    """
    found = _interval(_CLOCK.sub("", text.strip()))
    if found.precision != "day" or found.first is None:
        raise NotADate("This needs an exact day, not a month or a year.", DAY_CURE)
    return found.first


def _interval(text: str) -> Partial:
    year, month, number = _parts(text)
    if month is None:
        return Partial(date(year, 1, 1), date(year, 12, 31), "year")
    if not 1 <= month <= 12:
        raise NotADate(
            f"There is no month {month}.",
            "Write the year first, or day, month and year in this order.",
        )
    length = calendar.monthrange(year, month)[1]
    if number is None:
        return Partial(date(year, month, 1), date(year, month, length), "month")
    if not 1 <= number <= length:
        name = f"{calendar.month_name[month]} {year}"
        raise NotADate(f"{name} has {length} days.", "Correct the day.")
    return Partial(date(year, month, number), date(year, month, number), "day")


def _parts(text: str) -> tuple[int, int | None, int | None]:
    """Return year, month and day as numbers, the last two None where left out."""
    if re.fullmatch(r"\d{4}", text) and int(text) > 0:
        return int(text), None, None
    if _SERIAL.fullmatch(text):
        raise NotADate(
            "This is the number by which a spreadsheet stores a date; a text file does "
            "not say from which day it counts.",
            f"Format the column as dates before saving. {DAY_CURE}",
        )
    worded = _WORDED.fullmatch(text)
    if worded and worded[2].lower() in _MONTHS:
        number = int(worded[1]) if worded[1] else None
        return _year(worded[3]), _MONTHS[worded[2].lower()], number
    return _separated(text)


def _separated(text: str) -> tuple[int, int | None, int | None]:
    """Return the parts of a date in figures: the year first, or the day or month."""
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _year(found[1]), int(found[2]), int(found[3]) if found[3] else None
    found = _YEAR_LAST.fullmatch(text)
    if found:
        return _year(found[3]), int(found[2]), int(found[1]) if found[1] else None
    raise NotADate("This is not a date.", PART_CURE)


def _year(text: str) -> int:
    if len(text) != 4 or int(text) == 0:
        raise NotADate("A year has four figures.", DAY_CURE)
    return int(text)
