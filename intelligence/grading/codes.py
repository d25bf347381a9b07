"""The 3x5x2 grades of intelligence, with the definitions that a form shows.

Grades are ordinal codes, never probabilities. The labels are those in use; the
longer explanations are this project's wording.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from ocgmap.common.errors import AppError


class GradeError(AppError):
    """A grade or a handling condition is off the scale or cannot go together."""

    code = "grade"


@dataclass(frozen=True, slots=True)
class Definition:
    """A code as a form shows it: the code, its label, and what it means in full."""

    code: str
    label: str
    meaning: str


def off_scale(
    field: str, value: object, definitions: Iterable[Definition]
) -> GradeError:
    """Return the refusal of a code that is not one of these."""
    scale = ", ".join(f"{one.code} ({one.label})" for one in definitions)
    rule = f"{value!r} is not on the scale."
    cure = f"Use one of: {scale}."
    return GradeError(f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure)


class SourceGrade(IntEnum):
    """How far the source can be relied on."""

    RELIABLE = 1
    UNTESTED = 2
    NOT_RELIABLE = 3


class AssessmentGrade(StrEnum):
    """How the source came by the information."""

    KNOWN_DIRECTLY = "A"
    KNOWN_INDIRECTLY_CORROBORATED = "B"
    KNOWN_INDIRECTLY = "C"
    NOT_KNOWN = "D"
    SUSPECTED_FALSE = "E"


class Handling(StrEnum):
    """Whether lawful sharing is permitted as it is, or with conditions."""

    PERMITTED = "P"
    CONDITIONS = "C"


SOURCE_DEFINITIONS: Final[Mapping[SourceGrade, Definition]] = MappingProxyType(
    {
        SourceGrade.RELIABLE: Definition(
            "1",
            "Reliable",
            "The source is believed to be competent and information received from it "
            "has been reliable, now and before.",
        ),
        SourceGrade.UNTESTED: Definition(
            "2",
            "Untested",
            "The source has not given information before, or what it gave has not "
            "been tested. It may be reliable; take care and seek corroboration.",
        ),
        SourceGrade.NOT_RELIABLE: Definition(
            "3",
            "Not reliable",
            "There are grounds to doubt the source: its competence, its honesty or "
            "its motives. Say what they are and seek corroboration before acting.",
        ),
    }
)

ASSESSMENT_DEFINITIONS: Final[Mapping[AssessmentGrade, Definition]] = MappingProxyType(
    {
        AssessmentGrade.KNOWN_DIRECTLY: Definition(
            "A",
            "Known directly to the source",
            "The source saw, heard or took part in it, or it comes from a device or "
            "record that shows it directly.",
        ),
        AssessmentGrade.KNOWN_INDIRECTLY_CORROBORATED: Definition(
            "B",
            "Known indirectly to the source but corroborated",
            "The source did not witness it, but separate information that does not "
            "come from the same origin supports it.",
        ),
        AssessmentGrade.KNOWN_INDIRECTLY: Definition(
            "C",
            "Known indirectly to the source",
            "The source was told it by someone else and nothing separate supports it.",
        ),
        AssessmentGrade.NOT_KNOWN: Definition(
            "D",
            "Not known",
            "There is no means of telling how the source came by it.",
        ),
        AssessmentGrade.SUSPECTED_FALSE: Definition(
            "E",
            "Suspected to be false",
            "There are grounds to believe it false or malicious, whether or not the "
            "source knows. Say what they are.",
        ),
    }
)

HANDLING_DEFINITIONS: Final[Mapping[Handling, Definition]] = MappingProxyType(
    {
        Handling.PERMITTED: Definition(
            "P",
            "Lawful sharing permitted",
            "The report may be shared lawfully with those who need it for a policing "
            "purpose.",
        ),
        Handling.CONDITIONS: Definition(
            "C",
            "Lawful sharing permitted with conditions",
            "The report may be shared only as its condition says: name who may "
            "receive it, and add what else must be kept to.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Grade:
    """The three codes of one report."""

    source: SourceGrade
    assessment: AssessmentGrade
    handling: Handling

    @property
    def code(self) -> str:
        """Return the codes run together, as in `1AP`."""
        return f"{self.source.value}{self.assessment.value}{self.handling.value}"

    @property
    def is_usable(self) -> bool:
        """Tell whether a claim in such a report can hold a level up."""
        return usable(self.source, self.assessment)


def usable(source: SourceGrade, assessment: AssessmentGrade) -> bool:
    """Tell whether a report so graded can support a level: source 1-2, A-C.

    Others are recorded and flagged, and move no score by themselves.
    """
    return source <= SourceGrade.UNTESTED and assessment in {"A", "B", "C"}


def parse_source(value: object, *, field: str = "source_grade") -> SourceGrade:
    """Return the source grade for 1, 2 or 3, as number or text.

    Raises:
        GradeError: anything else.
    """
    code = str(value) if type(value) is int else value
    if isinstance(code, str) and re.fullmatch("[123]", code):
        return SourceGrade(int(code))
    raise off_scale(field, value, SOURCE_DEFINITIONS.values())


def parse_assessment(
    value: object, *, field: str = "assessment_grade"
) -> AssessmentGrade:
    """Return the assessment grade for a capital letter A to E.

    Raises:
        GradeError: anything else.
    """
    if isinstance(value, str) and value in set(AssessmentGrade):
        return AssessmentGrade(value)
    raise off_scale(field, value, ASSESSMENT_DEFINITIONS.values())


def parse_handling(value: object, *, field: str = "handling") -> Handling:
    """Return the handling code for a capital P or C.

    Raises:
        GradeError: anything else.
    """
    if isinstance(value, str) and value in set(Handling):
        return Handling(value)
    raise off_scale(field, value, HANDLING_DEFINITIONS.values())


def parse_grade(value: object, *, field: str = "grade") -> Grade:
    """Return the grade for three codes run together, such as `1AP`.

    Raises:
        GradeError: the text is not three codes, or one is off its scale.
    """
    if not isinstance(value, str) or len(value) != 3:
        rule = f"A 3x5x2 grade is three codes run together; {value!r} is not."
        cure = "Write it like 1AP: source 1-3, assessment A-E, handling P or C."
        raise GradeError(f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure)
    return Grade(
        parse_source(value[0], field=field),
        parse_assessment(value[1], field=field),
        parse_handling(value[2], field=field),
    )
