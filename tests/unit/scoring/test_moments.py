"""The moment of an as-at date: the end of that day as London counts it."""

import datetime

import pytest
import time_machine

from scoring.exceptions import UnknownFilter
from scoring.picture import moment_of

UTC = datetime.UTC


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        pytest.param(
            datetime.date(2026, 1, 15),
            datetime.datetime(2026, 1, 15, 23, 59, 59, 999999, UTC),
            id="winter",
        ),
        pytest.param(
            datetime.date(2026, 7, 15),
            datetime.datetime(2026, 7, 15, 22, 59, 59, 999999, UTC),
            id="summer",
        ),
        pytest.param(
            datetime.date(2026, 3, 29),
            datetime.datetime(2026, 3, 29, 22, 59, 59, 999999, UTC),
            id="the clocks go forward",
        ),
        pytest.param(
            datetime.date(2026, 10, 25),
            datetime.datetime(2026, 10, 25, 23, 59, 59, 999999, UTC),
            id="the clocks go back",
        ),
    ],
)
@time_machine.travel("2026-11-20T12:00:00Z", tick=False)
def test_end_of_the_day(day: datetime.date, ends: datetime.datetime) -> None:
    moment = moment_of(day)
    assert moment.instant == ends
    assert not moment.is_now


@pytest.mark.parametrize("day", [datetime.date.min, datetime.date(1899, 12, 31)])
def test_a_day_before_all_records_is_refused(day: datetime.date) -> None:
    with pytest.raises(UnknownFilter, match="before 1 January 1900") as caught:
        moment_of(day)
    assert caught.value.field == "at"


@time_machine.travel("2026-07-15T23:30:00Z", tick=False)
def test_today_is_londons_and_is_now() -> None:
    today = datetime.date(2026, 7, 16)
    assert moment_of(None) == moment_of(today)
    assert moment_of(today).day == today
    assert moment_of(today).is_now
    assert not moment_of(datetime.date(2026, 7, 15)).is_now
    with pytest.raises(UnknownFilter):
        moment_of(datetime.date(2026, 7, 17))
