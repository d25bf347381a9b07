"""Rows of the list of groups, from lines of the picture or from records."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState, Tier
from groups.views.cards import OVERDUE
from ocgmap.common.date_fields import date_text
from scoring.models import PictureLine
from scoring.templatetags.scoring_tags import band_badge, lines_of

Cell = dict[str, Any]

HEAD: list[Cell] = [
    {"text": "Reference"},
    {"text": "Name"},
    {"text": "Owner"},
    {"text": "Tier"},
    {"text": "Computed band (advisory)"},
    {"text": "Confirmed band"},
    {"text": "Predominant threat"},
    {"text": "Members", "numeric": True},
    {"text": "Unknown", "numeric": True},
    {"text": "Review due"},
]
# The code of each column, for the address.
_CODES = (
    *("reference", "name", "owner", "tier", "computed", "confirmed", "threat"),
    *("members", "unknown", "review"),
)
COLUMNS: Mapping[str, str] = {
    code: cell["text"] for code, cell in zip(_CODES, HEAD, strict=True)
}

SELECT: Cell = {"text": "Select"}


def with_selection(cells: list[Cell], cell: Cell) -> list[Cell]:
    """Return the cells with that of the selection beside the reference, always in sight."""
    return [cells[0], cell, *cells[1:]]


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the list: itself for the audit, and what its cells show."""

    group: CrimeGroup
    cells: list[Cell]

    @property
    def group_id(self) -> int:
        """Return the id of the group."""
        return self.group.pk

    @property
    def box(self) -> Cell:
        """Return a box that selects the group for a change of several."""
        box = {
            "name": "group",
            "value": str(self.group.public_id),
            "label": f"Select {self.group.reference}",
        }
        return {"checkbox": box}


def rows_of_lines(lines: Iterable[PictureLine], day: datetime.date) -> list[Row]:
    """Return a row for each line, as it stood then; no query for lines at hand."""
    return [
        Row(
            line.group,
            [
                *_identity(line.group, line),
                *_scored(line),
                _due(line.review_due_on, day),
            ],
        )
        for line in lines
    ]


def rows_of_records(
    viewer: Viewer, groups: Sequence[CrimeGroup], day: datetime.date
) -> list[Row]:
    """Return a row for each record as it stands, with its score where it has one."""
    lines = lines_of(viewer, [group.pk for group in groups])
    return [
        Row(
            group,
            [
                *_identity(group, group),
                *_scored(lines.get(group.pk)),
                _due(group.review_on, day),
            ],
        )
        for group in groups
    ]


def _identity(group: CrimeGroup, record: PictureLine | CrimeGroup) -> list[Cell]:
    url = reverse("groups:detail", args=[group.public_id])
    return [
        {"text": group.reference, "url": url, "nowrap": True},
        {"lines": [group.name, *_states(record)]},
        {"text": record.owner.short_name},
        {"text": str(Tier(record.tier).label)},
    ]


def _scored(line: PictureLine | None) -> list[Cell]:
    if line is None:
        nothing: Cell = {"text": "–"}
        number: Cell = {"text": "–", "numeric": True}
        return [{"text": "Not scored yet"}, nothing, nothing, number, number]
    threat = line.predominant_threat
    return [
        {"band": band_badge(line.computed_band, is_short=True)},
        _confirmed(line),
        {"text": threat.name if threat else "None recorded"},
        {"text": f"{line.memberships:,}", "numeric": True},
        _unknown(line),
    ]


def _states(row: PictureLine | CrimeGroup) -> list[str]:
    """Return the states that keep a group out of the headline figures."""
    found = []
    if row.record_state != RecordState.MAPPED:
        found.append(str(RecordState(row.record_state).label))
    if row.activity_status != ActivityStatus.ACTIVE:
        found.append(str(ActivityStatus(row.activity_status).label))
    return found


def _confirmed(line: PictureLine) -> Cell:
    if line.confirmed_band:
        return {"band": band_badge(line.confirmed_band, is_short=True)}
    return {"text": "Not confirmed"}


def _unknown(line: PictureLine) -> Cell:
    share = round(100 * line.unknown_count / line.attribute_count)
    if line.unjudged_count:
        return {"lines": [f"{share}%", "unjudged"], "numeric": True}
    return {"text": f"{share}%", "numeric": True}


def _due(on: datetime.date | None, day: datetime.date) -> Cell:
    if on is None:
        return {"text": "No date"}
    if on < day:
        return {"text": date_text(on), "flag": OVERDUE, "nowrap": True}
    return {"text": date_text(on), "nowrap": True}
