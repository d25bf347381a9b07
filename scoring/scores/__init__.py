"""Scores as one reader may see them: now, at a past moment, and what moved them."""

from scoring.scores.moved import Moved, moved_between
from scoring.scores.present import (
    BandSeen,
    FactorView,
    PastScore,
    ScoreView,
    band_as_seen,
    proposed_band,
    score_of,
    score_then,
    scores_of,
)
from scoring.scores.support import none_counts

__all__ = [
    "BandSeen",
    "FactorView",
    "Moved",
    "PastScore",
    "ScoreView",
    "band_as_seen",
    "moved_between",
    "none_counts",
    "proposed_band",
    "score_of",
    "score_then",
    "scores_of",
]
