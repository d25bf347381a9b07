"""The score of a group under both schemes, with every reason down to the reports."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.permissions import can
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.views.finding import record_shown
from intelligence.models import Report
from intelligence.models.report import ReportState
from intelligence.views.cells import condition_text, grade_code
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import check_parameters
from scoring.engine import CATALOGUE, Level
from scoring.engine.derived import Derived
from scoring.exceptions import BlindUntilHandedIn
from scoring.forms import FloorForm
from scoring.models import BandDecision, is_blind
from scoring.permissions import check_can_confirm, check_can_judge, check_can_note
from scoring.scores import FactorView, ScoreView, proposed_band, scores_of
from scoring.scores.derived import derived_of
from scoring.templatetags.scoring_tags import band_badge
from scoring.views import honest_numbers, note_rows
from scoring.views.asking import reader
from scoring.views.derived_cells import derived_cell
from scoring.views.figure_tables import Cell, counted

LEVELS = {
    "high": ("High", "red"),
    "medium": ("Medium", "orange"),
    "low": ("Low", "teal"),
    "nil": ("Nil", "grey"),
    "unknown": ("Not known", ""),
}


def visible_group(by: Viewer, public_id: uuid.UUID) -> CrimeGroup:
    """Return a group that the reader may see.

    Raises:
        NotFound: it is absent or hidden; the answer is the same.
        BlindUntilHandedIn: the reader is scoring it a second time, and sees no score.
    """
    rows = CrimeGroup.objects.visible_to(by).select_related("owner", "access_class")
    found = rows.annotate(is_blind=is_blind(by)).filter(public_id=public_id)
    group = found.first()
    if group is None:
        raise NotFound
    if group.is_blind:  # type: ignore[attr-defined]
        raise BlindUntilHandedIn
    return group


@require_safe
def score(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what each scheme makes of a group, and let people judge and confirm.

    What was merged into another has no score: its own page says what became of it.
    """
    by = reader(request)
    check_parameters(request.GET, FloorForm.base_fields)
    group = visible_group(by, public_id)
    if group.merged_into_id is not None:
        return redirect("groups:detail", public_id=group.public_id)
    form = FloorForm(request.GET)
    is_valid = form.is_valid()
    views = scores_of(by, group)
    derived = derived_of(by, group)
    primary = next(view for view in views if view.is_primary)
    hangs_on, named = honest_numbers.fragility_of(by, primary)
    named += [one for view in views for one in view.reports.values()]
    audit.consulted("groups.CrimeGroup", [group.pk])
    audit.consulted("intelligence.Report", {one.pk for one in named})
    may_judge = can(check_can_judge, by, group)
    may_note = can(check_can_note, by, group)
    beside, noted = note_rows.section(by, group)
    record_shown(note_rows.shown_with(noted))
    context = {
        "group": group,
        "form": form,
        "made_at": timezone.now(),
        "is_behind": any(view.is_behind for view in views),
        "schemes": [
            _scheme(
                view,
                group,
                form if is_valid else None,
                derived,
                may_judge=may_judge,
                may_ask=may_note,
            )
            for view in views
        ],
        "beside": beside,
        "may_note": may_note,
        "fragility": hangs_on,
        "side_by_side": honest_numbers.two_schemes(by, group, views),
        "may_judge": may_judge,
        "may_confirm": can(check_can_confirm, by, group),
        "computed": band_badge(primary.computed_band, "computed, advisory"),
        "decision": decision_shown(primary.confirmed),
        "proposal": decision_shown(proposed_band(by, group)),
        "is_awaiting": primary.is_awaiting,
    }
    status = 200 if is_valid else 400
    return render(request, "scoring/score.html", context, status=status)


def decision_shown(found: BandDecision | None) -> dict[str, Any] | None:
    """Return a decided band with who, when, why and until when, and who approved it."""
    if found is None:
        return None
    standing = "confirmed"
    if found.is_override:
        standing = "override" if found.is_settled else "override, proposed"
    return {
        "id": found.public_id,
        "band": band_badge(found.band, standing),
        "is_override": found.is_override,
        "approved_by": found.approved_by.name if found.approved_by else "",
        "at": found.decided_at,
        "by": found.created_by.name if found.created_by else "",
        "reason": found.reason,
        "expires_on": found.expires_on,
        "computed_then": found.computed_band,
    }


