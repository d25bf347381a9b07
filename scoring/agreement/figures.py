"""Agreement on one attribute, with its intervals, and nothing of too few scores."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.agreement.coefficients import (
    Counts,
    Weights,
    alpha,
    pair_table,
    pooled_table,
    weighted_kappa,
)

# Below so many scores nothing is told: a figure would tell of persons.
LEAST_SCORES: Final = 10
DRAWS: Final = 400
SEED: Final = 20_170_302
TAILS: Final = (2.5, 97.5)
Units = TypeVar("Units", bound=NDArray[np.int_])


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval of 95 %: percentiles of a bootstrap over the units.

    The interval is None where most of the draws leave the figure undefined.
    """

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on one attribute, and over how many units and scores."""

    units: int
    scores: int
    alpha: Estimate | None
    linear: Estimate | None
    quadratic: Estimate | None


def agreement_of_counts(counts: Counts) -> Agreement | None:
    """Return the agreement of many scorers on the same units; None: too few scores.

    Every unit that counts was scored by as many as `LEAST_SCORES`. Kappa is that of all
    pairs of two scorers pooled.
    """
    units = counts[counts.sum(axis=1) >= LEAST_SCORES]
    if not len(units):
        return None
    return Agreement(
        units=len(units),
        scores=int(units.sum()),
        alpha=_estimate(units, alpha),
        linear=_estimate(units, _pooled(Weights.LINEAR)),
        quadratic=_estimate(units, _pooled(Weights.QUADRATIC)),
    )


def agreement_of_pairs(
    pairs: Iterable[tuple[int, int]], levels: int
) -> Agreement | None:
    """Return the agreement of first and second scores; None: too few of them."""
    units = np.array(list(pairs), dtype=np.int_).reshape(-1, 2)
    if len(units) < LEAST_SCORES:
        return None

    def alpha_of(some: NDArray[np.int_]) -> float | None:
        return alpha(np.eye(levels, dtype=np.int_)[some].sum(axis=1))

    def kappa(weights: Weights) -> Callable[[NDArray[np.int_]], float | None]:
        return lambda some: weighted_kappa(pair_table(some, levels), weights)

    return Agreement(
        units=len(units),
        scores=2 * len(units),
        alpha=_estimate(units, alpha_of),
        linear=_estimate(units, kappa(Weights.LINEAR)),
        quadratic=_estimate(units, kappa(Weights.QUADRATIC)),
    )


def median_of(counts: Iterable[int]) -> int | None:
    """Return the lower middle level of the scores counted by level; None: too few."""
    found = list(counts)
    total, reached = sum(found), 0
    if total < LEAST_SCORES:
        return None
    for level, count in enumerate(found):
        reached += count
        if 2 * reached >= total:
            return level
    return None


def _pooled(weights: Weights) -> Callable[[Counts], float | None]:
    return lambda units: weighted_kappa(pooled_table(units), weights)


def _estimate(units: Units, figure: Callable[[Units], float | None]) -> Estimate | None:
    value = figure(units)
    if value is None:
        return None
    # The same units in another order are the same draws.
    ordered = units[np.lexsort(units.T)]
    draws = np.random.default_rng(SEED).integers(0, len(units), (DRAWS, len(units)))
    drawn = [found for one in draws if (found := figure(ordered[one])) is not None]
    if 2 * len(drawn) < DRAWS:
        return Estimate(value, None)
    low, high = np.percentile(drawn, TAILS)
    return Estimate(value, (float(low), float(high)))
