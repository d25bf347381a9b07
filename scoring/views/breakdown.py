"""What a dashboard shows beside the headline figures, counted over the same lines."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

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
    debt_on,
    overdue_on,
)


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
    """Return the breakdown of the figures that ``viewer`` sees. Three to seven queries."""
    moment = picture.moment_of(at)
    lines = picture.lines(viewer, scope, at)
    live = picture.live_lines(viewer, scope) if moment.is_now else []
    counts = lines.order_by().values_list("confirmed_band").annotate(Count("id"))
    found = Breakdown({band or NOT_CONFIRMED: count for band, count in counts})
    for line in live:
        band = line.confirmed_band or NOT_CONFIRMED
        found.confirmed[band] = found.confirmed.get(band, 0) + 1
    found.debts = _debts(lines, live, moment.day)
    if scope.kind is not ScopeKind.FORCE:
        parts = _blank_parts(scope, moment.day)
        _count_stored(parts, lines, moment.day)
        _count_live(parts, live, moment.day)
        found.parts = [
            part
            for part in parts.values()
            if scope.kind is ScopeKind.NATIONAL or scope.organisation or part.groups
        ]
    return found


def _debts(
    lines: QuerySet[PictureLine], live: Iterable[PictureLine], day: datetime.date
) -> dict[str, int]:
    """Return how many reviews have been overdue for how long. One query."""
    criteria = {debt: debt_on(day, debt) for debt in DEBTS}
    asked = {
        f"debt_{debt}": Count("id", filter=one.query) for debt, one in criteria.items()
    }
    counts = lines.order_by().aggregate(**asked)
    return {
        debt: counts[f"debt_{debt}"] + sum(one.holds(line) for line in live)
        for debt, one in criteria.items()
    }


def _blank_parts(scope: PictureScope, day: datetime.date) -> dict[int, Part]:
    """Return a part for each body of the region; of the nation, for each there is."""
    rows = Organisation.objects.order_by("short_name")
    owners = picture.owners_in(scope, day)
    if owners is not None:
        rows = rows.filter(pk__in=owners)
    return {row.pk: Part(row.code, row.short_name) for row in rows}


def _count_stored(
    parts: dict[int, Part], lines: QuerySet[PictureLine], day: datetime.date
) -> None:
    rows = lines.order_by().values("owner_id")
    for row in rows.annotate(
        groups=Count("id"),
        members=Sum("memberships"),
        overdue=Count("id", filter=overdue_on(day).query),
        awaiting=Count("id", filter=AWAITING.query),
        unjudged=Count("id", filter=UNJUDGED.query),
    ):
        part = parts[row["owner_id"]]
        part.groups, part.memberships = row["groups"], row["members"]
        part.overdue, part.awaiting = row["overdue"], row["awaiting"]
        part.unjudged = row["unjudged"]


def _count_live(
    parts: dict[int, Part], live: Iterable[PictureLine], day: datetime.date
) -> None:
    overdue = overdue_on(day)
    for line in live:
        part = parts[line.owner_id]
        part.groups += 1
        part.memberships += line.memberships
        part.overdue += overdue.holds(line)
        part.awaiting += AWAITING.holds(line)
        part.unjudged += UNJUDGED.holds(line)
