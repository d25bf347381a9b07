"""Tables of scoring: judgements, assessments, lines, the outbox, watches, second scores."""

from scoring.models.assessment import Assessment, Profile, ScoreHead
from scoring.models.judgement import BandDecision, Judgement, JudgementCitation
from scoring.models.laboratory import (
    CalibrationAnswer,
    SecondScore,
    SecondScoring,
    is_blind,
)
from scoring.models.outbox import Attempt, Heartbeat, Outbox, OutboxDead, Receipt
from scoring.models.picture_line import PictureLine
from scoring.models.pin import SearchPin
from scoring.models.scheme_version import SchemeVersion
from scoring.models.watch import Delivery, DigestChoice, Watch

__all__ = [
    "Assessment",
    "Attempt",
    "BandDecision",
    "CalibrationAnswer",
    "Delivery",
    "DigestChoice",
    "Heartbeat",
    "Judgement",
    "JudgementCitation",
    "Outbox",
    "OutboxDead",
    "PictureLine",
    "Profile",
    "Receipt",
    "SchemeVersion",
    "ScoreHead",
    "SearchPin",
    "SecondScore",
    "SecondScoring",
    "Watch",
    "is_blind",
]
