"""Scores as one reader may see them: now, at a past moment, and what moved them."""

from scoring.scores.moved import Moved, moved_between
from scoring.scores.present import (
    FactorView,
    PastScore,
    ScoreView,
    band_as_seen,
    score_of,
    score_then,
    scores_of,
)

__all__ = [
    "FactorView",
    "Moved",
    "PastScore",
    "ScoreView",
    "band_as_seen",
    "moved_between",
    "score_of",
    "score_then",
    "scores_of",
]
