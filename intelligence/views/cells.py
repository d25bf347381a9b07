"""How reports, grades and returns are put into tables and summaries."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince

from groups.models import CrimeGroup
from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    RECIPIENTS_DEFINITIONS,
    SOURCE_DEFINITIONS,
    AssessmentGrade,
    Definition,
    Handling,
    Recipients,
    SourceGrade,
)
from intelligence.models import Assurance, Report
from intelligence.models.assurance import Outcome
from intelligence.models.report import ReportState
from intelligence.models.return_register import Standing
from ocgmap.common.date_fields import PreciseDate, date_text
from ocgmap.common.records import Precision
from ocgmap.common.templatetags.govuk import local_time, uk_date

Cell = dict[str, Any]

_STATE_COLOURS: Mapping[str, str] = {
    ReportState.SUBMITTED: "green",
    ReportState.AWAITING: "yellow",
    ReportState.RETURNED: "orange",
    ReportState.WITHDRAWN: "red",
    ReportState.SUPERSEDED: "grey",
}
_STANDING_COLOURS: Mapping[str, str] = {
    Standing.DUE: "blue",
    Standing.OVERDUE: "red",
    Standing.RECEIVED: "green",
    Standing.NIL: "grey",
    Standing.LATE: "orange",
}
_EXCERPT = 140


def state_tag(report: Report) -> dict[str, str]:
    """Return the report's state as a tag."""
    return {
        "text": report.get_state_display(),
        "colour": _STATE_COLOURS[report.state],
    }


def standing_tag(standing: Standing) -> dict[str, str]:
    """Return how a return stands as a tag."""
    return {"text": str(standing.label), "colour": _STANDING_COLOURS[standing]}


def grade_code(report: Report) -> str:
    """Return the three codes run together, as officers read them out."""
    return f"{report.source_grade}{report.assessment_grade}{report.handling}"


def condition_text(report: Report) -> str:
    """Return who may receive it, and on what note; empty where it has no condition."""
    return condition_words(report.handling_condition)


def condition_words(held: Mapping[str, str] | None) -> str:
    """Return a stored handling condition in words; empty where there is none."""
    if not held:
        return ""
    who = RECIPIENTS_DEFINITIONS[Recipients(held["recipients"])].label
    return ": ".join(part for part in (who, held.get("note", "")) if part)


def excerpt(report: Report) -> str:
    """Return the beginning of the text, on one line."""
    text = " ".join(report.text.split())
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"


def age_text(report: Report) -> str:
    """Return how long ago it was submitted, in the largest unit that fits."""
    return timesince(report.created_at, depth=1)


def event_text(report: Report) -> str:
    """Return when it happened, as exactly as that is known."""
    when = PreciseDate(
        report.event_from, report.event_to, Precision(report.event_precision)
    )
    return uk_date(when)


def _defined(definition: Definition) -> str:
    return f"{definition.code}: {definition.label}. {definition.meaning}"


def grade_rows(report: Report) -> list[dict[str, Any]]:
    """Return the grade with its definitions in full, for a summary."""
    rows = [
        (
            "Source evaluation",
            [_defined(SOURCE_DEFINITIONS[SourceGrade(report.source_grade)])],
        ),
        (
            "Intelligence assessment",
            [
                _defined(
                    ASSESSMENT_DEFINITIONS[AssessmentGrade(report.assessment_grade)]
                )
            ],
        ),
        ("Handling", [_defined(HANDLING_DEFINITIONS[Handling(report.handling)])]),
    ]
    if report.handling_condition:
        who = RECIPIENTS_DEFINITIONS[
            Recipients(report.handling_condition["recipients"])
        ]
        lines = [who.label, who.meaning, report.handling_condition.get("note", "")]
        rows.append(("Condition", [line for line in lines if line]))
    if report.legacy_grade:
        rows.append(("Converted from 5x5x5", [report.legacy_grade]))
    return [{"key": key, "value": {"lines": lines}} for key, lines in rows]


def decision(made: Assurance) -> list[str]:
    """Return who decided what on a report, when and why, line by line."""
    who = made.created_by.name if made.created_by else "The system"
    lines = [who, local_time(made.created_at)]
    if made.outcome == Outcome.REGRADED:
        lines.append(
            f"Grade {made.source_before}{made.assessment_before} became "
            f"{made.source_after}{made.assessment_after}."
        )
    return [*lines, *([made.reason] if made.reason else [])]


# The code of each column, for the address.
COLUMNS: Mapping[str, str] = {
    "report": "Report",
    "received": "Received",
    "owner": "Owner",
    "grade": "Grade",
    "text": "What it says",
    "groups": "Groups",
    "state": "State",
}
REPORT_HEAD = [{"text": text} for text in COLUMNS.values()]

_CLAIM_HEAD = [{"text": "Attribute"}, {"text": "Level"}]
CLAIMS_HEAD_OF_GROUP = [*_CLAIM_HEAD, {"text": "Report"}]
CLAIMS_HEAD_OF_REPORT = [*_CLAIM_HEAD, {"text": "Group"}]


def report_cell(report: Report) -> Cell:
    """Return the link to a report."""
    url = reverse("intelligence:report", args=[report.public_id])
    return {"text": report.reference, "url": url, "nowrap": True}


def group_cell(group: CrimeGroup) -> Cell:
    """Return the link to a group."""
    url = reverse("groups:detail", args=[group.public_id])
    return {"text": group.reference, "url": url, "nowrap": True}


def report_row(report: Report, groups: Iterable[CrimeGroup]) -> list[Cell]:
    """Return one report as a row of the list, with the groups that it mentions."""
    return [
        report_cell(report),
        {"text": date_text(report.received_on), "nowrap": True},
        {"text": report.owner.short_name},
        {"text": grade_code(report)},
        {"text": excerpt(report)},
        {"lines": [group.reference for group in groups], "nowrap": True},
        {"tag": state_tag(report)},
    ]
