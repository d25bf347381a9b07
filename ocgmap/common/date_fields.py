"""Dates typed as day, month and year, with errors that name field, rule and cure.

Three boxes and no calendar: people know most dates by heart, and a date that is
known only to the month or the year must be possible to say.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ocgmap.common.records import Precision
from ocgmap.common.spans import end_of_month, end_of_year

PARTS = ("day", "month", "year")
MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
EARLIEST = date(1900, 1, 1)
AS_TYPED = ""
MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PreciseDate:
    """The days between which something happened, and how exactly that is known.

    Both ends are None when, and only when, the precision is unknown.
    """

    first: date | None
    last: date | None
    precision: Precision


def date_text(day: date) -> str:
    """Return a date as GOV.UK writes it: 7 March 2025."""
    return f"{day.day} {day:%B %Y}"


class DateParts(forms.MultiWidget):
    """Three text boxes for a date; with ``precise``, a list that says how exact."""

    template_name = "django/forms/widgets/date_parts.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, precise: bool = False
    ) -> None:
        self.precise = precise
        self.wrong_parts: frozenset[str] = frozenset()
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput() for part in PARTS
        }
        if precise:
            widgets["precision"] = forms.Select(
                choices=[
                    (AS_TYPED, "As typed"),
                    (Precision.CIRCA, "About this date"),
                    (Precision.UNKNOWN, "Not known"),
                ]
            )
        super().__init__(widgets, attrs)

    def decompress(self, value: date | PreciseDate | None) -> list[str]:
        """Return the text of each box for a date already held."""
        if isinstance(value, PreciseDate):
            return _boxes(value)
        parts = (value.day, value.month, value.year) if value else ("", "", "")
        boxes = [str(part) for part in parts]
        return [*boxes, AS_TYPED] if self.precise else boxes

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Add each box's own label and whether it is the one in error."""
        context = super().get_context(name, value, attrs)
        parts = [*PARTS, "precision"] if self.precise else PARTS
        for part, box in zip(parts, context["widget"]["subwidgets"], strict=True):
            box["part"] = part
            box["is_wrong"] = part in self.wrong_parts
        return context

    def id_for_label(self, id_: str) -> str:
        """Return the first wrong box, else the first: where an error link leads."""
        index = next((i for i, p in enumerate(PARTS) if p in self.wrong_parts), 0)
        return f"{id_}_{index}"


