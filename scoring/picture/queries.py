"""The statements behind a dashboard: three, whatever its size."""

import datetime
from dataclasses import dataclass, field
from typing import Any, LiteralString

from django.conf import settings
from django.db import connection

from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.assembly import first_day
from scoring.engine import PRIMARY
from scoring.exceptions import SchemesNotLoaded
from scoring.picture.breakdown import Share
from scoring.picture.figures import Cell, Coverage, Freshness, ThreatCodes
from scoring.picture.filters import DEBTS, NO_THREAT, Moment
from scoring.picture.scopes import KINDS, PLACES, PictureScope, Place, owners_among

COVERED_DAYS = 365
_LONGEST_DEBT_DAYS = 1_000_000
_DEBTS = ", ".join(
    "count(*) filter (where %(day)s::date - c.review_due_on"
    f" between {first} and {last or _LONGEST_DEBT_DAYS})"
    for first, last in DEBTS.values()
)

_GROUND: LiteralString = f"""
with places as ({PLACES})
select v.id, v.version, f.id,
       exists (select from scoring_scorehead where is_live),
       array(select id from groups_threattype order by id),
       array(select code from groups_threattype order by id),
       array(select code from groups_threattype
             where (from_on is null or from_on <= %(day)s)
               and (to_on is null or to_on > %(day)s) order by name),
       (select json_agg(json_build_array(id, code, name, region_id, short_name)) from places)
from (values (1)) one
left join lateral (
    select s.id, s.version from scoring_schemeversion s
    where case when %(is_now)s then s.is_primary
               else s.name = %(primary)s and s.status = 'adopted'
                    and s.effective_on <= %(in_effect)s end
    order by s.effective_on desc, s.id desc limit 1
) v on true
left join lateral (
    select s.id from scoring_schemeversion s
    where s.name = %(primary)s and s.status = 'adopted'
      and s.effective_on <= %(in_effect_before)s
    order by s.effective_on desc, s.id desc limit 1
) f on true
"""  # noqa: S608 - both are texts of ours
# What holds for a group holds for all its lines, so it may be asked before the
# greatest line is chosen; what a reader's own evidence decides is asked after. The lines
# are read once and counted twice: for the figures, and for their breakdown.
_COUNTS = f"""
with chosen as (
    select distinct on (l.group_id) l.owner_id, l.predominant_threat_id,
           l.computed_band, l.confirmed_band, l.tier, l.memberships, l.unjudged_count,
           l.review_due_on, l.valid_from, l.is_disposed
    from scoring_pictureline l
    where l.scheme_version_id = %(scheme)s and l.access_class_id = any(%(classes)s)
      and l.record_state = 'mapped' and l.activity_status = 'active'
      and {{when}} {{where}}
    order by l.group_id, l.rank desc, l.id desc
)
select grouping(c.owner_id) = 0, r.region_id, c.computed_band, c.predominant_threat_id,
       c.tier, c.owner_id, c.confirmed_band,
       count(*), sum(c.memberships), count(*) filter (where c.review_due_on < %(day)s),
       count(*) filter (where c.confirmed_band = ''
                        or c.confirmed_band <> c.computed_band),
       count(*) filter (where c.unjudged_count > 0),
       count(*) filter (where c.is_disposed), max(c.valid_from),
       {_DEBTS}
from chosen c
left join unnest(%(placed)s::bigint[], %(regions)s::bigint[]) r(owner_id, region_id)
    on r.owner_id = c.owner_id
group by grouping sets (
    (r.region_id, c.computed_band, c.predominant_threat_id, c.tier),
    (c.owner_id, c.confirmed_band))
"""  # noqa: S608 - numbers of ours
NOW = "l.valid_to is null"
THEN = "l.valid_from <= %(at)s and (l.valid_to is null or l.valid_to > %(at)s)"
# A line of the past keeps the label it had; its group may be hidden since. Of a group that
# is gone nothing else is left to ask.
STILL_SEEN = """and (l.is_disposed or exists (select from groups_crimegroup g
    where g.id = l.group_id and g.access_class_id = any(%(classes)s)))"""
