"""What moved, as pages show it: numbers that open lists, and rows with their reasons."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import audit
from accounts.visibility import Viewer
from groups.models.crime_group import Tier
from intelligence.models import Report
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order, page_of
from scoring import picture
from scoring.forms import MOVES
from scoring.models import PictureLine
from scoring.picture import Move, MoveKind, Movement, PictureScope, Reason
from scoring.picture.reasons import Change
from scoring.templatetags.scoring_tags import band_badge
from scoring.views.figure_tables import Cell
from scoring.views.score_change import change_url

NOTES = {
    MoveKind.NEW: "recorded, mapped, active again or moved here",
    MoveKind.GONE: "archived, dormant, unmapped, merged or moved away",
    MoveKind.DORMANT: "of those that are gone",
    MoveKind.ARCHIVED: "of those that are gone",
    MoveKind.BAND: "advisory",
    MoveKind.CONFIRMED: "decided by a person, or lapsed",
    MoveKind.TIER: "of tasking",
    MoveKind.POINTS: "the band stayed",
}
LEVELS = {
    "high": "high",
    "medium": "medium",
    "low": "low",
    "nil": "nil",
    "unknown": "not known",
}


@dataclass(frozen=True, slots=True)
class MovePage:
    """One page of moves, and the cursors of those beside it."""

    rows: list[dict[str, Any]]
    next: str = ""
    previous: str = ""


def movement_url(scope: str, found: Movement, kind: str = "", cursor: str = "") -> str:
    """Return the address of the list of what moved."""
    until = "" if found.until.is_now else found.until.day.isoformat()
    asked = {
        "since": found.since.day.isoformat(),
        "at": until,
        "kind": kind,
        "cursor": cursor,
    }
    kept = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('scoring:movement', args=[scope])}?{kept}"


def tiles(place: PictureScope, found: Movement) -> list[Cell]:
    """Return how many groups moved, and in which way; each number opens its list."""
    whole: Cell = {
        "key": "moved",
        "label": "Groups moved",
        "value": f"{len(found.moves):,}",
        "note": "each counted once",
        "url": movement_url(place.key, found),
    }
    return [
        whole,
        *(
            {
                "key": f"moved.{kind}",
                "label": MOVES[kind],
                "value": f"{number:,}",
                "note": NOTES[kind],
                "url": movement_url(place.key, found, kind),
            }
            for kind, number in found.counts.items()
        ),
    ]


def page_of_moves(
    by: Viewer, found: Movement, moves: Sequence[Move], *, size: int, cursor: str = ""
) -> MovePage:
    """Return one page of moves with their reasons, gravest band first.

    Without those of groups that were disposed of since: there is nothing to show of them.

    Raises:
        BadCursor: the cursor is not of this list.
    """
    by_line = {move.line_id: move for move in moves}
    lines = PictureLine.objects.visible_to(by).filter(
        id__in=list(by_line), is_disposed=False
    )
    page = page_of(lines, Order("computed_band"), size=size, cursor=cursor)
    rows = rows_of_moves(by, found, [by_line[line.pk] for line in page.rows])
    return MovePage(rows, page.next, page.previous)


def rows_of_moves(
    by: Viewer, found: Movement, chosen: Sequence[Move]
) -> list[dict[str, Any]]:
    """Return a row for each of these moves, with its reasons. Audited."""
    reasons = picture.reasons_of(by, found, chosen)
    shown = [reasons[one.group_id] for one in chosen if one.group_id in reasons]
    audit.consulted("groups.CrimeGroup", [one.group.pk for one in shown])
    audit.consulted("intelligence.Report", sorted(_report_ids(shown)))
    return [_row(one, found) for one in shown]


def _report_ids(reasons: Iterable[Reason]) -> set[int]:
    return {
        report.pk
        for reason in reasons
        for change in reason.changes
        for report in (*change.added, *change.dropped)
    }


def _row(reason: Reason, found: Movement) -> dict[str, Any]:
    group = reason.group
    until = None if found.until.is_now else found.until.day
    return {
        "reference": group.reference,
        "url": reverse("groups:detail", args=[group.public_id]),
        "name": group.name,
        "owner": reason.line.owner.short_name,
        "moves": list(_moves(reason)),
        "changes": [_change(one) for one in reason.changes],
        "before_url": _score_url(reason, found.since.day) if reason.before else "",
        "after_url": _score_url(reason, until) if reason.after else "",
        "change_url": change_url(group, found.since.day, found.until)
        if reason.before and reason.after
        else "",
    }


def _score_url(reason: Reason, day: datetime.date | None) -> str:
    public_id = reason.group.public_id
    if day is None:
        return reverse("scoring:score", args=[public_id])
    url = reverse("scoring:past_score", args=[public_id])
    return f"{url}?{urlencode({'at': day.isoformat()})}"


def _moves(reason: Reason) -> Iterator[dict[str, Any]]:
    """Yield what moved, with the bands of both moments where a band did."""
    kinds, then, now = reason.move.kinds, reason.before, reason.after
    if MoveKind.NEW in kinds:
        yield {"label": MOVES[MoveKind.NEW], "text": reason.came_by}
    if MoveKind.GONE in kinds:
        yield {"label": MOVES[MoveKind.GONE], "text": reason.went_by}
    if then is None or now is None:
        return
    if MoveKind.BAND in kinds:
        yield _bands("Computed band", then.computed_band, now.computed_band)
    if MoveKind.CONFIRMED in kinds:
        yield _bands("Confirmed band", then.confirmed_band, now.confirmed_band)
    if MoveKind.TIER in kinds:
        text = f"from {Tier(then.tier).label} to {Tier(now.tier).label}"
        yield {"label": "Tier", "text": text}
    if MoveKind.POINTS in kinds:
        text = f"from {then.assessment.value} to {now.assessment.value}"
        yield {"label": "Points", "text": text}


def _bands(label: str, before: str, after: str) -> dict[str, Any]:
    return {"label": label, "bands": [_band(before), _band(after)]}


def _band(band: str) -> dict[str, Any] | None:
    return band_badge(band, is_short=True) if band else None


def _change(change: Change) -> dict[str, Any]:
    judged = ""
    if change.judgement is not None:
        by = change.judgement.created_by
        day = date_text(timezone.localdate(change.judgement.decided_at))
        judged = f"judged by {by.name if by else 'a person'}, {day}"
    return {
        "title": change.title,
        "text": (
            f"{LEVELS[change.level_before]} to {LEVELS[change.level_after]}, "
            f"{change.points_before} to {change.points_after} points"
        ),
        "judged": judged,
        "added": [_link(report) for report in change.added],
        "dropped": [_link(report) for report in change.dropped],
    }


def _link(report: Report) -> dict[str, str]:
    return {
        "text": report.reference,
        "url": reverse("intelligence:report", args=[report.public_id]),
    }
