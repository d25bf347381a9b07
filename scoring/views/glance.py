"""What a dashboard shows of its place besides figures and movement: maps, debts, reach."""

import datetime
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.actions.reference import FOLDER
from accounts.visibility import Viewer
from groups.models.participation import SAFEGUARDED, InvolvementKind, Standing
from ocgmap.common.reference import read_accounts
from scoring import picture
from scoring.filters import groups_url
from scoring.forms import debt_text
from scoring.picture import Breakdown, Figures, Part, PictureScope, ScopeKind
from scoring.picture.filters import DEBTS
from scoring.views import waiting
from scoring.views.figure_tables import Cell, Links, counted, head_of

INVOLVEMENTS = {
    "Involved, but not members": (
        InvolvementKind.PROFESSIONAL_ENABLER,
        InvolvementKind.PUBLIC_OFFICIAL,
        InvolvementKind.ASSOCIATE,
        InvolvementKind.WITNESS,
    ),
    "Victims and exploited people": SAFEGUARDED,
}


def glance(
    by: Viewer, place: PictureScope, figures: Figures, more: Breakdown, links: Links
) -> dict[str, Any]:
    """Return the sections of this kind of place.

    What rests on records as they stand is of now only: a past day's page leaves it out.
    """
    found: dict[str, Any] = {"debts": _debts(more, links)}
    if place.kind is not ScopeKind.FORCE:
        found["tiles_map"] = _tiles(more.bodies, links)
        found["areas"] = _areas(more.bodies, links)
    if place.kind is ScopeKind.NATIONAL:
        found["forces"] = _forces(more.bodies, links)
        found["published"] = _published()
    if figures.is_now and figures.day:
        found["trend"] = _trend(by, place, figures.day)
        found["reach"] = _now(by, place, figures.day)
        found["involved"] = [_members(by, place), *_involved(by, place)]
        found["queue"] = [_queue(place, figures)]
    return found


@cache
def places() -> dict[str, tuple[int, int]]:
    """Return where each force area stands in the tile map of the project."""
    return {tile.code: (tile.q, tile.r) for tile in read_accounts(FOLDER).tiles}


@cache
def _ons_codes() -> dict[str, str]:
    """Return the code of each force area in the statistics, by ours."""
    return {one.code: one.ons_code for one in read_accounts(FOLDER).organisations}


def _areas(parts: Sequence[Part], links: Links) -> dict[str, Any] | None:
    """Return the map of force areas; None where no file of outlines is at hand."""
    paths, codes = picture.outlines(), _ons_codes()
    day = f"?{urlencode({'at': links.at.isoformat()})}" if links.at else ""
    areas = [
        {
            "path": paths[codes[part.code]],
            "name": part.name,
            "value": part.groups,
            "url": f"{reverse('scoring:dashboard', args=[f'force:{part.code}'])}{day}",
        }
        for part in parts
        if codes.get(part.code, "") in paths
    ]
    if not areas:
        return None
    box = picture.bounds([str(area["path"]) for area in areas])
    return {"areas": areas, "box": box, "source": picture.SOURCE}


def _tiles(parts: Sequence[Part], links: Links) -> list[dict[str, Any]]:
    day = f"?{urlencode({'at': links.at.isoformat()})}" if links.at else ""
    stand = places()
    return [
        {
            "q": stand[part.code][0],
            "r": stand[part.code][1],
            "name": part.name,
            "value": part.groups,
            "url": f"{reverse('scoring:dashboard', args=[f'force:{part.code}'])}{day}",
        }
        for part in parts
        if part.code in stand
    ]


def _forces(parts: Sequence[Part], links: Links) -> Cell:
    """Return the twin of the nation's map: groups by body."""
    stand = places()
    shown = [part for part in parts if part.groups or part.code in stand]
    most = max([part.groups for part in shown] or [1])
    rows = [
        [
            {"text": part.name},
            Links(f"force:{part.code}", links.at).bar(
                f"forces.{part.code}.groups", part.groups, most
            ),
        ]
        for part in shown
    ]
    return {"head": [{"text": "Force or other body"}, {"text": "Groups"}], "rows": rows}


