"""How many groups there were at the end of each of the last months."""

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.models import PictureLine
from scoring.picture.filters import moment_of
from scoring.picture.lines import primary_scheme_ids
from scoring.picture.scopes import KINDS, PLACES, PictureScope, ScopeKind

MONTHS = 12
# State and status are alike in all lines of a group, so a group counts where the reader
# has any line of it: no greatest one need be found.
_TREND = """
{placed}
select m.day, count(distinct l.group_id),
       count(distinct l.group_id) filter (where l.is_disposed)
from unnest(%(days)s::date[], %(instants)s::timestamptz[], %(schemes)s::bigint[])
    m(day, instant, scheme)
left join scoring_pictureline l
    on l.valid_from <= m.instant and (l.valid_to is null or l.valid_to > m.instant)
    and l.scheme_version_id = m.scheme and l.access_class_id = any(%(classes)s)
    and l.record_state = 'mapped' and l.activity_status = 'active'
    {owned}
    and (l.is_disposed or exists (
        select from groups_crimegroup g
        where g.id = l.group_id and g.access_class_id = any(%(classes)s)))
group by 1 order by 1
"""
_PLACED = f"""
with placed as materialized (
    select p.day, p.id from (
        select d.day, here.* from unnest(%(days)s::date[]) d(day)
        cross join lateral ({PLACES.replace("%(day)s", "d.day")}) here
    ) p where p.region_id is not distinct from %(region)s)
"""  # noqa: S608 - a text of ours
# The array leads to the lines of these owners; the pairs say on which days they count.
_OWNED = {
    ScopeKind.REGION: """and l.owner_id = any(array(select id from placed))
        and (m.day, l.owner_id) in (select day, id from placed)""",
    ScopeKind.FORCE: "and l.owner_id = %(owner)s",
    ScopeKind.NATIONAL: "",
}


class Point(NamedTuple):
    """How many groups the reader's picture of a day's end holds.

    And how many of them were disposed of since.
    """

    day: datetime.date
    groups: int
    disposed: int = 0


def trend(viewer: Viewer, scope: PictureScope, day: datetime.date) -> list[Point]:
    """Return the groups of ``scope`` at the end of each of the last months. Two queries.

    The same number as `read` gives for that day.
    """
    days = month_ends(day)
    place = scope.organisation.pk if scope.organisation else None
    values: dict[str, Any] = {
        "days": days,
        "instants": [moment_of(one).instant for one in days],
        "schemes": primary_scheme_ids(days),
        "classes": list(visible_classes(viewer)),
        "kinds": KINDS,
        "region": place,
        "owner": place,
    }
    placed = _PLACED if scope.kind is ScopeKind.REGION else ""
    sql = _TREND.format(placed=placed, owned=_OWNED[scope.kind])
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Point(*row) for row in cursor.fetchall()]


def first_day(viewer: Viewer) -> datetime.date | None:
    """Return the first day of which the reader's picture holds anything. One query."""
    rows = PictureLine.objects.visible_to(viewer).order_by("valid_from")
    began = rows.values_list("valid_from", flat=True).first()
    return None if began is None else timezone.localdate(began)


def month_ends(day: datetime.date, months: int = MONTHS) -> Sequence[datetime.date]:
    """Return the last days of the months that ended before ``day``, oldest first."""
    ends = []
    first = day.replace(day=1)
    for _ in range(months):
        end = first - datetime.timedelta(days=1)
        ends.append(end)
        first = end.replace(day=1)
    return ends[::-1]
