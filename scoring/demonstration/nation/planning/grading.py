"""The grades of invented reports: 3x5x2, and a few that came as 5x5x5."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from intelligence import grading
from intelligence.grading import SourceChoiceNeeded
from intelligence.grading.legacy import LegacyGrade
from scoring.demonstration.nation.planning.spread import Chance

USABLE: Final = 0.83
_WITH_CONDITION: Final = 0.24
_CAPS: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": (
        "originator_only",
        "force_rocu_nca",
        "region",
        "uk_law_enforcement",
    ),
    "force": ("force_rocu_nca", "region", "uk_law_enforcement"),
    "region": ("region", "uk_law_enforcement"),
    "all_forces": ("uk_law_enforcement",),
}
_NOTES: Final = (
    "",
    "",
    "Not to be shown to the person named.",
    "Ask the originator before acting on it.",
    "Not for use in interview.",
)


@dataclass(frozen=True, slots=True)
class Graded:
    """Grade, condition as JSON text or None, and the 5x5x5 grade it came from or ''."""

    source: int
    assessment: str
    handling: str
    condition: str | None
    legacy: str = ""

    @property
    def is_usable(self) -> bool:
        """Return whether its claims can hold a level up."""
        return grading.usable(
            grading.SourceGrade(self.source), grading.AssessmentGrade(self.assessment)
        )


def grade(chance: Chance, option: str, *, must_be_usable: bool) -> Graded:
    """Return a grade that allows the sharing option."""
    if must_be_usable or chance.hits(USABLE):
        source = chance.choice((1, 1, 1, 2, 2))
        assessment = chance.choice("AABBBCC")
    elif chance.hits(0.5):
        source, assessment = 3, chance.choice("ABCDE")
    else:
        source, assessment = chance.choice((1, 2)), chance.choice("DDE")
    if not chance.hits(_WITH_CONDITION):
        return Graded(source, assessment, "P", None)
    recipients = chance.choice(_CAPS[option])
    return Graded(
        source, assessment, "C", _condition(recipients, chance.choice(_NOTES))
    )


def legacy_grade(chance: Chance, option: str) -> Graded:
    """Return a grade that came as 5x5x5, converted by the project's own rule."""
    handling = "12345" if option == "organisation" else "123"
    original = LegacyGrade(
        chance.choice("AABBBCDEE"), chance.choice("1122334"), chance.choice(handling)
    )
    found = grading.convert(original)
    if isinstance(found, SourceChoiceNeeded):
        found = found.choose(chance.choice(found.options))
    condition = found.condition
    return Graded(
        found.grade.source.value,
        found.grade.assessment.value,
        found.grade.handling.value,
        None if condition is None else _condition(condition.recipients, condition.note),
        original.code,
    )


def _condition(recipients: str, note: str) -> str:
    return json.dumps({"recipients": str(recipients), "note": note})
