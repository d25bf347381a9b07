"""Drift: by how much second scores lie above first ones; nothing of fewer than ten."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.agreement import LEAST_SCORES
from scoring.agreement.drift import drift_of

steps = st.lists(st.integers(-3, 3), min_size=1, max_size=6)


@given(st.lists(steps, max_size=LEAST_SCORES - 1))
def test_of_fewer_than_ten_nothing_is_told(scores):
    assert drift_of(scores) is None


@settings(deadline=None, max_examples=30)
@given(st.lists(steps, min_size=LEAST_SCORES, max_size=15))
def test_it_is_the_mean_inside_its_interval_whatever_the_order(scores):
    found = drift_of(scores)
    flat = [one for score in scores for one in score]
    assert found.value == pytest.approx(sum(flat) / len(flat))
    low, high = found.interval
    assert -3 <= low <= high <= 3
    assert drift_of(scores[::-1]) == found


def test_one_level_higher_each_time_is_one():
    found = drift_of([[1, 1]] * LEAST_SCORES)
    assert (found.value, found.interval) == (1, (1, 1))
