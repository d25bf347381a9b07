"""Whether second scores lie above or below the first ones, over time."""

from collections.abc import Sequence

import numpy as np

from scoring.agreement.figures import DRAWS, LEAST_SCORES, SEED, TAILS, Estimate


def drift_of(scores: Sequence[Sequence[int]]) -> Estimate | None:
    """Return by how many levels second scores lie above first ones, on average.

    Each score has the differences of its attributes. Whole scores are drawn for the
    interval, since the attributes of one score were judged by one person. None below ten
    scores.
    """
    found = sorted(tuple(sorted(one)) for one in scores if one)
    if len(found) < LEAST_SCORES:
        return None
    sums = np.array([sum(one) for one in found], dtype=np.float64)
    sizes = np.array([len(one) for one in found], dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(found), (DRAWS, len(found)))
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.percentile(means, TAILS)
    return Estimate(float(sums.sum() / sizes.sum()), (float(low), float(high)))
