"""Keep the profiles of readers: each combination of tags held and clearance in use.

When one comes or goes, the groups that it alone made a label real for are marked: those
with evidence that it sees and that its nearest lasting neighbour does not.
"""

import datetime

from django.db import connection

from accounts.roles import RIGHTS, Right

# Derived and compared in one statement, so in one snapshot. The transaction lock is
# taken by a statement before it: an older snapshot must not undo a newer one's work.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(77, 1)"
_DERIVE = """
with wanted as materialized (
    select distinct u.clearance, coalesce((
        select array_agg(distinct h.tag_id::int order by h.tag_id::int)
        from accounts_tagholder h join accounts_tag t on t.id = h.tag_id
        where (h.user_id = u.id or h.organisation_id = u.organisation_id)
          and (h.from_on is null or h.from_on <= %(day)s)
          and (h.to_on is null or h.to_on > %(day)s)
          and (t.expires_on is null or t.expires_on > %(day)s)
          and not exists (select from accounts_subject s
                          where s.user_id = u.id and s.tag_id = h.tag_id)), '{}') as tags
    from (select distinct organisation_id, clearance,
                 case when exists (select from accounts_tagholder o
                                   where o.user_id = a.id)
                        or exists (select from accounts_subject s
                                   where s.user_id = a.id) then id end as id
          from accounts_user a where is_active and role = any(%(roles)s)) u
), gone as (
    delete from scoring_profile p where not exists (
        select from wanted w where w.tags = p.tags and w.clearance = p.clearance)
    returning p.tags, p.clearance
), come as (
    insert into scoring_profile (tags, clearance)
    select tags, clearance from wanted on conflict do nothing
    returning tags, clearance
)
select tags::text, clearance from gone union all select tags::text, clearance from come
"""
_MARK = """
with changed as (
    select tags::int[] as tags, clearance
    from unnest(%(tags)s::text[], %(clearances)s::int[]) as u(tags, clearance)
), classes as materialized (
    select distinct a.id from changed p
    left join lateral (
        select q.tags, q.clearance from scoring_profile q
        where q.tags <@ p.tags and q.clearance <= p.clearance
          and not exists (select from changed c
                          where c.tags = q.tags and c.clearance = q.clearance)
        order by cardinality(q.tags) desc, q.clearance desc limit 1
    ) near on true
    join accounts_accessclass a on a.requires <@ p.tags and a.marking <= p.clearance
    where near.tags is null
       or not (a.requires <@ near.tags and a.marking <= near.clearance)
), touched(group_id) as (
    select id from groups_crimegroup where access_class_id in (select id from classes)
    union select group_id from groups_groupthreat
        where access_class_id in (select id from classes)
    union select group_id from groups_membership
        where access_class_id in (select id from classes)
    union select group_id from intelligence_attributeclaim
        where access_class_id in (select id from classes)
    union select group_id from scoring_judgement
        where access_class_id in (select id from classes)
    union select j.group_id from scoring_judgementcitation c
        join scoring_judgement j on j.id = c.judgement_id
        where c.access_class_id in (select id from classes)
    union select group_id from scoring_banddecision
        where access_class_id in (select id from classes)
)
insert into scoring_outbox (group_id, cause_id, at)
select group_id, null, clock_timestamp() from touched order by group_id
"""


def refresh_profiles(day: datetime.date) -> int:
    """Make the profiles those of today's readers; return how many groups were marked.

    A reader is an active account whose role may view; what it holds is what
    `accounts.access.viewer_of` finds on ``day``.
    """
    roles = [str(role) for role, rights in RIGHTS.items() if Right.VIEW in rights]
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(_DERIVE, {"day": day, "roles": roles})
        changed = cursor.fetchall()
        if not changed:
            return 0
        cursor.execute(
            _MARK,
            {
                "tags": [tags for tags, _ in changed],
                "clearances": [clearance for _, clearance in changed],
            },
        )
        return int(cursor.rowcount)
