"""The figures of published worked examples."""

import numpy as np
import pytest

from scoring.agreement import (
    Weights,
    alpha,
    counts_of,
    pair_table,
    weighted_kappa,
)

_ = None
# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four
# observers (A to D), twelve units, values 1 to 5, some not observed.
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
# Cohen 1968, "Weighted kappa", table 1: proportions, and weights of disagreement.
COHEN = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
COHEN_WEIGHTS = np.array([[0.0, 1, 3], [1, 0, 6], [3, 6, 0]])
# Data set `anxiety` of the R package irr, raters 2 and 3 (no 5 was given). Printed by its
# kappa2(anxiety[,2:3], "equal") and (..., "squared"), as the tests of statsmodels
# (statsmodels/stats/tests/test_inter_rater.py) hold them.
ANXIETY = (
    (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
    (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2),
)
PLACE = {1: 0, 2: 1, 3: 2, 4: 3, 6: 4}


@pytest.mark.parametrize(
    ("metric", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)],
)
def test_alpha_of_four_observers_is_as_krippendorff_printed_it(metric, published):
    rows = [[None if one is None else one - 1 for one in row] for row in FOUR_OBSERVERS]
    assert alpha(counts_of(rows, 5), metric) == pytest.approx(published, abs=0.0005)


def test_weighted_kappa_is_as_cohen_printed_it():
    assert weighted_kappa(COHEN, COHEN_WEIGHTS) == pytest.approx(0.348, abs=0.0005)


def test_kappa_without_weights_is_as_cohen_printed_it():
    plain = 1 - np.eye(3)
    assert weighted_kappa(COHEN, plain) == pytest.approx(0.492, abs=0.0005)


@pytest.mark.parametrize(
    ("weights", "published"),
    [(Weights.LINEAR, 0.1459075), (Weights.QUADRATIC, 0.2520325)],
)
def test_kappa_of_the_anxiety_ratings_is_as_the_r_package_prints_it(weights, published):
    pairs = [(PLACE[one], PLACE[two]) for one, two in zip(*ANXIETY, strict=True)]
    found = weighted_kappa(pair_table(pairs, 5), weights)
    assert found == pytest.approx(published, abs=5e-8)
