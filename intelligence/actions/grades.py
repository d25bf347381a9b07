"""The grade of a report as handed in: given as 3x5x2, or converted from 5x5x5."""

from dataclasses import dataclass

from accounts.actions.labels import Option, options_for
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from intelligence.actions.drafts import ReportDraft
from intelligence.exceptions import Refused
from intelligence.grading import (
    Condition,
    Grade,
    GradeError,
    Handling,
    SharingOption,
    SourceChoiceNeeded,
    check_condition,
    convert,
    parse_assessment,
    parse_condition,
    parse_handling,
    parse_legacy,
    parse_source,
    sharing_options,
    stricter,
)
from intelligence.models import Report

_KINDS = {
    SharingOption.OWN_ORGANISATION: TagKind.ORGANISATION,
    SharingOption.FORCE_ROCU_NCA: TagKind.FORCE,
    SharingOption.REGION: TagKind.REGION,
    SharingOption.ALL_FORCES: TagKind.ALL_FORCES,
}


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade to store; `legacy` is the 5x5x5 grade it came from, or empty."""

    grade: Grade
    condition: Condition | None
    legacy: str = ""


def graded(draft: ReportDraft) -> Graded:
    """Return the grade of ``draft``.

    Raises:
        GradeError: a code is off its scale, or handling and condition do not fit.
        Refused: a code is missing, a person's choice is missing, or the grade given
            is not the one that the 5x5x5 grade converts to.

    A condition given beside a 5x5x5 grade adds to the one that the grade carries.
    """
    if draft.legacy_grade:
        return _converted(draft)
    if not _is_blank(draft.legacy_source_choice):
        raise Refused(
            "legacy_source_choice",
            "A choice of source goes with a 5x5x5 grade, and there is none.",
            "Enter the 5x5x5 grade, or leave the choice out.",
        )
    _demand(draft.source_grade, "source_grade", "source grade", "1, 2 or 3")
    _demand(draft.assessment_grade, "assessment_grade", "assessment grade", "A to E")
    _demand(draft.handling, "handling", "handling code", "P or C")
    grade = Grade(
        parse_source(draft.source_grade),
        parse_assessment(draft.assessment_grade),
        parse_handling(draft.handling),
    )
    check_condition(grade.handling, draft.condition)
    return Graded(grade, draft.condition)


def _is_blank(value: object) -> bool:
    return value is None or value == ""


def _demand(value: object, field: str, name: str, scale: str) -> None:
    if _is_blank(value):
        raise Refused(
            field,
            f"A report needs a {name}: ungraded intelligence is not taken.",
            f"Choose {scale}.",
        )


def _converted(draft: ReportDraft) -> Graded:
    original = parse_legacy(draft.legacy_grade)
    found = convert(original)
    choice = draft.legacy_source_choice
    if isinstance(found, SourceChoiceNeeded):
        if _is_blank(choice):
            raise Refused(
                "legacy_source_choice",
                found.question.split(". ")[0] + ".",
                found.question.split(". ", 1)[1],
            )
        found = found.choose(parse_source(choice, field="legacy_source_choice"))
    elif not _is_blank(choice):
        raise Refused(
            "legacy_source_choice",
            f"Source {original.source} converts by itself; only C needs a choice.",
            "Leave the choice out.",
        )
    _refuse_other(draft, found.grade)
    if found.condition is None:
        check_condition(found.grade.handling, draft.condition)
    condition = stricter(found.condition, draft.condition)
    return Graded(found.grade, condition, original.code)


def _refuse_other(draft: ReportDraft, grade: Grade) -> None:
    """Raise when a 3x5x2 code was given beside and is not what the old one became."""
    given = {
        "source_grade": (draft.source_grade, grade.source.value),
        "assessment_grade": (draft.assessment_grade, grade.assessment.value),
        "handling": (draft.handling, grade.handling.value),
    }
    for field, (code, converted) in given.items():
        if not _is_blank(code) and str(code) != str(converted):
            raise Refused(
                field,
                f"The 5x5x5 grade {draft.legacy_grade} converts to {grade.code}, not "
                f"to {code}.",
                "Leave the 3x5x2 codes out, or leave the 5x5x5 grade out.",
            )


def condition_of(legacy_grade: object) -> Condition | None:
    """Return the condition that a 5x5x5 grade carries; None if none, or no grade."""
    try:
        return convert(parse_legacy(legacy_grade)).condition
    except GradeError:
        return None


def options_under(
    owner: Organisation, handling: Handling, condition: Condition | None
) -> list[Option]:
    """Return the sharing options of ``owner`` that the handling still allows."""
    allowed = {_KINDS[option] for option in sharing_options(handling, condition)}
    return [option for option in options_for(owner) if option.code in allowed]


def options_of(report: Report) -> list[Option]:
    """Return the sharing options that a report's handling condition still allows."""
    told, condition = report.handling_condition, None
    if told:
        condition = parse_condition(told.get("recipients"), told.get("note", ""))
    return options_under(report.owner, Handling(report.handling), condition)


def check_sharing(draft: ReportDraft, graded_as: Graded) -> None:
    """Raise when the sharing chosen is wider than the handling condition allows.

    Raises:
        Refused: it is; the message lists what is left to choose.
    """
    options = options_under(draft.owner, graded_as.grade.handling, graded_as.condition)
    known = {option.code for option in options_for(draft.owner)}
    if draft.sharing in known and draft.sharing not in {o.code for o in options}:
        names = ", or ".join(f"“{option.text}”" for option in options)
        raise Refused(
            "sharing",
            "This audience is wider than the handling condition allows.",
            f"Choose {names}; or widen the condition.",
        )
