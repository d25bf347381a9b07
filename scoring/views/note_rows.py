"""Notes and questions as rows of tables: on the score of a group, in lists, on paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import can
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.date_fields import date_text
from ocgmap.common.records import ProtectedRecord
from scoring.api.analysis import requirements_of
from scoring.engine import CATALOGUE, YARDSTICKS
from scoring.forms.analysis import outcome_text
from scoring.models import AnalyticNote, NoteCitation, Requirement
from scoring.models.analysis import AnalyticNoteQuerySet, NoteKind
from scoring.models.requirement import RequirementStanding
from scoring.permissions import check_can_answer_note, check_can_settle
from scoring.templatetags.scoring_tags import band_text
from scoring.views.figure_tables import Cell

MOST_ON_A_PAGE = 50
COLOURS = {
    RequirementStanding.OPEN: "blue",
    RequirementStanding.OVERDUE: "red",
    RequirementStanding.ANSWERED: "green",
    RequirementStanding.WITHDRAWN: "grey",
}
_NOTE_HEAD = ("What it is", "What it says", "Rests on", "How it stands", "Recorded")
_QUESTION_HEAD = ("Question", "Asked of", "Answer by", "How it stands", "Asked")
NOTE_HEAD: list[Cell] = [{"text": text} for text in (*_NOTE_HEAD, "Do")]
REQUIREMENT_HEAD: list[Cell] = [{"text": text} for text in (*_QUESTION_HEAD, "Do")]
OF_GROUP: Cell = {"text": "Group"}


def notes_of(by: Viewer) -> AnalyticNoteQuerySet:
    """Return the notes that ``by`` may see, with all that a row shows of them."""
    cited = NoteCitation.objects.visible_to(by).filter(
        report__in=Report.objects.visible_to(by)
    )
    return (
        AnalyticNote.objects.told_to(by)
        .select_related("group__owner", "judgement", "decision")
        .select_related("created_by", "answered_by")
        .prefetch_related(
            Prefetch("citations", cited.select_related("report").order_by("id"))
        )
    )


def questions_of(by: Viewer) -> Any:
    """Return the questions that ``by`` may see, with all that a row shows of them."""
    rows = requirements_of(by)
    return rows.select_related("group__owner", "created_by", "withdrawn_by")


def shown_with(rows: Iterable[AnalyticNote | Requirement]) -> list[ProtectedRecord]:
    """Return these and the records that stand beside them, for the audit."""
    found: list[ProtectedRecord] = []
    for row in rows:
        found += [row, row.group]
        if isinstance(row, AnalyticNote):
            against = (row.judgement, row.decision)
            found += [one for one in against if one is not None]
            found += [one.report for one in row.citations.all()]
        else:
            answers = list(row.answers.all())
            found += [*answers, *(one.report for one in answers)]
    return found


def section(by: Viewer, group: CrimeGroup) -> tuple[dict[str, Any], list[Any]]:
    """Return the newest notes and questions on a group, and the rows that it shows."""
    notes = list(notes_of(by).filter(group=group).order_by("-id")[:MOST_ON_A_PAGE])
    asked = questions_of(by).filter(group=group).order_by("-id")[:MOST_ON_A_PAGE]
    questions: list[Requirement] = list(asked)
    query = f"?group={group.public_id}"
    context = {
        "note_head": NOTE_HEAD,
        "notes": [note_row(by, one) for one in notes],
        "notes_url": f"{reverse('scoring:notes')}{query}",
        "requirement_head": REQUIREMENT_HEAD,
        "requirements": [requirement_row(by, one) for one in questions],
        "requirements_url": f"{reverse('scoring:requirements')}{query}",
        "kinds": [
            {
                "text": f"Record {'a' if kind == NoteKind.CHALLENGE else 'an'} "
                f"{kind.label.lower()}",
                "url": reverse("scoring:new_note", args=[group.public_id, kind.value]),
            }
            for kind in NoteKind
        ],
    }
    return context, [*notes, *questions]


def group_cell(group: CrimeGroup) -> Cell:
    """Return the group as a cell that leads to its score."""
    return {
        "text": f"{group.name} ({group.reference})",
        "url": reverse("scoring:score", args=[group.public_id]),
    }


def note_row(by: Viewer, note: AnalyticNote, *, is_named: bool = False) -> list[Cell]:
    """Return a note as a row; with its group where the list is of several. No query."""
    cells = [
        *([group_cell(note.group)] if is_named else []),
        {"lines": [note.get_kind_display(), *_about(note)]},
        {"lines": _said(note)},
        _reports(one.report for one in note.citations.all()),
        {"lines": _stands(note)},
        {"lines": [_name(note.created_by), _day(note.created_at)]},
    ]
    is_open = not note.outcome and can(check_can_answer_note, by, note)
    step = ("Answer", "scoring:answer_note") if is_open else None
    return [*cells, _steps(note, [step] if step else [])]


def requirement_row(
    by: Viewer, asked: Requirement, *, is_named: bool = False
) -> list[Cell]:
    """Return a question as a row; with its group where the list is of several."""
    standing = asked.standing_on(timezone.localdate())
    title = CATALOGUE[asked.attribute].title
    whom = [asked.asked_of.short_name]
    if asked.asked_person is not None:
        whom.append(asked.asked_person.name)
    cells = [
        *([group_cell(asked.group)] if is_named else []),
        {"lines": [f"{title}:", asked.question]},
        {"lines": whom},
        {"text": date_text(asked.due_on), "nowrap": True},
        _settled(asked, standing),
        {"lines": [_name(asked.created_by), _day(asked.created_at)]},
    ]
    is_open = standing in {RequirementStanding.OPEN, RequirementStanding.OVERDUE}
    steps = []
    if is_open and can(check_can_settle, by, asked):
        steps = [
            ("Answer", "scoring:answer_requirement"),
            ("Withdraw", "scoring:withdraw_requirement"),
        ]
    return [*cells, _steps(asked, steps)]


def likelihood_text(note: AnalyticNote) -> str:
    """Return the estimate in the words of the version in which it was made."""
    one = YARDSTICKS[note.yardstick].by_key[note.likelihood]
    exact = f", given as {note.percent.normalize():f}%" if note.percent else ""
    return f"{one.words} ({one.range_text}{exact})"


def against_text(note: AnalyticNote) -> str:
    """Return what a challenge is against."""
    if note.judgement is not None:
        title = CATALOGUE[note.judgement.attribute].title
        return f"{title}, judged {note.judgement.get_level_display().lower()}"
    if note.decision is not None:
        return f"the decided band {band_text(note.decision.band)}"
    return "the computed band"


def _about(note: AnalyticNote) -> list[str]:
    if note.kind == NoteKind.CHALLENGE:
        return [f"against {against_text(note)}"]
    if note.kind == NoteKind.ALTERNATIVE:
        return [likelihood_text(note)]
    return []


def _said(note: AnalyticNote) -> list[str]:
    if note.kind != NoteKind.ASSUMPTION:
        return [note.text]
    return [note.text, f"Would change it: {note.would_change}"]


def _stands(note: AnalyticNote) -> list[str]:
    lines = [outcome_text(note.kind, note.outcome)]
    if note.review_on is not None and not note.outcome:
        is_due = note.review_on <= timezone.localdate()
        lines.append(
            f"{'To be looked at again since' if is_due else 'Look again on'} "
            f"{date_text(note.review_on)}"
        )
    if note.answered_at is not None:
        lines.append(f"{_name(note.answered_by)}, {_day(note.answered_at)}")
    return [*lines, *([note.answer] if note.answer else [])]


def _settled(asked: Requirement, standing: RequirementStanding) -> Cell:
    if asked.withdrawn_at is not None:
        who = f"{_name(asked.withdrawn_by)}, {_day(asked.withdrawn_at)}"
        return {"lines": [str(standing.label), who, asked.withdrawn_reason]}
    answers: Sequence[Any] = list(asked.answers.all())
    if not answers:
        return {"tag": {"text": str(standing.label), "colour": COLOURS[standing]}}
    return {
        "links": [
            {
                "text": f"{one.report.reference}: {one.text}",
                "url": reverse("intelligence:report", args=[one.report.public_id]),
            }
            for one in answers
        ]
    }


def _reports(reports: Iterable[Report]) -> Cell:
    links = [
        {
            "text": one.reference,
            "url": reverse("intelligence:report", args=[one.public_id]),
        }
        for one in reports
    ]
    return {"links": links} if links else {"text": "No report"}


def _steps(row: AnalyticNote | Requirement, steps: Iterable[tuple[str, str]]) -> Cell:
    links = [
        {
            "text": text,
            "url": reverse(name, args=[row.public_id]),
            "hidden": f"what {_name(row.created_by)} recorded on {_day(row.created_at)}",
        }
        for text, name in steps
    ]
    return {"links": links} if links else {"text": "–"}


def _name(user: Any) -> str:
    return user.name if user else "The system"


def _day(moment: Any) -> str:
    return date_text(timezone.localtime(moment).date())
