"""Krippendorff's alpha and weighted kappa over levels that are counted from 0."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

# Units down, levels across: how many scorers gave each level.
Counts = NDArray[np.int_]
# The first scorer's levels down, the second's across.
Table = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval"]


class Weights(StrEnum):
    """How the weight of a difference grows with the levels between: once, or squared."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"


def counts_of(scores: Iterable[Sequence[int | None]], levels: int) -> Counts:
    """Return how often each unit was given each level.

    ``scores`` has one row for each scorer and one place for each unit; None: not scored.
    """
    rows = list(scores)
    counts = np.zeros((len(rows[0]) if rows else 0, levels), dtype=np.int_)
    for row in rows:
        for unit, level in enumerate(row):
            if level is not None:
                counts[unit, level] += 1
    return counts


def alpha(counts: Counts, metric: Metric = "ordinal") -> float | None:
    """Return Krippendorff's alpha; None where it is not defined.

    That is so where no unit has two scores, and where all that can be paired are of one
    level: with nothing to tell apart, nothing shows that scorers would.
    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    pairable = counts[counts.sum(axis=1) >= 2]
    if np.count_nonzero(pairable.sum(axis=0)) < 2:
        return None
    return float(krippendorff.alpha(value_counts=pairable, level_of_measurement=metric))


def pair_table(pairs: Iterable[tuple[int, int]], levels: int) -> Table:
    """Return how often the first scorer gave one level and the second another."""
    table = np.zeros((levels, levels))
    found = np.array(list(pairs), dtype=np.int_).reshape(-1, 2)
    np.add.at(table, (found[:, 0], found[:, 1]), 1)
    return table


def pooled_table(counts: Counts) -> Table:
    """Return the table of all pairs of two scorers of one unit, each in both orders.

    A unit bears as many pairs as it has scores, however many scorers there were.
    """
    scored = counts[counts.sum(axis=1) >= 2].astype(np.float64)
    others = scored.sum(axis=1) - 1
    pairs = scored[:, :, None] * scored[:, None, :]
    pairs -= scored[:, :, None] * np.eye(counts.shape[1])
    return np.asarray((pairs / others[:, None, None]).sum(axis=0))


def weighted_kappa(
    table: Table, weights: Weights | NDArray[np.float64]
) -> float | None:
    """Return weighted kappa; None where chance alone would agree wholly.

    ``weights`` may be a table of disagreements, with nought where both agree.
    Source: Cohen 1968, Psychological Bulletin 70(4), 213-220.
    """
    apart = _disagreement(table.shape[0], weights)
    total = float(table.sum())
    if not total:
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    by_chance = float((apart * expected).sum())
    if not by_chance:
        return None
    return 1 - float((apart * table).sum()) / by_chance


def _disagreement(
    levels: int, weights: Weights | NDArray[np.float64]
) -> NDArray[np.float64]:
    if not isinstance(weights, Weights):
        return weights
    place = np.arange(levels, dtype=np.float64)
    steps = np.abs(place[:, None] - place[None, :])
    return steps if weights is Weights.LINEAR else steps**2
