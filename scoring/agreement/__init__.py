"""How far people who scored the same thing agree: alpha, weighted kappa, intervals.

Owns the arithmetic of agreement over ordered levels. Promises the same figures for the
same scores, whatever the order of scorers or units, with no clock and no framework;
the bootstrap draws from a fixed seed. Alpha is computed by the `krippendorff` package;
weighted kappa is ten lines here, since the package that has it brings a whole
machine-learning library. A figure that cannot be computed is None, never 0 or 1.
"""

from scoring.agreement.coefficients import (
    Metric,
    Weights,
    alpha,
    counts_of,
    pair_table,
    pooled_table,
    weighted_kappa,
)
from scoring.agreement.figures import (
    LEAST_SCORES,
    Agreement,
    Estimate,
    agreement_of_counts,
    agreement_of_pairs,
    median_of,
)

__all__ = [
    "LEAST_SCORES",
    "Agreement",
    "Estimate",
    "Metric",
    "Weights",
    "agreement_of_counts",
    "agreement_of_pairs",
    "alpha",
    "counts_of",
    "median_of",
    "pair_table",
    "pooled_table",
    "weighted_kappa",
]
