"""Which groups reach beyond the region of their owner, as far as one reader may see."""

import datetime
from typing import Any

from django.db import connection

from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.picture.scopes import KINDS, PLACES, PictureScope, ScopeKind

# A body is beyond when it is not placed in the owner's region; one without a region is
# beyond every region. The owner itself must be in one.
_CROSSING = f"""
with places as ({PLACES}),
seen as not materialized (
    select g.id, g.owner_id from groups_crimegroup g
    where g.access_class_id = any(%(classes)s) and g.merged_into_id is null
),
-- What was recorded on a merged group is of its survivor.
records as not materialized (
    select g.id as record_id, s.id, s.owner_id from groups_crimegroup g
    join seen s on s.id = coalesce(g.merged_into_id, g.id)
    where g.access_class_id = any(%(classes)s)
),
here as (
    select s.record_id, s.id, o.region_id from records s
    join places o on o.id = s.owner_id and o.region_id is not null
    where (%(region)s::bigint is null or o.region_id = %(region)s)
      and (%(owner)s::bigint is null or s.owner_id = %(owner)s)
),
reaching as (
    select here.id as group_id, p.area_id as body_id
    from here join groups_activity a on a.group_id = here.record_id
    join groups_activityplace p on p.activity_id = a.id
    where a.access_class_id = any(%(classes)s) and p.access_class_id = any(%(classes)s)
      and a.to_on is null and p.area_id is not null
      and a.withdrawn_at is null and p.withdrawn_at is null
    union
    select here.id, other.owner_id from groups_grouplink k
    join here on here.record_id = k.a_id join records other on other.record_id = k.b_id
    where k.access_class_id = any(%(classes)s) and k.to_on is null
      and k.withdrawn_at is null
    union
    select here.id, other.owner_id from groups_grouplink k
    join here on here.record_id = k.b_id join records other on other.record_id = k.a_id
    where k.access_class_id = any(%(classes)s) and k.to_on is null
      and k.withdrawn_at is null
    union
    select here.id, other.owner_id from here
    join groups_membership m on m.group_id = here.record_id
    join groups_membership n on n.nominal_id = m.nominal_id and n.group_id <> m.group_id
    join records other on other.record_id = n.group_id
    where m.access_class_id = any(%(classes)s) and n.access_class_id = any(%(classes)s)
      and m.to_on is null and n.to_on is null
      and m.withdrawn_at is null and n.withdrawn_at is null
)
select distinct here.id from here join reaching r on r.group_id = here.id
left join places b on b.id = r.body_id
where b.region_id is distinct from here.region_id
"""  # noqa: S608 - both are texts of ours


def groups_across(viewer: Viewer, scope: PictureScope, day: datetime.date) -> list[int]:
    """Return the ids of the groups of a place with something outside their region.

    That is: an activity with a place, a link to a group, or a member in a group, of a
    body that is not in the owner's region on ``day``. Each must be visible and in force.
    One query.
    """
    if scope.kind is not ScopeKind.NATIONAL and scope.organisation is None:
        return []  # outside any region nothing reaches beyond one
    place = scope.organisation.pk if scope.organisation else None
    values: dict[str, Any] = {
        "day": day,
        "kinds": KINDS,
        "region": place if scope.kind is ScopeKind.REGION else None,
        "owner": place if scope.kind is ScopeKind.FORCE else None,
        "classes": list(visible_classes(viewer)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CROSSING, values)
        return [group_id for (group_id,) in cursor.fetchall()]
