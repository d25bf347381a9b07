"""From rows to facts, and from facts to what a line of the picture holds.

The only part that knows both the tables and the engine. All but what `former` reads is
read for many groups at once, and says nothing until the classes of a reader are named.
"""

from scoring.assembly.dossiers import Dossier, dossiers_for, evidence_for
from scoring.assembly.former import Then, facts_then
from scoring.assembly.standings import (
    MOST_LABELS,
    Standing,
    next_change_on,
    stand,
)
from scoring.assembly.versions import (
    SchemeInUse,
    by_primary,
    first_day,
    primary_in_use,
    scheme_by,
    schemes_in_use,
    schemes_shown,
)

__all__ = [
    "MOST_LABELS",
    "Dossier",
    "SchemeInUse",
    "Standing",
    "Then",
    "by_primary",
    "dossiers_for",
    "evidence_for",
    "facts_then",
    "first_day",
    "next_change_on",
    "primary_in_use",
    "scheme_by",
    "schemes_in_use",
    "schemes_shown",
    "stand",
]