def _debts(more: Breakdown, links: Links) -> Cell:
    most = max([*more.debts.values(), 1])
    rows = [
        [
            {"text": debt_text(debt)},
            links.bar(f"debt.{debt}", more.debts.get(debt, 0), most, debt=debt),
        ]
        for debt in DEBTS
    ]
    return {"head": [{"text": "Overdue for"}, {"text": "Groups"}], "rows": rows}


def _trend(by: Viewer, place: PictureScope, day: datetime.date) -> dict[str, Any]:
    points = picture.trend(by, place, day)
    return {
        "points": [
            {"label": f"{point.day:%b %Y}", "value": point.groups} for point in points
        ],
        "head": head_of("At the end of", *(f"{one.day:%b %Y}" for one in points)),
        "rows": [
            [
                {"text": "Groups"},
                *(
                    Links(place.key, one.day).number(f"trend.{one.day}", one.groups)
                    for one in points
                ),
            ],
            *_disposed(points),
        ],
    }


def _disposed(points: Sequence[picture.Point]) -> list[list[Cell]]:
    """Return a row that says how many of each day were disposed of since, if any were."""
    if not any(one.disposed for one in points):
        return []
    numbers = [{"text": f"{one.disposed:,}", "numeric": True} for one in points]
    return [[{"text": "Of these, records since disposed"}, *numbers]]


def _now(by: Viewer, place: PictureScope, day: datetime.date) -> list[Cell]:
    """Return tiles of what needs a person, and of what reaches beyond the region."""
    if place.kind is ScopeKind.FORCE:
        steps = waiting.records(by, place)
        return [*steps, waiting.newer_evidence(by, place)]
    across = picture.groups_across(by, place, day)
    live = [line for line in picture.live_lines(by, place) if line.group_id in across]
    count = picture.lines(by, place).filter(group_id__in=across).count() + len(live)
    return [
        waiting.tile(
            "across",
            "Groups that reach beyond their region",
            count,
            "activity, link or member of a body elsewhere",
            groups_url(place.key, across="true"),
        )
    ]


def _queue(place: PictureScope, figures: Figures) -> Cell:
    """Return the tile of the submissions that wait, of those that the reader sees."""
    fresh = figures.freshness
    seconds = round(fresh.oldest_queued_seconds or 0)
    return waiting.tile(
        "queued",
        "Submissions not yet included",
        fresh.queued,
        f"the oldest waits for {counted(seconds, 'second')}"
        if fresh.queued
        else "all that you may see is in the figures",
        reverse("scoring:queue", args=[place.key]),
    )


def _members(by: Viewer, place: PictureScope) -> Cell:
    """Return open memberships by standing. Victims are in a table of their own."""
    counts = picture.members_by_standing(by, place)
    address = reverse("scoring:members", args=[place.key])
    return {
        "caption": "Members",
        "head": head_of("Standing", "Memberships"),
        "rows": [
            [
                {"text": str(one.label)},
                {
                    "text": f"{counts[one]:,}",
                    "url": f"{address}?{urlencode({'standing': str(one)})}",
                    "figure": f"members.{one}",
                    "numeric": True,
                },
            ]
            for one in Standing
        ],
    }


def _involved(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return open involvements by kind, those of victims in a table of their own."""
    counts = picture.involvements_by_kind(by, place)
    address = reverse("scoring:involvements", args=[place.key])
    return [
        {
            "caption": caption,
            "head": head_of("Kind", "Involvements"),
            "rows": [
                [
                    {"text": str(kind.label)},
                    {
                        "text": f"{counts[kind]:,}",
                        "url": f"{address}?{urlencode({'kind': str(kind)})}",
                        "figure": f"involved.{kind}",
                        "numeric": True,
                    },
                ]
                for kind in kinds
            ],
        }
        for caption, kinds in INVOLVEMENTS.items()
    ]


def _published() -> Cell:
    names = ("When", "Where", "What", "As printed", "Source", "How sure")
    rows = [
        [
            {"text": one.period},
            {"text": one.area},
            {"text": one.measure},
            {"text": one.printed},
            {"text": one.source},
            {"text": str(one.confidence)},
        ]
        for one in picture.published_figures()
    ]
    return {"head": [{"text": name} for name in names], "rows": rows}