class GovukDateField(forms.Field):
    """A calendar date from three boxes; ``clean`` gives a date, or None when blank.

    Raises a ValidationError whose ``params["parts"]`` names the boxes in error.
    """

    widget = DateParts

    def __init__(
        self,
        *,
        allow_future: bool = False,
        earliest: date = EARLIEST,
        **kwargs: Any,
    ) -> None:
        self.allow_future = allow_future
        self.earliest = earliest
        super().__init__(**kwargs)

    @property
    def name(self) -> str:
        """Return what the officer calls this date."""
        return str(self.label or "The date")

    def clean(self, value: Any) -> Any:
        """Return the date, or None for three empty boxes of an optional field."""
        typed = _typed(value)
        if not any(typed[part] for part in PARTS):
            return self.clean_blank()
        return self.clean_date(typed)

    def clean_blank(self) -> date | None:
        """Return None, or refuse the blank where a date is required."""
        if self.required:
            raise self.error(
                "must be filled in.",
                "Enter a day, month and year, for example 27 3 2025.",
                *PARTS,
                code="required",
            )
        return None

    def clean_date(self, typed: dict[str, str]) -> date:
        """Return the date typed, when it is whole, real and within bounds."""
        self.refuse_missing([part for part in PARTS if not typed[part]])
        day = self.whole_date(
            self.number(typed, "day"),
            self.number(typed, "month"),
            self.number(typed, "year"),
        )
        self.refuse_out_of_bounds(day)
        return day

    def refuse_missing(self, missing: list[str]) -> None:
        """Raise when a box that is needed was left empty."""
        if missing:
            boxes = " and a ".join(missing)
            cure = f"Enter the {' and the '.join(missing)}."
            raise self.error(f"must include a {boxes}.", cure, *missing)

    def number(self, typed: dict[str, str], part: str) -> int:
        """Return the number in one box; months may be words."""
        text = typed[part]
        if part == "month" and text.lower() in MONTHS:
            return MONTHS[text.lower()]
        if part == "year" and not (text.isdecimal() and len(text) == 4):
            raise self.error(
                "must have a year of four figures.", "Enter it like 2025.", part
            )
        most = {"day": 31, "month": 12, "year": 9999}[part]
        # Longer texts are not read at all: Python refuses a number of 4,300 digits.
        is_number = text.isdecimal() and len(text) <= MOST_DIGITS
        if not is_number or not 1 <= int(text) <= most:
            raise self.error(
                f"must be a real date: the {part} is a number from 1 to {most}.",
                f"Correct the {part}.",
                part,
            )
        return int(text)

    def whole_date(self, day: int, month: int, year: int) -> date:
        """Return the date, or refuse a day that its month does not have."""
        length = calendar.monthrange(year, month)[1]
        if day > length:
            raise self.error(
                f"must be a real date: {calendar.month_name[month]} {year} has "
                f"{length} days.",
                f"Enter a day from 1 to {length}.",
                "day",
                code="impossible_date",
            )
        return date(year, month, day)

    def refuse_out_of_bounds(self, day: date) -> None:
        """Raise when the date is after today in London, or before the earliest."""
        today = timezone.localdate()
        if day > today and not self.allow_future:
            raise self.error(
                "must not be in the future.",
                f"Enter {date_text(today)} or an earlier date.",
                *PARTS,
                code="future_date",
            )
        if day < self.earliest:
            raise self.error(
                f"must not be before {date_text(self.earliest)}.",
                "Check the year.",
                "year",
            )

    def error(
        self, rule: str, cure: str, *parts: str, code: str = "invalid_date"
    ) -> ValidationError:
        """Return an error that names this field, the rule and the cure."""
        return ValidationError(
            f"{self.name} {rule} {cure}", code=code, params={"parts": parts}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the boxes differ from what was first shown."""
        if not isinstance(self.widget, DateParts):
            return super().has_changed(initial, data)
        return self.widget.decompress(initial) != [str(box) for box in data or []]


class PreciseDateField(GovukDateField):
    """A date known to the day, month or year, about, or not at all.

    ``clean`` gives a `PreciseDate`: the typed boxes decide day, month or year, the
    list beside them turns it into "about" or "not known".
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateParts(precise=True))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> PreciseDate:
        """Return the interval and its precision; unknown for a blank."""
        typed = _typed(value)
        given = [part for part in PARTS if typed[part]]
        if typed["precision"] == Precision.UNKNOWN:
            return self.clean_unknown(given)
        if not given:
            self.clean_blank()
            return PreciseDate(None, None, Precision.UNKNOWN)
        found = self.clean_interval(typed, given)
        if typed["precision"] == Precision.CIRCA:
            return PreciseDate(found.first, found.last, Precision.CIRCA)
        return found

    def clean_unknown(self, given: list[str]) -> PreciseDate:
        """Return an unknown date, or refuse one that is typed all the same."""
        if given:
            raise self.error(
                "is marked as not known but has a date.",
                "Empty the boxes, or choose “As typed” or “About this date”.",
                *given,
            )
        return PreciseDate(None, None, Precision.UNKNOWN)

    def clean_interval(self, typed: dict[str, str], given: list[str]) -> PreciseDate:
        """Return the first and last day that what was typed can mean."""
        missing = ["month"] if given == ["day", "year"] else []
        self.refuse_missing([*missing, *([] if "year" in given else ["year"])])
        year = self.number(typed, "year")
        if given == ["year"]:
            start = date(year, 1, 1)
            span = (start, end_of_year(start), Precision.YEAR)
        else:
            month = self.number(typed, "month")
            if "day" in given:
                day = self.whole_date(self.number(typed, "day"), month, year)
                span = (day, day, Precision.DAY)
            else:
                start = date(year, month, 1)
                span = (start, end_of_month(start), Precision.MONTH)
        self.refuse_out_of_bounds(span[0])
        return PreciseDate(*span)


def _typed(value: Any) -> dict[str, str]:
    """Return what stands in each box, trimmed; a missing box is empty."""
    boxes = [str(box or "").strip() for box in value or []]
    boxes += [""] * (4 - len(boxes))
    return dict(zip([*PARTS, "precision"], boxes, strict=False))


def _boxes(value: PreciseDate) -> list[str]:
    """Return the four boxes for a date held with its precision."""
    if value.first is None or value.last is None:
        known = value.precision != Precision.UNKNOWN
        return ["", "", "", AS_TYPED if known else Precision.UNKNOWN.value]
    is_day = value.first == value.last
    is_month = value.first.replace(day=1) == value.last.replace(day=1)
    circa = value.precision == Precision.CIRCA
    return [
        str(value.first.day) if is_day else "",
        str(value.first.month) if is_day or is_month else "",
        str(value.first.year),
        Precision.CIRCA.value if circa else AS_TYPED,
    ]
