"""Two clocks: what was believed of a day, beside what is known of it now."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import audit
from groups.models import CrimeGroup
from groups.views.cards import group_cell
from groups.views.finding import record_shown
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms import AsAtForm
from scoring.picture import BANDS, Moment, PictureScope
from scoring.scores import (
    Compared,
    Hindsight,
    Side,
    hindsight,
    learned_since,
    memberships_then,
)
from scoring.templatetags.scoring_tags import band_badge, band_text
from scoring.views.asking import reader
from scoring.views.figure_tables import (
    Cell,
    Links,
    counted,
    head_of,
    signed,
    since_disposed,
)
from scoring.views.score import visible_group
from scoring.views.score_change import causes

MOST_SHOWN: Final = 100
BELIEVED: Final = "Believed then"
KNOWN: Final = "Known now"


@require_safe
def group_hindsight(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what today's records say of a group's past day, and what made it differ."""
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
        return render(request, "scoring/group_hindsight.html", context, status=400)
    moment = picture.moment_of(form.cleaned_data["at"])
    context["moment"] = moment
    moved = None if moment.is_now else learned_since(by, group, moment)
    if moved is not None:
        audit.consulted("intelligence.Report", moved.reports)
        then = reverse("scoring:past_score", args=[group.public_id])
        now = reverse("scoring:score", args=[group.public_id])
        urls = f"{then}?{urlencode({'at': moment.day.isoformat()})}", now
        believed, known = memberships_then(by, group, moment)
        context |= {
            "causes": causes(moved, (BELIEVED, KNOWN), urls),
            "memberships": (
                f"{counted(believed, 'membership')} believed then, {known} known now."
            ),
        }
    return render(request, "scoring/group_hindsight.html", context)


@require_safe
def hindsight_figures(request: HttpRequest, scope: str) -> HttpResponse:
    """Show a place's bands of a past day by both clocks, and the groups that differ."""
    by = reader(request)
    check_parameters(request.GET, {"at"})
    place = picture.parse_scope(scope)
    form = AsAtForm(request.GET)
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "made_at": timezone.now(),
    }
    if not form.is_valid():
        return render(request, "scoring/hindsight_figures.html", context, status=400)
    moment = picture.moment_of(form.cleaned_data["at"])
    audit.consulted("scoring.Hindsight", [], scope=place.key, at=str(moment.day))
    context["moment"] = moment
    if not moment.is_now:
        found = hindsight(by, place, moment.day)
        context |= {"is_too_many": found.groups is None}
        if found.groups is not None:
            shown = found.different[:MOST_SHOWN]
            groups = CrimeGroup.objects.visible_to(by).in_bulk(
                [one.group_id for one in shown]
            )
            record_shown(groups.values())
            context |= _tables(place, found, shown, groups)
    return render(request, "scoring/hindsight_figures.html", context)


def _tables(
    place: PictureScope,
    found: Hindsight,
    shown: list[Compared],
    groups: Mapping[int, CrimeGroup],
) -> dict[str, Any]:
    different = len(found.different)
    return {
        "bands": {
            "head": head_of("Computed band", BELIEVED, KNOWN, "Difference"),
            "rows": _bands(place, found),
        },
        "disposed": since_disposed(found.disposed),
        "count": different,
        "count_text": f"{counted(different, 'group')} of {len(found.groups or ()):,}",
        "left_out": different - len(shown),
        "head": [
            {"text": "Group"},
            *(
                {"text": f"{name}: {clock.lower()}"}
                for name in ("Band", "Points")
                for clock in (BELIEVED, KNOWN)
            ),
            {"text": "Members"},
        ],
        "rows": [
            _row(one, groups[one.group_id], found.moment)
            for one in shown
            if one.group_id in groups
        ],
    }


def _bands(place: PictureScope, found: Hindsight) -> list[list[Cell]]:
    """Return a row for each band that either clock gives; the first opens its list."""
    believed = Counter(one.believed.band for one in found.groups or ())
    known = Counter(one.known.band for one in found.groups or ())
    links = Links(place.key, found.moment.day)
    return [
        [
            {"text": band_text(band)},
            links.number(f"believed.{band}", believed[band], band=band),
            {"text": f"{known[band]:,}", "numeric": True},
            {"text": signed(known[band] - believed[band]), "numeric": True},
        ]
        for band in BANDS
        if believed[band] or known[band]
    ]


def _row(one: Compared, group: CrimeGroup, moment: Moment) -> list[Cell]:
    return [
        {**group_cell(group), "url": hindsight_url(group, moment)},
        _band(one.believed),
        _band(one.known),
        {"text": str(one.believed.value), "numeric": True},
        {"text": str(one.known.value), "numeric": True},
        {"text": f"{one.believed.memberships} then, {one.known.memberships} now"},
    ]


def _band(side: Side) -> Cell:
    return {"band": band_badge(side.band, is_short=True)}


def hindsight_url(group: CrimeGroup, moment: Moment) -> str:
    """Return the address of what is known now of a group's past day."""
    url = reverse("scoring:group_hindsight", args=[group.public_id])
    return f"{url}?{urlencode({'at': moment.day.isoformat()})}"


def figures_url(place: PictureScope, moment: Moment) -> str:
    """Return the address of a place's past day by both clocks."""
    url = reverse("scoring:hindsight_figures", args=[place.key])
    return f"{url}?{urlencode({'at': moment.day.isoformat()})}"
