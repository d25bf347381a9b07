"""Tables of scoring: judgements, assessments, lines, the outbox, watches, versions."""

from scoring.models.assessment import Assessment, Profile, ScoreHead
from scoring.models.judgement import BandDecision, Judgement, JudgementCitation
from scoring.models.outbox import Attempt, Heartbeat, Outbox, OutboxDead, Receipt
from scoring.models.picture_line import PictureLine
from scoring.models.pin import SearchPin
from scoring.models.scheme_version import SchemeVersion
from scoring.models.watch import Delivery, DigestChoice, Watch
from scoring.models.what_if import WhatIf, WhatIfResult

__all__ = [
    "Assessment",
    "Attempt",
    "BandDecision",
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
    "Watch",
    "WhatIf",
    "WhatIfResult",
]
