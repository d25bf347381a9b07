"""How a band is shown, on every page that shows one.

Load with ``{% load scoring_tags %}``; pages of lower apps may.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import can
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from groups.models.crime_group import ActivityStatus, RecordState
from scoring.assembly import primary_in_use
from scoring.engine import INSUFFICIENT
from scoring.models import AnalyticNote, PictureLine, Requirement, ScoreHead, Watch
from scoring.models.requirement import RequirementStanding
from scoring.permissions import check_not_blind
from scoring.picture import moment_of
from scoring.picture.lines import score_live
from scoring.scores import Foreseen, foreseen

register = template.Library()

_GRAVEST = 6


def band_level(band: str) -> int:
    """Return 5 for the gravest band down to 1, and 0 for insufficient information."""
    return _GRAVEST - int(band[0]) if band[:1].isdigit() else 0


def band_text(band: str) -> str:
    """Return a band as it is shown: `1a`, or insufficient information in full."""
    return INSUFFICIENT.capitalize() if band == INSUFFICIENT else band


def band_badge(band: str, note: str = "", *, is_short: bool = False) -> dict[str, Any]:
    """Return what the band component takes; short for the columns of a list."""
    text = "Insufficient" if is_short and band == INSUFFICIENT else band_text(band)
    return {"text": text, "level": band_level(band), "note": note}


@register.inclusion_tag("scoring/_group_band.html", takes_context=True)
def group_band(context: RequestContext, group: CrimeGroup) -> dict[str, Any]:
    """Show the computed and the confirmed band of ``group``, as the reader sees it.

    And how many notes and questions on it are open; none of it while they score it a
    second time. Five queries, so for one group on a page; a list of groups belongs to
    scoring.
    """
    viewer = context["request"].viewer
    if not can(check_not_blind, viewer, group):
        return {"is_shut": True}
    line = lines_of(viewer, [group.pk]).get(group.pk)
    if line is None:
        is_merged = group.merged_into_id is not None
        return {"computed": None, "confirmed": None, "is_merged": is_merged}
    confirmed = line.confirmed_band
    return {
        "computed": band_badge(line.computed_band, "computed, advisory"),
        "confirmed": band_badge(confirmed, "confirmed") if confirmed else None,
        **_still_open(viewer, group),
    }


def _still_open(by: Viewer, group: CrimeGroup) -> dict[str, Any]:
    """Return how many notes and questions on a group are open, for its reader."""
    notes = AnalyticNote.objects.told_to(by).filter(group=group, outcome="")
    asked = Requirement.objects.visible_to(by).as_seen_by(by).filter(group=group)
    still = asked.standing([RequirementStanding.OPEN], timezone.localdate())
    return {
        "query": f"?standing=open&group={group.public_id}",
        "open_notes": notes.count(),
        "open_questions": still.count(),
    }


@register.inclusion_tag("scoring/_watch_button.html", takes_context=True)
def watch_button(
    context: RequestContext, target: CrimeGroup | Nominal
) -> dict[str, Any]:
    """Show the button that watches a group or a person, or stops. One query."""
    is_group = isinstance(target, CrimeGroup)
    kind, column = ("groups", "group") if is_group else ("people", "nominal")
    mine = Watch.objects.visible_to(context["request"].viewer)
    is_watched = mine.filter(**{column: target.pk}).exists()
    step = "scoring:unwatch" if is_watched else "scoring:watch"
    return {
        "url": reverse(step, args=[kind, target.public_id]),
        "text": "Stop watching" if is_watched else "Watch",
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("scoring/_merge_preview.html", takes_context=True)
def merge_preview(
    context: RequestContext,
    group: CrimeGroup,
    survivor: CrimeGroup | None,
    *,
    is_split: bool,
) -> dict[str, Any]:
    """Show what a merge, or a split, changes in the figures. Some twenty queries."""
    if survivor is None:
        return {"table": None, "notes": ["You may not see the other group."]}
    viewer = context["request"].viewer
    found = foreseen(viewer, group, survivor, is_split=is_split)
    heads = [
        {"text": f"{one.group.name} {'afterwards' if one.is_after else 'now'}"}
        for one in found
    ]
    rows = [[{"text": name}, *(cell(one) for one in found)] for name, cell in _FORESEEN]
    is_counted = group.record_state == RecordState.MAPPED and (
        group.activity_status == ActivityStatus.ACTIVE
    )
    way = "comes back into" if is_split else "leaves"
    notes = [f"{group.name} {way} the figures as a group."] if is_counted else []
    return {
        "table": {"head": [{"text": "Figure"}, *heads], "rows": rows},
        "notes": notes,
    }


def _short(band: str) -> dict[str, Any]:
    return band_badge(band, is_short=True)


_FORESEEN: tuple[tuple[str, Callable[[Foreseen], dict[str, Any]]], ...] = (
    ("Computed band", lambda one: {"band": _short(one.standing.computed_band)}),
    ("Confirmed band", lambda one: {"text": one.standing.confirmed_band or "None"}),
    ("Points", lambda one: {"text": str(one.value)}),
    ("Attributes not known", lambda one: {"text": str(one.standing.unknown_count)}),
    ("Memberships", lambda one: {"text": str(one.standing.memberships)}),
    ("Principals", lambda one: {"text": str(one.standing.principals)}),
)


def lines_of(viewer: Viewer, group_ids: Sequence[int]) -> dict[int, PictureLine]:
    """Return the reader's own line of each of these groups, whatever their state.

    A group that was never scored is left out. Two queries, and more where a group
    carries more labels than are kept.
    """
    rows = (
        PictureLine.objects.visible_to(viewer)
        .at(None)
        .filter(group_id__in=group_ids, scheme_version__is_primary=True)
        .order_by("group_id", "-rank", "-id")
        .distinct("group_id")
        .select_related("owner", "predominant_threat")
    )
    found = {row.group_id: row for row in rows}
    heads = ScoreHead.objects.filter(group_id__in=group_ids, is_live=True)
    live = list(heads.values_list("group_id", flat=True))
    if live:
        scored = score_live(viewer, live, primary_in_use(), moment_of(None))
        found |= {line.group_id: line for line in scored}
    return found
