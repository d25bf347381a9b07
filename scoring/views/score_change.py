"""What moved a group's score between two days: each cause, its points and its evidence."""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from groups.models import CrimeGroup
from ocgmap.common.date_fields import date_text
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.engine import CATALOGUE, Cause, Part, Result, Step
from scoring.forms import ScoreChangeForm
from scoring.picture import Moment
from scoring.scores import Moved, moved_between
from scoring.templatetags.scoring_tags import band_badge
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell
from scoring.views.score import LEVELS, visible_group

# A short name for the picture, and what it means for the table.
CAUSES: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.MERGE: (
        "Merged records",
        "Records of other groups that were merged into this one, or split off it",
    ),
    Cause.AGEING: ("Ageing", "Reports left the window of the scheme as days passed"),
    Cause.NEW: ("New intelligence", "Reports that came, or say more than before"),
    Cause.REGRADE: ("Re-grade", "Reports whose grades were changed"),
    Cause.WITHDRAWAL: (
        "Withdrawal",
        "Reports withdrawn or superseded, or that no longer say so",
    ),
    Cause.JUDGEMENT: ("Judgement", "Levels that a person decided"),
    Cause.SCHEME: ("Scheme version", "The same evidence under another version"),
    Cause.REST: (
        "Label, or unseen",
        "A change of label, evidence that you may not see, or not counted yet",
    ),
}


@require_safe
def score_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what moved the primary score of a group between the ends of two days."""
    by = reader(request)
    check_parameters(request.GET, {"from", "to"})
    group = visible_group(by, public_id)
    audit.consulted("groups.CrimeGroup", [group.pk])
    form = ScoreChangeForm(request.GET)
    context: dict[str, Any] = {
        "group": group,
        "form": form,
        "made_at": timezone.now(),
    }
    if not form.is_valid():
        return render(request, "scoring/score_change.html", context, status=400)
    since = picture.moment_of(form.cleaned_data["from"], field="from")
    until = picture.moment_of(form.cleaned_data["to"], field="to")
    context |= {"since": since, "until": until}
    moved = moved_between(by, group, since, until)
    if moved is not None:
        audit.consulted("intelligence.Report", moved.reports)
        context["causes"] = causes(
            moved,
            (_when(since), _when(until)),
            (_url(group, since), _url(group, until)),
        )
    return render(request, "scoring/score_change.html", context)


def change_url(group: CrimeGroup, since: datetime.date, until: Moment) -> str:
    """Return the address of what moved a score between two days."""
    asked = {"from": since.isoformat()}
    if not until.is_now:
        asked["to"] = until.day.isoformat()
    url = reverse("scoring:score_change", args=[group.public_id])
    return f"{url}?{urlencode(asked)}"


def causes(moved: Moved, whens: Sequence[str], urls: Sequence[str]) -> Cell:
    """Return both ends, and what moved the one to the other, for `_causes.html`."""
    ends = zip((moved.before, moved.after), whens, urls, strict=True)
    return {
        "summary": [_end(result, when, url) for result, when, url in ends],
        "change": f"{moved.waterfall.after - moved.waterfall.before:+d}",
        "bars": list(_bars(moved, whens)),
        "rest_label": CAUSES[Cause.REST][0],
        "rows": [_row(part, moved) for part in moved.waterfall.parts],
    }


def _end(result: Result, when: str, url: str) -> Cell:
    return {
        "when": when,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "band": band_badge(result.band, "computed, advisory") if result.band else None,
        "url": url,
    }


def _url(group: CrimeGroup, moment: Moment) -> str:
    """Return the address of a score with its own reasons."""
    if moment.is_now:
        return reverse("scoring:score", args=[group.public_id])
    past = reverse("scoring:past_score", args=[group.public_id])
    return f"{past}?{urlencode({'at': moment.day.isoformat()})}"


def _when(moment: Moment) -> str:
    return "Now" if moment.is_now else f"End of {date_text(moment.day)}"


def _bars(moved: Moved, whens: Sequence[str]) -> Iterator[Cell]:
    """Yield both values, and between them each cause that moved anything."""
    fall = moved.waterfall
    yield {"label": whens[0], "start": 0, "end": fall.before}
    for part in fall.parts:
        if part.change:
            label, _ = CAUSES[part.cause]
            start = part.value - part.change
            yield {"label": label, "start": start, "end": part.value, "is_change": True}
    yield {"label": whens[1], "start": 0, "end": fall.after}


def _row(part: Part, moved: Moved) -> dict[str, Any]:
    label, meaning = CAUSES[part.cause]
    return {
        "label": label,
        "meaning": meaning,
        "change": f"{part.change:+d}" if part.change else "0",
        "value": part.value,
        "band": band_badge(part.band, is_short=True) if part.band else None,
        "steps": [_step(step, moved) for step in part.steps],
    }


def _step(step: Step, moved: Moved) -> dict[str, Any]:
    text = f"{step.change:+d}"
    if step.before is not None and step.after is not None:
        levels = [LEVELS[str(one)][0].lower() for one in (step.before, step.after)]
        text = f"{levels[0]} to {levels[1]}, {text}"
    return {
        "title": CATALOGUE[step.attribute].title,
        "text": text,
        "judged": _judged(step, moved),
        "reports": [
            {
                "text": report.reference,
                "url": reverse("intelligence:report", args=[report.public_id]),
            }
            for report in (moved.reports.get(pk) for pk in step.report_ids)
            if report is not None
        ],
    }


def _judged(step: Step, moved: Moved) -> str:
    judgement = moved.judgements.get(step.judgement_id or 0)
    if judgement is None:
        return ""
    who = judgement.created_by.name if judgement.created_by else "a person"
    day = date_text(timezone.localdate(judgement.decided_at))
    return f"judged by {who}, {day}: {judgement.rationale}"
