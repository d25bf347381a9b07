from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from groups.models.crime_group import Tier
from groups.review_policy import POLICY, last_day, months_for

days = st.dates(date(2020, 1, 1), date(2060, 1, 1))
months = st.integers(1, 12)


def test_every_tier_has_its_months():
    assert set(POLICY.months) == set(Tier.values)
    assert all(1 <= number <= 12 for number in POLICY.months.values())


@given(st.sampled_from(Tier.values), months)
def test_an_own_choice_is_never_laxer(tier, own):
    assert months_for(tier, own) <= months_for(tier, None)
    assert months_for(tier, own) in {own, POLICY.months[tier]}


@given(days, months, months)
def test_more_months_end_later(day, fewer, more):
    fewer, more = sorted((fewer, more))
    assert day < last_day(day, fewer) <= last_day(day, more)


@given(days, months)
def test_the_last_day_lies_so_many_months_on(day, number):
    found = last_day(day, number)
    passed = (found.year - day.year) * 12 + found.month - day.month
    assert passed == number
    is_cut = (found + timedelta(days=1)).month != found.month
    assert found.day == day.day or (found.day < day.day and is_cut)


def test_the_end_of_a_month_stays_in_its_month():
    assert last_day(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert last_day(date(2027, 8, 31), 6) == date(2028, 2, 29)
