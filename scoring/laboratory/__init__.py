"""The consistency laboratory: second scores made blind, and calibration packs.

Owns who is drawn, what a second scorer is shown, and how first and second scores are
set side by side. Promises that no score reads anything of it, and that each figure is
of what the viewer may see.
"""

from scoring.laboratory.calibration import OnAttribute, PackResults, results_of
from scoring.laboratory.comparing import Compared, compared
from scoring.laboratory.drawing import candidates, scorings_for
from scoring.laboratory.evidence import Evidence, evidence_on
from scoring.laboratory.shares import share_of

__all__ = [
    "Compared",
    "Evidence",
    "OnAttribute",
    "PackResults",
    "candidates",
    "compared",
    "evidence_on",
    "results_of",
    "scorings_for",
    "share_of",
]
