"""Dates in three boxes: what is taken, and how a refusal is worded."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.date_fields import (
    DateParts,
    GovukDateField,
    PreciseDate,
    PreciseDateField,
)
from ocgmap.common.records import Precision

EXACT = GovukDateField(label="Received")
PRECISE = PreciseDateField(label="Event", required=False)


def refusal(field: GovukDateField, *boxes: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        field.clean(list(boxes))
    return caught.value


@pytest.mark.parametrize("month", ["2", "02", "feb", "February", " FEB "])
def test_month_may_be_a_number_or_a_word(month: str) -> None:
    assert EXACT.clean(["29", month, "2024"]) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("boxes", "parts", "words"),
    [
        pytest.param(("", "", ""), "day month year", "must be filled in", id="blank"),
        pytest.param(("1", "", "2024"), "month", "must include a month", id="gap"),
        pytest.param(
            ("29", "2", "2025"),
            "day",
            "must be a real date: February 2025 has 28 days. Enter a day from 1 to 28",
            id="impossible",
        ),
        pytest.param(("1", "13", "2024"), "month", "from 1 to 12", id="month"),
        pytest.param(("0", "1", "2024"), "day", "from 1 to 31", id="day"),
        pytest.param(("1" * 5000, "1", "2024"), "day", "from 1 to 31", id="huge-day"),
        pytest.param(("1", "1" * 5000, "2024"), "month", "1 to 12", id="huge-month"),
        pytest.param(("1", "1", "24"), "year", "four figures", id="short-year"),
        pytest.param(("1", "1", "0000"), "year", "from 1 to 9999", id="year-nought"),
        pytest.param(("x", "1", "2024"), "day", "Correct the day", id="letters"),
        pytest.param(("1", "1", "1850"), "year", "must not be before", id="too-early"),
    ],
)
def test_refusal_names_field_rule_cure_and_boxes(
    boxes: tuple[str, ...], parts: str, words: str
) -> None:
    error = refusal(EXACT, *boxes)

    assert error.message.startswith("Received ")
    assert words in error.message
    assert error.params == {"parts": tuple(parts.split())}


@time_machine.travel("2026-06-30T23:30:00Z", tick=False)
def test_today_is_the_day_in_london() -> None:
    assert EXACT.clean(["1", "7", "2026"]) == date(2026, 7, 1)
    assert "must not be in the future" in refusal(EXACT, "2", "7", "2026").message


def test_future_is_taken_where_it_makes_sense() -> None:
    field = GovukDateField(label="Review", allow_future=True)

    assert field.clean(["1", "1", "2999"]) == date(2999, 1, 1)


def test_optional_date_may_be_blank() -> None:
    assert GovukDateField(required=False).clean(["", "", ""]) is None
    assert GovukDateField(required=False).clean(None) is None


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        (("27", "3", "2025", ""), ("2025-03-27", "2025-03-27", Precision.DAY)),
        (("", "2", "2024", ""), ("2024-02-01", "2024-02-29", Precision.MONTH)),
        (("", "", "2024", ""), ("2024-01-01", "2024-12-31", Precision.YEAR)),
        (("", "", "2024", "circa"), ("2024-01-01", "2024-12-31", Precision.CIRCA)),
    ],
)
def test_typed_boxes_decide_the_precision(
    boxes: tuple[str, ...], expected: tuple[str, str, Precision]
) -> None:
    first, last, precision = expected

    assert PRECISE.clean(list(boxes)) == PreciseDate(
        date.fromisoformat(first), date.fromisoformat(last), precision
    )


@pytest.mark.parametrize("boxes", [["", "", "", ""], ["", "", "", "unknown"]])
def test_unknown_date_has_no_ends(boxes: list[str]) -> None:
    assert PRECISE.clean(boxes) == PreciseDate(None, None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (("1", "", "2024", ""), "must include a month"),
        (("", "3", "", ""), "must include a year"),
        (("1", "3", "", ""), "must include a year"),
        (("", "", "2024", "unknown"), "marked as not known"),
        (("", "", "2999", ""), "must not be in the future"),
    ],
)
def test_half_a_date_is_refused(boxes: tuple[str, ...], words: str) -> None:
    assert words in refusal(PRECISE, *boxes).message


def test_required_date_may_be_said_to_be_unknown() -> None:
    field = PreciseDateField(label="Event")

    assert field.clean(["", "", "", "unknown"]).precision is Precision.UNKNOWN
    assert "must be filled in" in refusal(field, "", "", "", "").message


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 1, 1)))
def test_date_shown_and_sent_back_is_the_same(day: date) -> None:
    assert EXACT.clean(DateParts().decompress(day)) == day
    assert not EXACT.has_changed(day, DateParts().decompress(day))


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 1, 1)),
    st.sampled_from(["day", "month", "year"]),
    st.booleans(),
)
def test_precise_date_shown_and_sent_back_is_the_same(
    day: date, known_to: str, about: bool
) -> None:
    boxes = [str(day.day), str(day.month), str(day.year), "circa" if about else ""]
    if known_to != "day":
        boxes[0] = ""
    if known_to == "year":
        boxes[1] = ""
    held = PRECISE.clean(boxes)

    assert PRECISE.clean(DateParts(precise=True).decompress(held)) == held
