"""What the search over everything shows of each kind: groups, people, numbers, reports.

Rows are read, and words marked in them, only after the reader's rights were checked;
what is shown is recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Identifier, Nominal
from groups.search import exactly, groups_found, identifiers_found, people_found
from groups.views.cards import group_cell
from groups.views.finding import record_shown
from groups.views.looking_up import uses_of
from groups.views.merged_records import survivors_of
from groups.views.people import people_table
from intelligence.models import Report
from intelligence.search import reports_found, with_excerpts
from intelligence.views.cells import grade_code
from ocgmap.common.date_fields import date_text
from ocgmap.common.highlight import Piece, highlighted, pieces_of
from ocgmap.common.ranking import Found, Hit, in_order
from scoring.views.group_rows import HEAD, rows_of_records

Cell = dict[str, Any]
_WHY: Final = {0: "Reference", 2: "Similar spelling", 3: "Sounds alike"}
_WHY_NUMBER: Final = {0: "The same", 1: "Holds it", 2: "Nearly the same"}
WHY_HEAD: Final[Cell] = {"text": "Match"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of some of what was found."""

    head: list[Cell]
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of record: what it is called, how it is found and how it is shown."""

    one: str
    many: str
    find: Callable[[Viewer, str], Found]
    show: Callable[[Viewer, str, list[Hit]], Shown]


def _groups(by: Viewer, text: str, hits: list[Hit]) -> Shown:
    seen = CrimeGroup.objects.visible_to(by).select_related("owner")
    groups = in_order(seen, hits)
    survivors = survivors_of(by, groups)
    shown = dict.fromkeys([*(one.pk for one in groups), *survivors])
    audit.consulted("groups.CrimeGroup", list(shown))
    why = {hit.id: hit for hit in hits}
    rows = []
    for row in rows_of_records(by, groups, timezone.localdate()):
        name = highlighted(row.group.name, exactly(text)[0].split())
        reason = _why(why[row.group_id], name)
        states = [Piece(f" ({state})") for state in row.cells[1]["lines"][1:]]
        named: Cell = {"pieces": [*name, *states]}
        match: Cell = {"text": reason}
        survivor = survivors.get(row.group.merged_into_id or 0)
        if survivor is not None:
            into = group_cell(survivor)
            into["text"] = f"Merged into {into['text']}"
            match = {"links": [{"text": f"{reason}."}, into]}
        rows.append([row.cells[0], named, *row.cells[2:], match])
    return Shown([*HEAD, WHY_HEAD], rows)


def _people(by: Viewer, text: str, hits: list[Hit]) -> Shown:
    people = in_order(Nominal.objects.visible_to(by).select_related("owner"), hits)
    record_shown(people)
    why = {hit.id: hit for hit in hits}
    table = people_table(people)
    rows = []
    for person, cells in zip(people, table["rows"], strict=True):
        name = highlighted(cells[0]["text"], exactly(text)[0].split())
        reason = _why(why[person.pk], name)
        rows.append([{**cells[0], "pieces": name}, *cells[1:], {"text": reason}])
    return Shown([*table["head"], WHY_HEAD], rows)


def _why(hit: Hit, name: list[Piece]) -> str:
    if hit.tier == 1:
        return "Name" if any(piece.is_hit for piece in name) else "Alias"
    return _WHY[hit.tier]


def _identifiers(by: Viewer, text: str, hits: list[Hit]) -> Shown:
    found = in_order(Identifier.objects.visible_to(by).select_related("owner"), hits)
    record_shown(found)
    why = {hit.id: {"text": _WHY_NUMBER[hit.tier]} for hit in hits}
    head, uses = uses_of(by, found)
    return Shown([*head, WHY_HEAD], [[*cells, why[key]] for key, cells in uses])


def _reports(by: Viewer, text: str, hits: list[Hit]) -> Shown:
    seen = Report.objects.visible_to(by).select_related("owner")
    reports = in_order(with_excerpts(seen, text), hits)
    record_shown(reports)
    head = [
        {"text": name} for name in ("Reference", "Text", "Grade", "Owner", "Received")
    ]
    return Shown(head, [_report(one) for one in reports])


def _report(report: Any) -> list[Cell]:
    return [
        {"text": report.reference, "url": report_url(report), "nowrap": True},
        {"pieces": pieces_of(report.excerpt)},
        {"text": grade_code(report)},
        {"text": report.owner.short_name},
        {"text": date_text(report.received_on), "nowrap": True},
    ]


def report_url(report: Report) -> str:
    """Return the address of a report's page."""
    return reverse("intelligence:report", args=[report.public_id])


KINDS: Final[Mapping[str, SearchKind]] = {
    "groups": SearchKind("group", "groups", groups_found, _groups),
    "people": SearchKind("person", "people", people_found, _people),
    "identifiers": SearchKind(
        "identifier", "identifiers", identifiers_found, _identifiers
    ),
    "reports": SearchKind("report", "reports", reports_found, _reports),
}
