"""Grades of the 5x5x5 system, and how they carry over into 3x5x2.

The original is kept with every conversion and there is no way back: two of the old
grades become one. The conversion is this project's inference, not a published rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from intelligence.grading.codes import (
    SOURCE_DEFINITIONS,
    AssessmentGrade,
    Definition,
    Grade,
    GradeError,
    Handling,
    SourceGrade,
    off_scale,
)
from intelligence.grading.handling import Condition, Recipients


def _table(*definitions: Definition) -> Mapping[str, Definition]:
    return MappingProxyType({one.code: one for one in definitions})


# Source: HMRC manual MLR3C14000, the 5x5x5 scales.
LEGACY_SOURCE: Final = _table(
    Definition("A", "Always reliable", "There is no doubt about the source."),
    Definition("B", "Mostly reliable", "The source has been right in most cases."),
    Definition("C", "Sometimes reliable", "The source has been right in some cases."),
    Definition("D", "Unreliable", "The source has mostly been wrong, or is doubted."),
    Definition("E", "Untested", "The source has not given information before."),
)
LEGACY_INTELLIGENCE: Final = _table(
    Definition("1", "Known true", "Known to be true without reservation."),
    Definition(
        "2",
        "Known to the source",
        "Known personally to the source but not to the officer.",
    ),
    Definition(
        "3",
        "Corroborated",
        "Not known personally to the source but corroborated.",
    ),
    Definition("4", "Cannot be judged", "There is no means of judging it."),
    Definition("5", "Suspected false", "Suspected to be false or malicious."),
)
LEGACY_HANDLING: Final = _table(
    Definition(
        "1",
        "UK law enforcement",
        "UK law enforcement and prosecuting agencies, including those of the EEA.",
    ),
    Definition(
        "2", "UK non-prosecuting parties", "May go to UK non-prosecuting bodies."
    ),
    Definition(
        "3", "Non-EEA law enforcement", "May go to law enforcement outside the EEA."
    ),
    Definition("4", "Originating agency", "Within the originating agency only."),
    Definition(
        "5", "No further dissemination", "Refer to the originator before sharing."
    ),
)

_SOURCE: Final[Mapping[str, SourceGrade]] = MappingProxyType(
    {
        "A": SourceGrade.RELIABLE,
        "B": SourceGrade.RELIABLE,
        "D": SourceGrade.NOT_RELIABLE,
        "E": SourceGrade.UNTESTED,
    }
)
_ASSESSMENT: Final[Mapping[str, AssessmentGrade]] = MappingProxyType(
    {
        "1": AssessmentGrade.KNOWN_DIRECTLY,
        "2": AssessmentGrade.KNOWN_DIRECTLY,
        "3": AssessmentGrade.KNOWN_INDIRECTLY_CORROBORATED,
        "4": AssessmentGrade.NOT_KNOWN,
        "5": AssessmentGrade.SUSPECTED_FALSE,
    }
)
# Codes 2 and 3 opened a report to more than UK law enforcement, so they do not
# narrow it; codes 4 and 5 kept it with the originator.
_RECIPIENTS: Final[Mapping[str, Recipients]] = MappingProxyType(
    {
        "2": Recipients.UK_LAW_ENFORCEMENT,
        "3": Recipients.UK_LAW_ENFORCEMENT,
        "4": Recipients.ORIGINATOR_ONLY,
        "5": Recipients.ORIGINATOR_ONLY,
    }
)


@dataclass(frozen=True, slots=True)
class LegacyGrade:
    """A 5x5x5 grade: source A-E, intelligence 1-5, handling 1-5, as their codes."""

    source: str
    intelligence: str
    handling: str

    @property
    def code(self) -> str:
        """Return the codes run together, as in `B21`."""
        return f"{self.source}{self.intelligence}{self.handling}"


@dataclass(frozen=True, slots=True)
class Converted:
    """A 3x5x2 grade made from a 5x5x5 one, which is kept beside it.

    The condition is None with handling P; with C its note holds the old code.
    """

    original: LegacyGrade
    grade: Grade
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class SourceChoiceNeeded:
    """A 5x5x5 grade with source C, which a person must place on the new scale.

    All but the source is converted; `choose` finishes it with that person's choice.
    """

    original: LegacyGrade
    assessment: AssessmentGrade
    handling: Handling
    condition: Condition | None
    options: tuple[SourceGrade, ...] = tuple(SourceGrade)
    question: str = (
        "Source C, sometimes reliable, has no one equivalent in 3x5x2. Read the report "
        "and choose whether its source is reliable, untested or not reliable."
    )

    def choose(self, source: SourceGrade) -> Converted:
        """Return the conversion with the source grade that a person has chosen.

        Raises:
            GradeError: the choice is not a source grade.
        """
        if source not in self.options:
            raise off_scale("source_grade", source, SOURCE_DEFINITIONS.values())
        grade = Grade(source, self.assessment, self.handling)
        return Converted(self.original, grade, self.condition)


def parse_legacy(value: object, *, field: str = "legacy_grade") -> LegacyGrade:
    """Return the 5x5x5 grade for three codes run together, such as `B21`.

    Raises:
        GradeError: the text is not three codes, or one is off its scale.
    """
    if not isinstance(value, str) or len(value) != 3:
        rule = f"A 5x5x5 grade is three codes run together; {value!r} is not."
        cure = "Write it like B21: source A-E, intelligence 1-5, handling 1-5."
        raise GradeError(f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure)
    scales = (LEGACY_SOURCE, LEGACY_INTELLIGENCE, LEGACY_HANDLING)
    for code, scale in zip(value, scales, strict=True):
        if code not in scale:
            raise off_scale(field, code, scale.values())
    return LegacyGrade(*value)


def convert(original: LegacyGrade) -> Converted | SourceChoiceNeeded:
    """Return the 3x5x2 grade of a 5x5x5 one, or the demand for a person's choice.

    Source A and B become 1, E 2, D 3, and C needs a choice; intelligence 1 and 2
    become A, 3 B, 4 D, 5 E; handling 1 becomes P and the rest C.

    Source: domain reference section 5.1, conversion (inferred).
    """
    assessment = _ASSESSMENT[original.intelligence]
    condition = _condition(original)
    handling = Handling.PERMITTED if condition is None else Handling.CONDITIONS
    source = _SOURCE.get(original.source)
    if source is None:
        return SourceChoiceNeeded(original, assessment, handling, condition)
    return Converted(original, Grade(source, assessment, handling), condition)


def _condition(original: LegacyGrade) -> Condition | None:
    recipients = _RECIPIENTS.get(original.handling)
    if recipients is None:
        return None
    meaning = LEGACY_HANDLING[original.handling].meaning
    note = f"5x5x5 handling code {original.handling}: {meaning}"
    return Condition(recipients, note)
