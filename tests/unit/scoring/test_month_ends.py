"""The last twelve month ends before any day."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from scoring.picture.trend import MONTHS, month_ends

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))


@given(DAYS)
def test_each_is_the_last_day_of_its_month_and_over(day: datetime.date) -> None:
    ends = month_ends(day)
    assert len(ends) == MONTHS
    assert list(ends) == sorted(ends)
    assert ends[-1] < day
    assert (day - ends[-1]).days <= 31
    for end in ends:
        assert (end + datetime.timedelta(days=1)).day == 1
    assert len({(end.year, end.month) for end in ends}) == MONTHS
