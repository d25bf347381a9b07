"""Groups of similar evidence, and the level that stands apart from theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement.neighbours import (
    LEAST_NEIGHBOURS,
    MOST_NEIGHBOURS,
    Candidate,
    Neighbours,
    apart,
    neighbours_of,
)

OWN = {"a": 3, "b": 2, "c": 1, "d": 0}
patterns = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 3))
candidates = st.lists(
    st.builds(Candidate, st.integers(1, 99), patterns, st.integers(0, 3)),
    max_size=20,
    unique_by=lambda one: one.id,
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(OWN, 0, id="the same"),
        pytest.param({**OWN, "a": 2}, 0.25, id="one level away on one of four"),
        pytest.param({"a": 3, "b": 2}, None, id="too little is shared"),
        pytest.param({**OWN, **dict.fromkeys("efgh", 1)}, None, id="too much besides"),
        pytest.param({"a": 0, "b": 0, "c": 3, "d": 3}, None, id="other levels"),
    ],
)
def test_evidence_is_alike_where_most_is_shared_and_levels_are_near(other, expected):
    assert apart(OWN, other) == expected


@given(patterns, patterns)
def test_alike_is_alike_both_ways(one, two):
    assert apart(one, two) == apart(two, one)


@given(patterns, candidates, st.randoms(use_true_random=False))
def test_the_order_of_candidates_says_nothing(own, others, chance):
    turned = list(others)
    chance.shuffle(turned)
    assert neighbours_of(own, others) == neighbours_of(own, turned)


@given(patterns, candidates)
def test_neighbours_are_few_and_all_alike(own, others):
    found = neighbours_of(own, others)
    alike = {one.id for one in others if apart(own, one.pattern) is not None}
    if found is None:
        assert len(alike) < LEAST_NEIGHBOURS
        return
    assert set(found.ids) <= alike
    assert len(found.ids) == min(len(alike), MOST_NEIGHBOURS)
    assert found.low <= found.high


@pytest.mark.parametrize(
    ("low", "high", "rank", "expected"),
    [
        (2, 3, 0, True),
        (2, 3, 1, False),
        (0, 1, 3, True),
        (0, 1, 2, False),
        (1, 2, 1, False),
    ],
)
def test_a_level_stands_apart_by_two(low, high, rank, expected):
    assert Neighbours((1, 2, 3), low, high).stands_apart(rank) is expected
