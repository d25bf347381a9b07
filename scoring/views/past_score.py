"""The score of a group as the figures of a past day count it, with every reason."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from groups.models.crime_group import ActivityStatus, RecordState, Tier
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms import AsAtForm
from scoring.scores import PastScore, score_then
from scoring.templatetags.scoring_tags import band_badge
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell, counted
from scoring.views.hindsight import hindsight_url
from scoring.views.score import factor_row, visible_group
from scoring.views.score_change import change_url

NOW = (
    "This is the score now, from the evidence that you may see. Choose a former day to "
    "see the score of its end. A computed band is advisory."
)
THEN = (
    "Scored then from the evidence that a reader of what you hold now would have seen. "
    "Reports named here are those that you may see today. A computed band is advisory."
)


@require_safe
def past_score(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what the primary scheme made of a group at the end of a day."""
    by = reader(request)
    check_parameters(request.GET, {"at"})
    group = visible_group(by, public_id)
    audit.consulted("groups.CrimeGroup", [group.pk])
    form = AsAtForm(request.GET)
    context: dict[str, Any] = {
        "group": group,
        "form": form,
        "made_at": timezone.now(),
    }
    if not form.is_valid():
        return render(request, "scoring/past_score.html", context, status=400)
    moment = picture.moment_of(form.cleaned_data["at"])
    found = score_then(by, group, moment.instant)
    context |= {"moment": moment, "basis": NOW if moment.is_now else THEN}
    if found is not None:
        reports = {report.pk for factor in found.factors for report in factor.reports}
        audit.consulted("intelligence.Report", reports)
        context["numbers"] = _numbers(found)
        if not moment.is_now:
            context["change_url"] = change_url(
                group, moment.day, picture.moment_of(None)
            )
            context["hindsight_url"] = hindsight_url(group, moment)
        context["scheme"] = {
            "title": found.result.scheme.title,
            "version": found.result.scheme.version,
            "factors": [
                factor_row(one, group, may_judge=False) for one in found.factors
            ],
        }
    return render(request, "scoring/past_score.html", context)


def _numbers(found: PastScore) -> list[dict[str, Any]]:
    line, result = found.line, found.result
    confirmed: Cell = {"text": "Not confirmed"}
    if line.confirmed_band:
        confirmed = {"band": band_badge(line.confirmed_band, "confirmed")}
    rows: list[tuple[str, Cell]] = [
        ("Computed band", {"band": band_badge(line.computed_band, "advisory")}),
        ("Confirmed band", confirmed),
        ("Value", {"text": str(result.value)}),
        ("Interval", {"text": f"{result.low} to {result.high}"}),
        (
            "Not known",
            {"text": f"{result.unknown_count} of {result.attribute_count} attributes"},
        ),
        ("Not judged", {"text": counted(result.unjudged_count, "level")}),
        ("Tier", {"text": str(Tier(line.tier).label)}),
        ("Owner", {"text": line.owner.short_name}),
        ("Record state", {"text": str(RecordState(line.record_state).label)}),
        ("Activity status", {"text": str(ActivityStatus(line.activity_status).label)}),
    ]
    return [{"key": key, "value": value} for key, value in rows]
