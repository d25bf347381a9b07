"""Rows of the lists of data quality: what each record is, and what it misses."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from groups.models import CrimeGroup, Nominal
from groups.views.cards import group_cell, period, person_cell
from ocgmap.common.date_fields import date_text
from ocgmap.common.records import Fact, ProtectedRecord
from scoring.quality import Gap, Others, Subject, missing_of
from scoring.quality.unfounded import SORTS

Cell = dict[str, Any]

_HEADS = {
    Subject.GROUPS: ("Group", "Owner", "Lead officer", "Review by"),
    Subject.PEOPLE: ("Person", "Reference", "Owner", "Missing"),
    Subject.MEMBERSHIPS: ("Person", "Group", "Owner", "When"),
    Subject.FACTS: ("About", "What", "Owner", "When"),
}


_ALIKE = "May be the same as"


def head(gap: Gap) -> list[Cell]:
    """Return the heads of a gap's list."""
    heads = _HEADS[gap.subject]
    if gap.others is not None:
        heads = (*heads[:-1], _ALIKE)
    return [{"text": text} for text in heads]


def joined(gap: Gap, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with all that their cells show, so that none is asked for later."""
    if gap.subject in {Subject.GROUPS, Subject.PEOPLE}:
        return rows.select_related("owner")
    return rows.select_related("owner", *SORTS[rows.model].about)


def shown(rows: Iterable[Any], others: Others) -> Iterator[ProtectedRecord]:
    """Yield the rows and the records that they name."""
    for row in rows:
        yield from others.get(row.pk, ())
        yield row
        if isinstance(row, Fact):
            yield from _about(row)


def _about(fact: Any) -> list[ProtectedRecord]:
    ends = [getattr(fact, column) for column in SORTS[type(fact)].about]
    return [end for end in ends if end is not None]


def cells(gap: Gap, row: Any, others: Others) -> list[Cell]:
    """Return the cells of one row; the last tells what the record may be the same as."""
    found = _cells(gap, row)
    if gap.others is not None:
        found[-1] = {"links": [_cell(one) for one in others.get(row.pk, ())]}
    return found


def _cell(record: ProtectedRecord) -> Cell:
    if isinstance(record, CrimeGroup):
        return group_cell(record)
    if isinstance(record, Nominal):
        known = person_cell(record)
        return {**known, "text": f"{known['text']} ({record.reference})"}
    raise TypeError(record)


def _cells(gap: Gap, row: Any) -> list[Cell]:
    owner = {"text": row.owner.short_name}
    if gap.subject is Subject.GROUPS:
        review = date_text(row.review_on) if row.review_on else "No date"
        lead = row.lead_officer or "None"
        return [group_cell(row), owner, {"text": lead}, {"text": review}]
    if gap.subject is Subject.PEOPLE:
        missing = ", ".join(missing_of(row)) if row.is_identified else "not identified"
        reference = {"text": row.reference, "nowrap": True}
        return [person_cell(row), reference, owner, {"text": missing}]
    if gap.subject is Subject.MEMBERSHIPS:
        when = {"text": period(row)}
        return [person_cell(row.nominal), group_cell(row.group), owner, when]
    return [_first(row), {"text": _what(row)}, owner, {"text": period(row)}]


def _first(fact: Any) -> Cell:
    record: Any = _about(fact)[0]
    if isinstance(record, CrimeGroup):
        return group_cell(record)
    return person_cell(record)


def _what(fact: Any) -> str:
    """Return what a fact is, and of whom besides."""
    others: list[Any] = _about(fact)[1:]
    name = str(fact._meta.verbose_name).capitalize()  # noqa: SLF001 - documented
    names = [
        one.display_name if isinstance(one, Nominal) else one.name for one in others
    ]
    return ": ".join([name, *names])
