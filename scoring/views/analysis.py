"""Challenges, assumptions and alternative hypotheses: record, list and answer them."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import new_ticket
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.views.finding import found, record_shown
from groups.views.lists import listed
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order
from scoring.actions import analysis
from scoring.api.analysis import NoteFilterSet
from scoring.engine import CATALOGUE, YARDSTICK
from scoring.exceptions import NoteClosed
from scoring.forms.analysis import (
    FORMS,
    HOLDS,
    AlternativeForm,
    AssumptionForm,
    ChallengeForm,
    NoteAnswerForm,
    NoteForm,
)
from scoring.models import AnalyticNote, BandDecision, Judgement
from scoring.models.analysis import NoteKind, NoteOutcome
from scoring.permissions import check_can_answer_note, check_can_note
from scoring.templatetags.scoring_tags import band_text
from scoring.views.asking import reader
from scoring.views.judging import citable_reports
from scoring.views.note_rows import (
    NOTE_HEAD,
    OF_GROUP,
    against_text,
    likelihood_text,
    note_row,
    notes_of,
    shown_with,
)
from scoring.views.score import visible_group
from scoring.views.taking import taken

NEWEST_FIRST = Order("id", descending=True)
_EXPLAINED = {
    NoteKind.CHALLENGE: "A challenge says what speaks against a judged level or the "
    "band. Somebody else answers it: nobody answers their own. Until then the level and "
    "the band stand.",
    NoteKind.ASSUMPTION: "An assumption is what the score takes for granted. Say what "
    "would change it, and when to look at it again.",
    NoteKind.ALTERNATIVE: "An alternative hypothesis says what else could explain the "
    f"same evidence. {YARDSTICK.title}: {YARDSTICK.standing}",
}


@require_http_methods(["GET", "HEAD", "POST"])
def new_note(request: HttpRequest, public_id: uuid.UUID, kind: str) -> HttpResponse:
    """Record a challenge, an assumption or an alternative hypothesis on a score."""
    by = reader(request)
    group = visible_group(by, public_id)
    check_can_note(by, group)
    if kind not in FORMS:
        raise NotFound
    form = _form(request, by, group, kind)
    label = NoteKind(kind).label
    answer = taken(
        request,
        form,
        address=reverse("scoring:score", args=[group.public_id]) + "#notes",
        text=f"{label} recorded.",
        step=lambda: _record(by, group, form),
    )
    if answer:
        return answer
    record_shown([group, *form.offered.values()])
    article = "a" if kind == NoteKind.CHALLENGE else "an"
    context = {
        "group": group,
        "form": form,
        "ticket": new_ticket(by),
        "title": f"Record {article} {label.lower()}",
        "note": _EXPLAINED[NoteKind(kind)],
        "button": f"Record the {label.lower()}",
    }
    return render(request, "scoring/note_form.html", context)


def _form(request: HttpRequest, by: Viewer, group: CrimeGroup, kind: str) -> NoteForm:
    more: dict[str, Any] = {"reports": citable_reports(by, group)}
    if kind == NoteKind.CHALLENGE:
        more["targets"] = _targets(by, group)
    return FORMS[kind](request.POST or None, **more)


def _targets(by: Viewer, group: CrimeGroup) -> dict[str, tuple[str, Any]]:
    """Return what can be challenged: the band as computed and decided, each level."""
    targets: dict[str, tuple[str, Any]] = {"band": ("The computed band", None)}
    decisions = BandDecision.objects.visible_to(by).filter(group=group)
    last = decisions.order_by("-decided_at", "-id").first()
    if last is not None:
        text = f"The decided band: {band_text(last.band)}"
        targets[f"decision:{last.public_id}"] = (text, last)
    judged = Judgement.objects.visible_to(by).filter(group=group).current()
    for one in judged:
        text = f"{CATALOGUE[one.attribute].title}: {one.get_level_display().lower()}"
        targets[f"judgement:{one.public_id}"] = (text, one)
    return targets


def _record(by: Viewer, group: CrimeGroup, form: NoteForm) -> None:
    said: dict[str, Any] = {
        "by": by,
        "group": group,
        "text": form.cleaned_data["text"],
        "reports": form.cited,
    }
    if isinstance(form, ChallengeForm):
        analysis.challenge(**said, target=form.target)
    elif isinstance(form, AssumptionForm):
        analysis.assume(
            **said,
            would_change=form.cleaned_data["would_change"],
            review_on=form.cleaned_data["review_on"],
        )
    elif isinstance(form, AlternativeForm):
        analysis.suggest(**said, estimate=form.estimate)


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Show the visible notes that the address asks for, the newest first."""
    by = reader(request)
    rows = notes_of(by)
    shown = listed(request, NoteFilterSet, rows, NEWEST_FIRST, hidden=("group",))
    record_shown(shown_with(shown.page.rows))
    context = {
        "shown": shown,
        "form": shown.form,
        "count": shown.rows.count(),
        "head": [OF_GROUP, *NOTE_HEAD],
        "rows": [note_row(by, one, is_named=True) for one in shown.page.rows],
    }
    return render(request, "scoring/note_list.html", context, status=shown.status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_note(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close a note, or say that an assumption still holds."""
    by = reader(request)
    note = found(notes_of(by), public_id)
    check_can_answer_note(by, note)
    form = NoteAnswerForm(request.POST or None, kind=note.kind)
    if note.outcome and request.method != "POST":
        raise NoteClosed("This was answered or withdrawn already.")
    answer = taken(
        request,
        form,
        address=reverse("scoring:score", args=[note.group.public_id]) + "#notes",
        text="The answer is recorded.",
        step=lambda: _answer(by, note, form.cleaned_data),
    )
    if answer:
        return answer
    record_shown([note.group, *shown_with([note])])
    key, told = _about(note)
    who = note.created_by.name if note.created_by else "The system"
    context = {
        "group": note.group,
        "form": form,
        "ticket": new_ticket(by),
        "title": f"Answer the {note.get_kind_display().lower()}",
        "card": note.get_kind_display(),
        "facts": [
            {"key": "What it says", "value": {"text": note.text}},
            {"key": key, "value": {"text": told}},
            {"key": "Recorded by", "value": {"text": who}},
        ],
        "button": "Record the answer",
    }
    return render(request, "scoring/note_form.html", context)


def _about(note: AnalyticNote) -> tuple[str, str]:
    """Return what a note says beside its words, with the name of it."""
    if note.kind == NoteKind.CHALLENGE:
        return "Against", capfirst(against_text(note))
    if note.kind == NoteKind.ASSUMPTION:
        return "Would change it", note.would_change
    return "How likely", likelihood_text(note)


def _answer(by: Viewer, note: AnalyticNote, said: dict[str, Any]) -> None:
    if said["outcome"] == HOLDS:
        analysis.look_again(
            by=by, note=note, answer=said["answer"], review_on=said["review_on"]
        )
    else:
        outcome = NoteOutcome(said["outcome"])
        analysis.answer(by=by, note=note, outcome=outcome, answer=said["answer"])
