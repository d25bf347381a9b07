"""What a group's page tells of merges: into which group, and which came into it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.permissions import can
from accounts.visibility import Viewer
from groups.actions.merging import check_can_split
from groups.former import Ending, ending_of, events_of, names_of
from groups.models import CrimeGroup
from groups.views.cards import Cell, group_cell
from ocgmap.common.records import ProtectedRecord

MOST_RECORDS = 100
_HEAD = ("Group", "Merged", "By", "Why")


@dataclass(slots=True)
class Merging:
    """The merges of a group that a reader sees.

    `away` tells into which group it was merged; empty where it was not, or where they may
    not see that group. `absorbed` is a table of the groups that were merged into it.
    """

    away: dict[str, Any] = field(default_factory=dict)
    absorbed: dict[str, Any] = field(default_factory=dict)
    records: list[ProtectedRecord] = field(default_factory=list)


def shown_on(viewer: Viewer, group: CrimeGroup) -> Merging:
    """Return the merges of a group as ``viewer`` may see them. One query, or three."""
    seen = CrimeGroup.objects.visible_to(viewer)
    if group.merged_into_id is None:
        rows = seen.filter(merged_into=group).select_related("owner").order_by("pk")
        found = list(rows[:MOST_RECORDS])
        return Merging(absorbed=_table(viewer, found), records=list(found))
    survivor = seen.filter(pk=group.merged_into_id).first()
    if survivor is None:
        return Merging()
    endings, names = _endings(viewer, [group])
    ended = endings.get(group.pk)
    away = {
        "into": group_cell(survivor),
        "at": ended.at if ended else None,
        "by": names.get(ended.user_id, "") if ended else "",
        "reason": ended.reason if ended else "",
        "split_url": _split_url(viewer, group),
    }
    return Merging(away=away, records=[survivor])


def survivors_of(viewer: Viewer, groups: Iterable[CrimeGroup]) -> dict[int, CrimeGroup]:
    """Return the visible groups that these were merged into, by id. One query or none."""
    merged = [one.merged_into_id for one in groups if one.merged_into_id is not None]
    return CrimeGroup.objects.visible_to(viewer).in_bulk(merged) if merged else {}


def _table(viewer: Viewer, groups: list[CrimeGroup]) -> dict[str, Any]:
    if not groups:
        return {}
    endings, names = _endings(viewer, groups)
    rows: list[list[Cell]] = []
    for one in groups:
        ended, url = endings.get(one.pk), _split_url(viewer, one)
        link = {"text": "Split off", "url": url, "hidden": one.reference}
        rows.append(
            [
                group_cell(one),
                {"time": ended.at} if ended else {"text": "Not known"},
                {"text": names.get(ended.user_id, "") if ended else ""},
                {"text": ended.reason if ended else ""},
                {"links": [link]} if url else {},
            ]
        )
    has_actions = any(cells[-1] for cells in rows)
    heads = (*_HEAD, "Action") if has_actions else _HEAD
    return {
        "head": [{"text": text} for text in heads],
        "rows": [cells[: len(heads)] for cells in rows],
    }


def _endings(
    viewer: Viewer, groups: Iterable[CrimeGroup]
) -> tuple[dict[int, Ending], dict[int | None, str]]:
    """Return how each group came to be merged as it is, and who did so. Two queries."""
    former = Q()
    for one in groups:
        former |= Q(pgh_obj_id=one.pk) & ~Q(merged_into_id=one.merged_into_id)
    events = events_of(viewer, CrimeGroup).filter(former)
    last = events.order_by("pgh_obj_id", "-version").distinct("pgh_obj_id")
    endings = {one.pgh_obj_id: ending_of(one) for one in last}
    return endings, names_of(one.user_id for one in endings.values())


def _split_url(viewer: Viewer, group: CrimeGroup) -> str:
    may_split = can(check_can_split, viewer, group)
    return reverse("groups:split_off", args=[group.public_id]) if may_split else ""
