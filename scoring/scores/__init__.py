"""Scores as one reader may see them: now, at a past moment, and what moved them.

A past moment has two clocks: what was believed then, and what is known of it now.
"""

from scoring.scores.merging import Foreseen, foreseen
from scoring.scores.moved import Moved, learned_since, moved_between
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
from scoring.scores.two_clocks import (
    Compared,
    Hindsight,
    Side,
    hindsight,
    memberships_then,
)

__all__ = [
    "BandSeen",
    "Compared",
    "FactorView",
    "Foreseen",
    "Hindsight",
    "Moved",
    "PastScore",
    "ScoreView",
    "Side",
    "band_as_seen",
    "foreseen",
    "hindsight",
    "learned_since",
    "memberships_then",
    "moved_between",
    "none_counts",
    "proposed_band",
    "score_of",
    "score_then",
    "scores_of",
]
