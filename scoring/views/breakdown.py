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
from scoring.picture.filters import AWAITING, NOT_CONFIRMED, UNJUDGED, overdue_on


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
    """Groups by confirmed band (`none` for those without), and the parts of a region."""

    confirmed: dict[str, int] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def read(viewer: Viewer, scope: PictureScope, at: datetime.date | None) -> Breakdown:
    """Return the breakdown of the figures that ``viewer`` sees. Two to six queries."""
    moment = picture.moment_of(at)
    lines = picture.lines(viewer, scope, at)
    live = picture.live_lines(viewer, scope) if moment.is_now else []
    counts = lines.order_by().values_list("confirmed_band").annotate(Count("id"))
    found = Breakdown({band or NOT_CONFIRMED: count for band, count in counts})
    for line in live:
        band = line.confirmed_band or NOT_CONFIRMED
        found.confirmed[band] = found.confirmed.get(band, 0) + 1
    if scope.kind is ScopeKind.REGION:
        parts = _blank_parts(scope, moment.day)
        _count_stored(parts, lines, moment.day)
        _count_live(parts, live, moment.day)
        found.parts = [
            part for part in parts.values() if scope.organisation or part.groups
        ]
    return found


def _blank_parts(scope: PictureScope, day: datetime.date) -> dict[int, Part]:
    """Return a part for each body of the region; of no region, for each that exists."""
    owners = picture.owners_in(scope, day) or []
    rows = Organisation.objects.filter(pk__in=owners).order_by("short_name")
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
