"""What a dashboard shows beside the headline figures, counted over the same lines."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum

from accounts.models import Organisation
from accounts.visibility import Viewer
from scoring import picture
from scoring.models import PictureLine
from scoring.picture import PictureScope, ScopeKind
from scoring.picture.filters import (
    AWAITING,
    DEBTS,
    NOT_CONFIRMED,
    UNJUDGED,
    Criterion,
    debt_on,
    overdue_on,
)

Row = Mapping[str, Any]


@dataclass(slots=True)
class Part:
    """The figures of one body of a region."""

    code: str
    name: str
    groups: int = 0
    memberships: int = 0
    overdue: int = 0
    awaiting: int = 0
    unjudged: int = 0


@dataclass(slots=True)
class Breakdown:
    """Groups by confirmed band (`none` for those without) and by age of review debt.

    `parts` are the bodies of a region or of the nation.
    """

    confirmed: dict[str, int] = field(default_factory=dict)
    debts: dict[str, int] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def read(viewer: Viewer, scope: PictureScope, at: datetime.date | None) -> Breakdown:
    """Return the breakdown of the figures that ``viewer`` sees. Two to five queries."""
    moment = picture.moment_of(at)
    lines = picture.lines(viewer, scope, at)
    live = picture.live_lines(viewer, scope) if moment.is_now else []
    parts = {} if scope.kind is ScopeKind.FORCE else _blank_parts(scope, moment.day)
    found = Breakdown(debts=dict.fromkeys(DEBTS, 0))
    for row in (*_stored(lines, moment.day), *_scored_now(live, moment.day)):
        _count(found, parts, row)
    found.parts = [
        part
        for part in parts.values()
        if scope.kind is ScopeKind.NATIONAL or scope.organisation or part.groups
    ]
    return found


def _blank_parts(scope: PictureScope, day: datetime.date) -> dict[int, Part]:
    """Return a part for each body of the region; of the nation, for each there is."""
    rows = Organisation.objects.order_by("short_name")
    owners = picture.owners_in(scope, day)
    if owners is not None:
        rows = rows.filter(pk__in=owners)
    return {row.pk: Part(row.code, row.short_name) for row in rows}


def _criteria(day: datetime.date) -> dict[str, Criterion]:
    """Return what is counted beside groups and memberships, by name."""
    return {
        "overdue": overdue_on(day),
        "awaiting": AWAITING,
        "unjudged": UNJUDGED,
        **{f"debt_{debt}": debt_on(day, debt) for debt in DEBTS},
    }


def _stored(lines: QuerySet[PictureLine], day: datetime.date) -> Iterable[Row]:
    """Return counts by owner and confirmed band. One query."""
    return (
        lines.order_by()
        .values("owner_id", "confirmed_band")
        .annotate(
            groups=Count("id"),
            members=Sum("memberships"),
            **{
                name: Count("id", filter=one.query)
                for name, one in _criteria(day).items()
            },
        )
    )


def _scored_now(lines: Iterable[PictureLine], day: datetime.date) -> Iterator[Row]:
    """Yield the same counts for each line that was scored at read."""
    criteria = _criteria(day)
    for line in lines:
        yield {
            "owner_id": line.owner_id,
            "confirmed_band": line.confirmed_band,
            "groups": 1,
            "members": line.memberships,
            **{name: int(one.holds(line)) for name, one in criteria.items()},
        }


def _count(found: Breakdown, parts: Mapping[int, Part], row: Row) -> None:
    band = row["confirmed_band"] or NOT_CONFIRMED
    found.confirmed[band] = found.confirmed.get(band, 0) + row["groups"]
    for debt in DEBTS:
        found.debts[debt] += row[f"debt_{debt}"]
    part = parts.get(row["owner_id"])
    if part is not None:
        part.groups += row["groups"]
        part.memberships += row["members"]
        part.overdue += row["overdue"]
        part.awaiting += row["awaiting"]
        part.unjudged += row["unjudged"]
