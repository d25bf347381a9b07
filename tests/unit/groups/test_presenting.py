"""What pages say of dates, as far as they are known."""

import datetime

import pytest

from groups.forms.fields import as_known
from groups.models import Membership
from groups.views.cards import period
from ocgmap.common.date_fields import PreciseDate
from ocgmap.common.records import Precision

DAY = datetime.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (DAY, "day", DAY),
        (DAY, "month", datetime.date(2024, 3, 31)),
        (datetime.date(2024, 1, 1), "year", datetime.date(2024, 12, 31)),
        (datetime.date(2024, 1, 1), "circa", datetime.date(2024, 12, 31)),
        (DAY, "circa", datetime.date(2024, 3, 31)),
        (datetime.date(2024, 3, 9), "circa", datetime.date(2024, 3, 9)),
        (DAY, "unknown", DAY),
    ],
)
def test_day_is_known_as_far_as_its_precision(
    day: datetime.date, precision: str, last: datetime.date
) -> None:
    assert as_known(day, precision) == PreciseDate(day, last, Precision(precision))


def test_no_day_is_not_known() -> None:
    assert as_known(None, "day") == PreciseDate(None, None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("start", "end", "precision", "text"),
    [
        (None, None, "unknown", "Not known"),
        (DAY, None, "day", "Since 1 March 2024"),
        (DAY, None, "circa", "Since about March 2024"),
        (DAY, datetime.date(2025, 5, 2), "month", "March 2024 to 2 May 2025"),
        (None, DAY, "unknown", "Until 1 March 2024"),
    ],
)
def test_period_in_words(
    start: datetime.date | None, end: datetime.date | None, precision: str, text: str
) -> None:
    assert period(Membership(from_on=start, to_on=end, precision=precision)) == text
