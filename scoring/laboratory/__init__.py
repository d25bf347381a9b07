"""The consistency laboratory: second scores made blind, calibration packs, neighbours.

Owns who is drawn, what a second scorer is shown, how first and second scores are set
side by side, and which groups have similar evidence. Promises that no score reads anything of it, and that each figure is
of what the viewer may see.
"""

from scoring.laboratory.calibration import OnAttribute, PackResults, results_of
from scoring.laboratory.comparing import Compared, compared
from scoring.laboratory.drawing import candidates, scorings_for
from scoring.laboratory.evidence import Evidence, evidence_on
from scoring.laboratory.neighbours import neighbours_on
from scoring.laboratory.overall import AgreedOn, Quarter, overall
from scoring.laboratory.shares import share_of

__all__ = [
    "AgreedOn",
    "Compared",
    "Evidence",
    "OnAttribute",
    "PackResults",
    "Quarter",
    "candidates",
    "compared",
    "evidence_on",
    "neighbours_on",
    "overall",
    "results_of",
    "scorings_for",
    "share_of",
]
