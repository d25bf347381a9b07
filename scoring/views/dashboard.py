"""One dashboard for any scope: a force, a region, the nation; now or at a day's end."""

import dataclasses
import datetime
import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.visibility import Viewer
from ocgmap.common.date_fields import date_text
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.engine import PRIMARY
from scoring.forms import TwoDaysForm
from scoring.picture import Breakdown, Figures, Movement, PictureScope, ScopeKind
from scoring.views import comparison, figure_tables, glance, move_rows, pinned
from scoring.views.asking import reader
from scoring.views.coverage import coverage
from scoring.views.figure_tables import Cell, Links
from scoring.views.movement import period

MOVES_SHOWN = 5
# The sections of a dashboard, what moved before the rest since it is asked most: the part
# of the context, which is the section's anchor too, and what the link to it says.
SECTIONS = (
    ("movement", "What moved, and why"),
    ("reach", ""),
    ("queue", "Not yet in these figures"),
    ("searches", "Your searches here"),
    ("tiles_map", "Map"),
    ("heat", "Bands by threat"),
    ("bands", "Bands, tiers and review debt"),
    ("parts", ""),
    ("trend", "Trend"),
    ("coverage", "Returns"),
    ("involved", "People"),
    ("published", "Published figures"),
)
DEFINITIONS = (
    PRIMARY.standing,
    (
        "A computed band is advisory and moves as intelligence arrives. A confirmed band is "
        "a person's decision. A group awaits confirmation while no decision that stands "
        "says what the engine says."
    ),
    (
        "Insufficient information means that more than half of the attributes are not "
        "known. It does not mean low."
    ),
    (
        "Memberships are open memberships: a person in two groups is counted twice. "
        "Victims, witnesses and exploited people are never members."
    ),
    (
        "A group is in the region that its owner was placed in on that day. Owners without "
        "a region are the line “No region”, so that the parts add up."
    ),
    (
        "A group reaches beyond its region when an activity of it has a place, or it has a "
        "link to a group or a member in a group, of a body that is not placed in its "
        "owner's region. Only what is open and what you may see counts."
    ),
    (
        f"Groups per million people divide by the {picture.POPULATION_OF} population of the forces "
        "placed in the region. The line “No region” has no such figure, since agencies "
        "are in it."
    ),
    "All figures are of what you may see. Others may rightly see other figures.",
)


@require_safe
def dashboard(request: HttpRequest, scope: str) -> HttpResponse:
    """Show the reader's figures; every number opens the list that it counts."""
    by = reader(request)
    check_parameters(request.GET, {"at", "since"})
    place = picture.parse_scope(scope)
    form = TwoDaysForm(request.GET)
    context = {
        "place": place,
        "form": form,
        "breadcrumbs": _breadcrumbs(place),
        "made_at": timezone.now(),
        "slider": _slider(by),
    }
    if not form.is_valid():
        return render(request, "scoring/dashboard.html", context, status=400)
    at: datetime.date | None = form.cleaned_data["at"]
    figures = picture.read(by, place, at)
    moved = picture.movement(by, place, form.cleaned_data["since"], at)
    audit.consulted(
        "scoring.Picture", [], scope=place.key, at=at.isoformat() if at else ""
    )
    context |= _content(by, place, at, figures)
    context["movement"] = _movement(by, place, moved)
    context["sections"] = _sections(context)
    return render(request, "scoring/dashboard.html", context)


@require_safe
def newer(request: HttpRequest, scope: str) -> HttpResponse:
    """Offer the newer picture when the reader's own figures have moved, else nothing.

    An open dashboard asks again and again; nothing on it is changed or put in another
    order until the reader follows the link.
    """
    by = reader(request)
    check_parameters(request.GET, {"digest"})
    place = picture.parse_scope(scope)
    if digest_of(picture.read(by, place)) == request.GET.get("digest"):
        return HttpResponse(status=204)
    url = reverse("scoring:dashboard", args=[place.key])
    return render(request, "scoring/_newer.html", {"url": url})


