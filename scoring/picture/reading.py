"""Read one reader's figures: a sum over the greatest visible line of each group."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Organisation
from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.assembly import schemes_in_use
from scoring.picture import scopes
from scoring.picture.figures import (
    Cell,
    Coverage,
    Figures,
    Freshness,
    RegionFigures,
    ThreatCodes,
    add,
    cells_of,
    threat_codes,
)
from scoring.picture.filters import Moment, PictureFilters, moment_of
from scoring.picture.lines import live_groups, primary_scheme_id, score_live
from scoring.picture.scopes import PictureScope, ScopeKind

COVERED_DAYS = 365

# What holds for a group holds for all its lines, so it may be asked before the
# greatest line is chosen; what a reader's own evidence decides is asked after.
_CELLS = """
with chosen as (
    select distinct on (l.group_id) l.owner_id, l.predominant_threat_id,
           l.computed_band, l.confirmed_band, l.tier, l.memberships, l.unjudged_count,
           l.review_due_on, l.valid_from
    from scoring_pictureline l
    where l.scheme_version_id = %(scheme)s and l.access_class_id = any(%(classes)s)
      and l.record_state = 'mapped' and l.activity_status = 'active'
      and {when} {where}
    order by l.group_id, l.rank desc, l.id desc
)
select r.region_id, c.computed_band, c.predominant_threat_id, c.tier,
       count(*), sum(c.memberships), count(*) filter (where c.review_due_on < %(day)s),
       count(*) filter (where c.confirmed_band = ''
                        or c.confirmed_band <> c.computed_band),
       count(*) filter (where c.unjudged_count > 0), max(c.valid_from)
from chosen c
left join unnest(%(placed)s::bigint[], %(regions)s::bigint[]) r(owner_id, region_id)
    on r.owner_id = c.owner_id
group by 1, 2, 3, 4
"""
_NOW = "l.valid_to is null"
_THEN = "l.valid_from <= %(at)s and (l.valid_to is null or l.valid_to > %(at)s)"
_OWNED = "and l.owner_id = any(%(owners)s)"
# A return is late when it came after its day, as days are counted in London.
_COVERAGE = """
select count(*), count(*) filter (where came), count(*) filter (where came and is_nil),
       count(*) filter (where came and came_on > due_on), count(*) filter (where not came),
       coalesce(array_agg(distinct code order by code) filter (where not came), '{}')
from (
    select e.due_on, e.is_nil, o.code,
           (e.received_at at time zone %(zone)s)::date as came_on,
           e.received_at is not null and (%(at)s::timestamptz is null
                                          or e.received_at <= %(at)s) as came
    from intelligence_return e join accounts_organisation o on o.id = e.owner_id
    where e.access_class_id = any(%(classes)s)
      and e.due_on > %(since)s and e.due_on <= %(day)s
      and (%(owners)s::bigint[] is null or e.owner_id = any(%(owners)s))
) r
"""
_QUEUED = """
select count(*), extract(epoch from clock_timestamp() - min(r.submitted_at))::float
from scoring_receipt r join groups_crimegroup g on g.id = r.group_id
where r.state = 'queued' and r.access_class_id = any(%(classes)s)
  and (%(owners)s::bigint[] is null or g.owner_id = any(%(owners)s))
"""


def read(
    viewer: Viewer, scope: PictureScope, at: datetime.date | None = None
) -> Figures:
    """Return the figures that ``viewer`` sees for ``scope`` at the end of a day.

    Mapped, active groups count once each, by the primary scheme. Without a day, or
    with today's, the figures are those of now.

    Raises:
        UnknownFilter: the day is still to come.
    """
    moment = moment_of(at)
    owners = scopes.owners_in(scope, moment.day)
    is_national = scope.kind is ScopeKind.NATIONAL
    placed = scopes.regions_by_owner(moment.day) if is_national else {}
    codes = threat_codes(moment.day)
    figures = Figures(scope=scope.key, day=moment.day, is_now=moment.is_now)
    codes.blank(figures)
    parts = _regions(codes, moment.day) if is_national else {}
    changed_at = None
    for cell, began_at in _cells(viewer, moment, owners, placed, codes):
        _count(cell, figures, parts)
        changed_at = began_at if changed_at is None else max(changed_at, began_at)
    live = live_groups(viewer, owners, PictureFilters().of_groups())
    if not moment.is_now:
        figures.not_recorded = len(live)
    elif live:
        [primary] = [in_use for in_use in schemes_in_use() if in_use.is_primary]
        found = score_live(viewer, live, primary, moment)
        for cell in cells_of(found, placed, codes, moment.day):
            _count(cell, figures, parts)
    figures.regions = list(parts.values())
    figures.freshness = _freshness(viewer, moment, owners, changed_at)
    figures.coverage = _coverage(viewer, moment, owners)
    return figures


def _regions(codes: ThreatCodes, day: datetime.date) -> dict[int | None, RegionFigures]:
    """Return an empty tally for each region, in order of name, and one for the rest."""
    found: dict[int | None, RegionFigures] = {}
    for row in Organisation.objects.regions(day).order_by("region_name", "name"):
        name = row.region_name or row.name
        found[row.pk] = RegionFigures(code=row.code, name=name)
    found[None] = RegionFigures(code=scopes.NO_REGION, name=scopes.NO_REGION_NAME)
    for part in found.values():
        codes.blank(part)
    return found


def _count(
    cell: Cell, figures: Figures, parts: dict[int | None, RegionFigures]
) -> None:
    add(figures, cell)
    if parts:
        add(parts[cell.region], cell)


def _cells(
    viewer: Viewer,
    moment: Moment,
    owners: Sequence[int] | None,
    placed: dict[int, int],
    codes: ThreatCodes,
) -> Iterator[tuple[Cell, datetime.datetime]]:
    sql = _CELLS.format(
        when=_NOW if moment.is_now else _THEN, where="" if owners is None else _OWNED
    )
    values = {
        "scheme": primary_scheme_id(),
        "classes": list(visible_classes(viewer)),
        "at": moment.instant,
        "day": moment.day,
        "owners": owners,
        "placed": list(placed),
        "regions": list(placed.values()),
    }
    for region, band, threat, tier, *counts, began_at in _rows(sql, values):
        yield Cell(region, band, codes.by_id[threat], tier, *counts), began_at


def _freshness(
    viewer: Viewer,
    moment: Moment,
    owners: Sequence[int] | None,
    changed_at: datetime.datetime | None,
) -> Freshness:
    if not moment.is_now:
        return Freshness(changed_at)
    values = {"classes": list(visible_classes(viewer)), "owners": owners}
    [(queued, oldest_seconds)] = _rows(_QUEUED, values)
    return Freshness(changed_at, queued, oldest_seconds)


def _coverage(viewer: Viewer, moment: Moment, owners: Sequence[int] | None) -> Coverage:
    values = {
        "classes": list(visible_classes(viewer)),
        "owners": owners,
        "since": moment.day - datetime.timedelta(days=COVERED_DAYS),
        "day": moment.day,
        "at": moment.instant,
        "zone": settings.TIME_ZONE,
    }
    [(due, received, nil, late, outstanding, missing)] = _rows(_COVERAGE, values)
    return Coverage(due, received, nil, late, outstanding, tuple(missing))


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