_OWNED = "and l.owner_id = any(%(owners)s)"
# A return is late when it came after its day, as days are counted in London. What
# waits is told only by receipts that the reader may see.
_CAVEATS = """
select q.*, c.* from (
    select count(*), extract(epoch from clock_timestamp() - min(r.submitted_at))::float
    from scoring_receipt r join groups_crimegroup g on g.id = r.group_id
    where r.state = 'queued' and r.access_class_id = any(%(classes)s)
      and (%(owners)s::bigint[] is null or g.owner_id = any(%(owners)s))
) q, (
    select count(*), count(*) filter (where came),
           count(*) filter (where came and is_nil),
           count(*) filter (where came and came_on > due_on),
           count(*) filter (where not came),
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
    ) e
) c
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a picture stands on: whose and of what, the scheme, the codes, the places.

    `owners` are the organisations in scope; None means all. `former_scheme_id` is the
    version in effect on the day before that was asked for.
    """

    viewer: Viewer
    moment: Moment
    scheme_id: int
    version: str
    former_scheme_id: int
    has_live: bool
    codes: ThreatCodes
    places: list[Place]
    owners: list[int] | None

    def regions(self) -> dict[int, int]:
        """Return the region of each organisation that belongs to one."""
        return {one.id: one.region_id for one in self.places if one.region_id}


def ground_of(
    viewer: Viewer,
    scope: PictureScope,
    moment: Moment,
    since: datetime.date | None = None,
) -> Ground:
    """Return the ground of a picture, and of one of a day before. One query.

    Raises:
        SchemesNotLoaded: there is no primary scheme.
    """
    [row] = _rows(
        _GROUND,
        {
            "day": moment.day,
            "kinds": KINDS,
            "is_now": moment.is_now,
            "primary": PRIMARY.key,
            "in_effect": first_day(moment.day),
            "in_effect_before": first_day(since or moment.day),
        },
    )
    scheme_id, version, former_id, has_live, ids, codes, in_force, rows = row
    if scheme_id is None:
        raise SchemesNotLoaded("no primary scheme: run `manage.py load_schemes`")
    by_id: dict[int | None, str] = dict(zip(ids, codes, strict=True))
    by_id[None] = NO_THREAT
    places = [Place(*place) for place in rows or ()]
    return Ground(
        viewer,
        moment,
        scheme_id,
        version,
        former_id,
        has_live,
        codes=ThreatCodes(by_id, (*in_force, NO_THREAT)),
        places=places,
        owners=owners_among(scope, places),
    )


@dataclass(slots=True)
class Counts:
    """The viewer's greatest lines, counted: for the figures and for their breakdown.

    `changed_at` is when the newest of them began; `disposed` counts those whose group
    was disposed of since.
    """

    cells: list[Cell] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    changed_at: datetime.datetime | None = None
    disposed: int = 0


def counts(ground: Ground) -> Counts:
    """Return the counts of the viewer's greatest lines. One query."""
    regions = ground.regions()
    sql = _COUNTS.format(
        when=NOW if ground.moment.is_now else f"{THEN} {STILL_SEEN}",
        where="" if ground.owners is None else _OWNED,
    )
    values = {
        **_asked(ground),
        "scheme": ground.scheme_id,
        "placed": list(regions),
        "regions": list(regions.values()),
    }
    found = Counts()
    for row in _rows(sql, values):
        is_share, region, band, threat, tier, owner, confirmed = row[:7]
        numbers, (disposed, began_at, *debts) = row[7:12], row[12:]
        if is_share:
            found.shares.append(Share(owner, confirmed, tuple(debts), *numbers))
            continue
        code = ground.codes.by_id[threat]
        found.cells.append(Cell(region, band, code, tier, *numbers))
        found.disposed += disposed
        found.changed_at = max(found.changed_at or began_at, began_at)
    return found


def caveats(
    ground: Ground, changed_at: datetime.datetime | None
) -> tuple[Freshness, Coverage]:
    """Return how fresh and how complete the figures are, as far as the viewer sees."""
    values = {
        **_asked(ground),
        "since": ground.moment.day - datetime.timedelta(days=COVERED_DAYS),
        "zone": settings.TIME_ZONE,
    }
    [(queued, oldest_seconds, due, received, nil, late, out, missing)] = _rows(
        _CAVEATS, values
    )
    is_now = ground.moment.is_now
    freshness = Freshness(changed_at, *((queued, oldest_seconds) if is_now else ()))
    return freshness, Coverage(due, received, nil, late, out, tuple(missing))


def _asked(ground: Ground) -> dict[str, Any]:
    return {
        "classes": list(visible_classes(ground.viewer)),
        "owners": ground.owners,
        "at": ground.moment.instant,
        "day": ground.moment.day,
    }


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