def _scheme(
    view: ScoreView,
    group: CrimeGroup,
    form: FloorForm | None,
    derived: Mapping[str, Derived],
    *,
    may_judge: bool,
    may_ask: bool,
) -> dict[str, Any]:
    """Return one scheme's column: what it is, its numbers, and its attributes."""
    result = view.result
    numbers: list[tuple[str, Cell]] = [
        ("Value", {"text": f"{result.value}"}),
        ("Interval", {"text": f"{result.low} to {result.high}"}),
        ("Floor", {"text": f"{view.floor}, on well-founded evidence alone"}),
        *_chosen_floor(view, form),
        (
            "Not known",
            {
                "text": f"{result.unknown_count} of {result.attribute_count} attributes "
                f"({round(100 * result.unknown_share)}%)"
            },
        ),
        ("Not judged", {"text": f"{counted(result.unjudged_count, 'level')}"}),
        (
            "Age of its evidence",
            {"text": honest_numbers.age_text(view.reports.values())},
        ),
        *_bands(view),
        ("Scored", _scored_at(view)),
    ]
    return {
        "key": view.scheme.key,
        "title": view.scheme.title,
        "version": view.scheme.version,
        "standing": view.scheme.standing,
        "rationale": view.scheme.rationale,
        "source": view.scheme.source,
        "numbers": [{"key": key, "value": value} for key, value in numbers],
        "axes": [
            f"{axis.key.replace('_', ' ').capitalize()}: {axis.value} points, "
            f"{axis.low} to {axis.high}"
            for axis in result.axes
        ],
        "factors": [
            factor_row(one, group, may_judge=may_judge, may_ask=may_ask)
            | {"derived": derived_cell(derived, one.factor.attribute, one.factor.level)}
            for one in view.factors
        ],
    }


def _chosen_floor(view: ScoreView, form: FloorForm | None) -> list[tuple[str, Cell]]:
    chosen = form.chosen if form else None
    if form is None or chosen is None:
        return []
    text = honest_numbers.floor_text(view, chosen, form.chosen_text)
    return [("Floor on your choice", {"text": text})]


def _bands(view: ScoreView) -> list[tuple[str, Cell]]:
    result = view.result
    if not view.scheme.has_bands:
        return [("Band", {"text": "None: this scheme has no bands"})]
    confirmed: Cell = {"text": "Not confirmed"}
    if view.confirmed_band:
        confirmed = {"band": band_badge(view.confirmed_band, "confirmed")}
    rows: list[tuple[str, Cell]] = [
        ("Computed band", {"band": band_badge(view.computed_band, "advisory")}),
        ("Confirmed band", confirmed),
    ]
    if result.band_low and result.band_high:
        span = f"from {result.band_low} to {result.band_high}"
        rows.insert(1, ("Band could be", {"text": span}))
    return rows


def _scored_at(view: ScoreView) -> Cell:
    if view.computed_at is None:
        return {"text": "Just now, for you"}
    return {"time": view.computed_at}


def factor_row(
    view: FactorView, group: CrimeGroup, *, may_judge: bool, may_ask: bool = False
) -> dict[str, Any]:
    """Return one attribute: level, points, the reason, and what it rests on."""
    factor, judgement = view.factor, view.judgement
    text, colour = LEVELS[str(factor.level)]
    is_span = factor.low != factor.high
    judged = ""
    if judgement is not None:
        who = judgement.created_by.name if judgement.created_by else "A person"
        day = date_text(timezone.localtime(judgement.decided_at).date())
        judged = f"{who}, {day}: {judgement.rationale}"
    return {
        "key": factor.attribute,
        "title": view.title,
        "meaning": CATALOGUE[factor.attribute].meaning,
        "level": {"text": text, "colour": colour},
        "points": f"{factor.points} ({factor.low} to {factor.high})"
        if is_span
        else str(factor.points),
        "reason": factor.reason,
        "is_unjudged": factor.unjudged,
        "judged": judged,
        "is_unsupported": view.is_unsupported,
        "reports": [_traced(report) for report in view.reports],
        "judge_url": reverse("scoring:judge", args=[group.public_id, factor.attribute])
        if may_judge
        else "",
        "ask_url": reverse("scoring:ask", args=[group.public_id, factor.attribute])
        if may_ask and factor.level is Level.UNKNOWN
        else "",
    }


def _traced(report: Report) -> dict[str, str]:
    """Return a report with its grades and handling, as the trace of a point ends."""
    note = f"graded {grade_code(report)}, received {date_text(report.received_on)}"
    if report.state != ReportState.SUBMITTED:
        note = f"{note}; {report.get_state_display().lower()}"
    condition = condition_text(report)
    return {
        "text": report.reference,
        "url": reverse("intelligence:report", args=[report.public_id]),
        "note": f"{note}; {condition}" if condition else note,
    }
