"""From rows to facts, and from facts to what a line of the picture holds.

The only part that knows both the tables and the engine. Everything here is read for
many groups at once, and says nothing until the classes of a reader are named.
"""

from scoring.assembly.dossiers import Dossier, dossiers_for
from scoring.assembly.standings import (
    MOST_LABELS,
    SchemeInUse,
    Standing,
    next_change_on,
    schemes_in_use,
    stand,
)

__all__ = [
    "MOST_LABELS",
    "Dossier",
    "SchemeInUse",
    "Standing",
    "dossiers_for",
    "next_change_on",
    "schemes_in_use",
    "stand",
]
