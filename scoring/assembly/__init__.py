"""From rows to facts, and from facts to what a line of the picture holds.

The only part that knows both the tables and the engine. All but what `former` reads is
read for many groups at once, and says nothing until the classes of a reader are named.
"""

from scoring.assembly.dossiers import Dossier, dossiers_for
from scoring.assembly.former import Then, facts_then
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
    "Then",
    "dossiers_for",
    "facts_then",
    "next_change_on",
    "schemes_in_use",
    "stand",
]