def digest_of(figures: Figures) -> str:
    """Return a digest of the counts: only what the reader may see moves it."""
    told = dataclasses.asdict(figures)
    del told["freshness"], told["day"]
    content = json.dumps(told, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _slider(by: Viewer) -> dict[str, str]:
    """Return the days that have a picture, for the slider; empty where there is one."""
    first, last = picture.first_day(by), timezone.localdate()
    if first is None or first >= last:
        return {}
    return {
        "first": first.isoformat(),
        "first_text": date_text(first),
        "last": last.isoformat(),
    }


def _breadcrumbs(place: PictureScope) -> list[dict[str, str]]:
    if place.kind is ScopeKind.NATIONAL:
        return []
    nation = reverse("scoring:dashboard", args=["national"])
    return [{"text": "The nation", "url": nation}, {"text": place.name}]


def _content(
    by: Viewer, place: PictureScope, at: datetime.date | None, figures: Figures
) -> dict[str, Any]:
    """Return what the page shows of valid figures."""
    links = Links(place.key, None if figures.is_now else at)
    more = figures.breakdown
    is_national = place.kind is ScopeKind.NATIONAL
    return {
        "figures": figures,
        "digest": digest_of(figures),
        "waiting": _waiting(figures),
        "as_at_text": f"As at the end of {date_text(figures.day)}"
        if figures.day
        else "",
        "definitions": [_counted_by(figures.version), *DEFINITIONS],
        "disposed": figure_tables.since_disposed(figures.disposed),
        "summary": figure_tables.summary(figures, place),
        "tiles": figure_tables.tiles(figures, links),
        "heat": figure_tables.heat(figures, links),
        "bands": figure_tables.bands(figures, more.confirmed, links),
        "tiers": figure_tables.tiers(figures, links),
        "coverage": coverage(figures, place),
        "searches": pinned.tiles_of(by, place) if figures.is_now else [],
        "parts": _parts(figures, more, links, is_national=is_national),
        "reach_title": "What waits for a person"
        if place.kind is ScopeKind.FORCE
        else "Beyond the region",
        **glance.glance(by, place, figures, more, links),
    }


def _counted_by(version: str) -> str:
    return (
        "Groups are those mapped and active, each counted once, by the computed band of "
        f"{PRIMARY.title} version {version} and by predominant threat."
    )


def _sections(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Return anchor and text of each section that the page has."""
    texts = dict(SECTIONS)
    texts["reach"] = context["reach_title"]
    texts["parts"] = context["parts"]["caption"] if context["parts"] else ""
    return [(part, text) for part, text in texts.items() if context.get(part)]


def _parts(
    figures: Figures, more: Breakdown, links: Links, *, is_national: bool
) -> Cell | None:
    """Return the regions of the nation, or the bodies of a region."""
    if not is_national:
        return figure_tables.parts(more.bodies, links)
    populations = picture.populations(figures.day) if figures.day else {}
    return figure_tables.regions(figures, populations, links)


def _movement(by: Viewer, place: PictureScope, moved: Movement) -> dict[str, Any]:
    """Return what moved lately: numbers, the gravest groups, and where the rest is."""
    held = [one for one in moved.moves if not one.is_disposed]
    gravest = sorted(held, key=lambda one: (one.band, one.group_id))
    return {
        "period": period(moved),
        "tiles": move_rows.tiles(place, moved),
        "rows": move_rows.rows_of_moves(by, moved, gravest[:MOVES_SHOWN]),
        "url": move_rows.movement_url(place.key, moved),
        "compare_url": comparison.url(place, moved),
        "not_recorded": moved.not_recorded,
        "disposed": figure_tables.since_disposed(moved.disposed()),
    }


def _waiting(figures: Figures) -> str:
    """Return that some submissions wait, and how long the oldest has waited."""
    found = figures.freshness
    if not found.queued:
        return ""
    seconds = round(found.oldest_queued_seconds or 0)
    return (
        "Submissions that you may see wait to be included, the oldest for "
        f"{figure_tables.counted(seconds, 'second')}."
    )
