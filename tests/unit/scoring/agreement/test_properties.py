"""What holds of agreement whatever was scored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.agreement import (
    LEAST_SCORES,
    Weights,
    agreement_of_counts,
    agreement_of_pairs,
    alpha,
    counts_of,
    median_of,
    pair_table,
    pooled_table,
    weighted_kappa,
)

LEVELS = 4
level = st.integers(0, LEVELS - 1)
rows = st.integers(2, 8).flatmap(
    lambda units: st.lists(
        st.lists(st.none() | level, min_size=units, max_size=units),
        min_size=2,
        max_size=6,
    )
)
pairs = st.lists(st.tuples(level, level), min_size=2, max_size=20)
weights = st.sampled_from(Weights)


def close(one, two):
    return one is two or one == pytest.approx(two, abs=1e-9)


@given(rows)
def test_alpha_is_at_most_one(scores):
    found = alpha(counts_of(scores, LEVELS))
    assert found is None or found <= 1 + 1e-9


@given(st.lists(level, min_size=2, max_size=9), st.integers(2, 6))
def test_perfect_agreement_is_one_where_levels_differ(units, scorers):
    counts = counts_of([units] * scorers, LEVELS)
    expected = 1 if len(set(units)) > 1 else None
    assert close(alpha(counts), expected)
    for kind in Weights:
        assert close(weighted_kappa(pooled_table(counts), kind), expected)
        table = pair_table(zip(units, units, strict=True), LEVELS)
        assert close(weighted_kappa(table, kind), expected)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_scorers_and_of_units_says_nothing(scores, chance):
    turned = [list(row) for row in scores]
    chance.shuffle(turned)
    order = list(range(len(scores[0])))
    chance.shuffle(order)
    turned = [[row[unit] for unit in order] for row in turned]
    one, two = counts_of(scores, LEVELS), counts_of(turned, LEVELS)
    assert close(alpha(one), alpha(two))
    for kind in Weights:
        first, second = (
            weighted_kappa(pooled_table(each), kind) for each in (one, two)
        )
        assert close(first, second)


@given(rows, st.permutations(range(LEVELS)))
def test_without_an_order_the_names_of_levels_say_nothing(scores, names):
    renamed = [[None if one is None else names[one] for one in row] for row in scores]
    one, two = counts_of(scores, LEVELS), counts_of(renamed, LEVELS)
    assert close(alpha(one, "nominal"), alpha(two, "nominal"))


@given(rows)
def test_counting_levels_from_the_other_end_changes_nothing(scores):
    one = counts_of(scores, LEVELS)
    two = one[:, ::-1]
    assert close(alpha(one), alpha(two))
    for kind in Weights:
        first, second = (
            weighted_kappa(pooled_table(each), kind) for each in (one, two)
        )
        assert close(first, second)


@given(pairs, weights)
def test_kappa_is_at_most_one_and_the_same_for_either_first(scored, kind):
    table = pair_table(scored, LEVELS)
    found = weighted_kappa(table, kind)
    assert found is None or found <= 1 + 1e-9
    assert close(found, weighted_kappa(table.T, kind))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(level, level), min_size=LEAST_SCORES, max_size=14))
def test_an_interval_is_in_order_and_the_same_each_time(scored):
    found = agreement_of_pairs(scored, LEVELS)
    assert found == agreement_of_pairs(scored[::-1], LEVELS)
    for estimate in (found.alpha, found.linear, found.quadratic):
        if estimate and estimate.interval:
            low, high = estimate.interval
            assert low <= high <= 1 + 1e-9


@given(st.lists(st.tuples(level, level), max_size=LEAST_SCORES - 1))
def test_of_fewer_than_ten_scores_nothing_is_told(scored):
    assert agreement_of_pairs(scored, LEVELS) is None
    counts = counts_of([(one,) for one, _ in scored] or [(None,)], LEVELS)
    assert agreement_of_counts(counts) is None
    assert median_of(counts[0]) is None


def test_the_median_is_the_lower_middle_level():
    assert median_of([5, 5, 0, 0]) == 0
    assert median_of([4, 6, 0, 0]) == 1
    assert median_of([0, 1, 3, 7]) == 3


def test_a_pack_scored_by_ten_has_all_figures():
    rng = np.random.default_rng(1)
    truth = [0, 1, 2, 3, 1, 2]
    scores = [
        [min(3, max(0, one + rng.integers(-1, 2))) for one in truth] for _ in "x" * 10
    ]
    found = agreement_of_counts(counts_of(scores, LEVELS))
    assert (found.units, found.scores) == (6, 60)
    for estimate in (found.alpha, found.linear, found.quadratic):
        low, high = estimate.interval
        assert low <= estimate.value <= high
