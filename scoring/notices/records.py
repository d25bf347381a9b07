"""What happened to watched groups and people: one statement, whatever is watched.

The classes that the reader sees stand in it (the first lock); the policies of each
table hold besides. What the reader did themselves is left out where a row says who did
it. Its cost is that of what happened since, and of the members of what is watched.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.db import connection

from accounts.visibility import Viewer
from intelligence.models.report import STANDING
from ocgmap.common.records import visible_classes
from scoring.engine import PRIMARY
from scoring.models import Watch
from scoring.notices.kinds import Notice, NoticeKind

_MINE: Final = """
with mine as (
    select * from unnest(%(watches)s::bigint[], %(groups)s::bigint[],
                         %(people)s::bigint[], %(since)s::timestamptz[])
        w(watch_id, group_id, nominal_id, since)
)
"""
_REPORTS: Final = """
select w.watch_id, 'reports', count(distinct m.report_id), max(m.created_at), '', ''
from mine w
join intelligence_mention m on m.{target}_id = w.{target}_id and m.created_at > w.since
join intelligence_report r on r.id = m.report_id
where m.access_class_id = any(%(classes)s) and r.access_class_id = any(%(classes)s)
  and r.state = any(%(standing)s) and m.created_by_id is distinct from %(actor)s
group by 1
"""
_JOINED: Final = """
select w.watch_id, 'joined', count(*), max(f.created_at), '', ''
from mine w
join groups_membership f on f.{target}_id = w.{target}_id and f.created_at > w.since
where f.access_class_id = any(%(classes)s) and f.withdrawn_at is null
  and f.created_by_id is distinct from %(actor)s
group by 1
"""
# Ended since, by a state in which it had not ended yet, or withdrawn since.
_LEFT: Final = """
select w.watch_id, 'left', count(*), max(f.changed_at), '', ''
from mine w
join groups_membership f on f.{target}_id = w.{target}_id
    and f.created_at <= w.since and f.changed_at > w.since
where f.access_class_id = any(%(classes)s)
  and f.changed_by_id is distinct from %(actor)s
  and (f.withdrawn_at > w.since
       or f.withdrawn_at is null and f.to_on is not null and exists (
           select from groups_membershipevent e
           where e.pgh_obj_id = f.id and e.pgh_created_at > w.since
             and e.to_on is null and e.access_class_id = any(%(classes)s)))
group by 1
"""
# The state as the reader left it: the first that was replaced since, of those they see.
_CHANGED: Final = """
select w.watch_id, c.kind, 1, o.changed_at, c.before, c.after
from mine w
join {table} o on o.id = w.{target}_id and o.access_class_id = any(%(classes)s)
cross join lateral (
    select e.* from {table}event e
    where e.pgh_obj_id = o.id and e.pgh_created_at > w.since
      and e.access_class_id = any(%(classes)s)
      and (e.pgh_context ->> 'user') is distinct from %(actor)s::text
    order by e.pgh_created_at, e.pgh_id limit 1
) e
cross join lateral (values {columns}) c(kind, before, after)
where c.before <> c.after
"""
_COLUMNS_OF_GROUP: Final = """
    ('activity_status', e.activity_status, o.activity_status),
    ('record_state', e.record_state, o.record_state),
    ('owner', e.owner_id::text, o.owner_id::text),
    ('label', e.access_class_id::text, o.access_class_id::text)
"""
_COLUMNS_OF_PERSON: Final = """
    ('label', e.access_class_id::text, o.access_class_id::text),
    ('details', 'former',
     case when (e.given_names, e.surname, e.designation, e.is_identified, e.born_from,
                e.born_to, e.gender, e.deceased_on)
               is distinct from
               (o.given_names, o.surname, o.designation, o.is_identified, o.born_from,
                o.born_to, o.gender, o.deceased_on)
          then 'present' else 'former' end)
"""
# The reader's own greatest lines of the two moments, as dashboards compare them.
_MOVED: Final = """
select w.watch_id, c.kind, 1, a.valid_from, c.before, c.after
from mine w join scoring_schemeversion s on s.is_primary
cross join lateral (
    select f.id from scoring_schemeversion f
    where f.name = s.name and f.status = 'adopted'
      and f.effective_on <= greatest(
          (w.since at time zone %(zone)s)::date, %(first_day)s::date)
    order by f.effective_on desc, f.id desc limit 1
) f
cross join lateral (
    select l.* from scoring_pictureline l
    where l.group_id = w.group_id and l.scheme_version_id = f.id
      and l.access_class_id = any(%(classes)s) and l.valid_from <= w.since
      and (l.valid_to is null or l.valid_to > w.since)
    order by l.rank desc, l.id desc limit 1
) b
cross join lateral (
    select l.* from scoring_pictureline l
    where l.group_id = w.group_id and l.scheme_version_id = s.id
      and l.access_class_id = any(%(classes)s) and l.valid_to is null
    order by l.rank desc, l.id desc limit 1
) a
cross join lateral (values
    ('computed_band', b.computed_band, a.computed_band),
    ('confirmed_band', b.confirmed_band, a.confirmed_band),
    ('tier', b.tier, a.tier)
) c(kind, before, after)
where a.id <> b.id and c.before <> c.after
  and not exists (
      select from scoring_scorehead h where h.group_id = w.group_id and h.is_live)
"""
_TOLD: Final = _MINE + "union all".join(
    [
        *(part.format(target="group") for part in (_REPORTS, _JOINED, _LEFT)),
        *(part.format(target="nominal") for part in (_REPORTS, _JOINED, _LEFT)),
        _CHANGED.format(
            table="groups_crimegroup", target="group", columns=_COLUMNS_OF_GROUP
        ),
        _CHANGED.format(
            table="groups_nominal", target="nominal", columns=_COLUMNS_OF_PERSON
        ),
        _MOVED,
    ]
)


def told_of(viewer: Viewer, watches: Sequence[Watch]) -> list[tuple[int, Notice]]:
    """Return what happened since these watches were read, by their keys. One query.

    They are of groups and people that ``viewer`` sees.
    """
    if not watches:
        return []
    values: dict[str, Any] = {
        "watches": [one.pk for one in watches],
        "groups": [one.group_id for one in watches],
        "people": [one.nominal_id for one in watches],
        "since": [one.read_until for one in watches],
        "classes": list(visible_classes(viewer)),
        "standing": [str(state) for state in STANDING],
        "actor": viewer.user_id,
        "zone": settings.TIME_ZONE,
        "first_day": PRIMARY.effective_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, values)
        return [
            (watch_id, Notice(NoticeKind(kind), *rest))
            for watch_id, kind, *rest in cursor.fetchall()
        ]
