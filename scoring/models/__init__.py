"""Tables of scoring: judgements, notes, requirements, second scores, lines, versions."""

from scoring.models.analysis import AnalyticNote, NoteCitation
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
from scoring.models.requirement import Requirement, RequirementAnswer
from scoring.models.scheme_version import SchemeVersion
from scoring.models.watch import Delivery, DigestChoice, Watch
from scoring.models.what_if import WhatIf, WhatIfResult

__all__ = [
    "AnalyticNote",
    "Assessment",
    "Attempt",
    "BandDecision",
    "CalibrationAnswer",
    "Delivery",
    "DigestChoice",
    "Heartbeat",
    "Judgement",
    "JudgementCitation",
    "NoteCitation",
    "Outbox",
    "OutboxDead",
    "PictureLine",
    "Profile",
    "Receipt",
    "Requirement",
    "RequirementAnswer",
    "SchemeVersion",
    "ScoreHead",
    "SearchPin",
    "SecondScore",
    "SecondScoring",
    "Watch",
    "WhatIf",
    "WhatIfResult",
    "is_blind",
]
