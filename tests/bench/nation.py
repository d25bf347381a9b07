"""A made-up nation of any number of groups, written by a few set-based statements.

The first groups are the same whatever the size: same owner, labels, members, reports
and claims. The triggers are off meanwhile, since they work row by row; what they would
have left is written here: labels as joins, receipts, and a mark for every group.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from ocgmap.common.identifiers import check_character

MEMBERS = 8
# What the first group is found by: a reference as the site gives them out.
FIRST_REFERENCE = f"G-0000-0001-{check_character('00000001')}"
# Readers of every force, ROCU and the NCA: each is a profile that makes labels real.
_ACCOUNTS: LiteralString = """
insert into accounts_user (email, name, collar_number, organisation_id, role, clearance,
    visibility_version, is_active, shortcuts_off, list_columns, date_joined, password)
select code || '@bench.example', code, '', id,
       case kind when 'force' then 'force_analyst' when 'rocu' then 'rocu_lead'
                 else 'nca_officer' end,
       2, 1, true, false, '{}', now(), '!'
from accounts_organisation where kind in ('force', 'rocu') or code = 'nca' order by id
"""
_DESKS: LiteralString = """
create temporary table desk on commit drop as
select row_number() over (order by o.id) - 1 as place, o.id as owner_id,
       accounts_intern_class(array[own.id::int], 2) as own_class,
       accounts_intern_class(array[coalesce(region.id, every.id)::int], 2)
           as region_class,
       accounts_intern_class(array[every.id::int], 2) as every_class
from accounts_organisation o
join accounts_tag own on own.code = 'force:' || o.code
join accounts_tag every on every.code = 'all-forces'
left join accounts_organisationplacement p
    on p.organisation_id = o.id and p.to_on is null
left join accounts_organisation parent on parent.id = p.parent_id
left join accounts_tag region on region.code = 'region:' || parent.code
where o.kind = 'force'
"""
_JOINS: LiteralString = """
create temporary table joined on commit drop as
select distinct a.class_id as a, b.class_id as b,
       accounts_join_class(a.class_id, b.class_id) as class_id
from desk
cross join lateral unnest(array[own_class, region_class, every_class]) a(class_id)
cross join lateral unnest(array[own_class, region_class, every_class]) b(class_id)
"""
_GROUPS: LiteralString = """
insert into groups_crimegroup (public_id, version, retention_class, legal_hold,
    reference, owner_reference, kind, name, summary, record_state, activity_status,
    tier, lead_officer, s45_test, soc_test, review_on, access_class_id, owner_id)
select md5('group ' || i)::uuid, 1, '2', false, 'G-' || lpad(i::text, 9, '0'), '',
       'crime_group', 'Group ' || i, '', 'mapped',
       case when i %% 10 = 0 then 'dormant' else 'active' end,
       (array['none', 'force', 'regional', 'national'])[1 + i %% 4], '', 'unknown',
       'unknown', current_date + (i %% 400 - 100),
       (array[every_class, region_class, own_class])[1 + i %% 3], owner_id
from generate_series(1, %(groups)s) i
join desk on place = i %% (select count(*) from desk) order by i
"""
_THREATS: LiteralString = """
insert into groups_groupthreat (public_id, version, basis, rationale, precision,
    is_predominant, access_class_id, asserted_by_id, owner_id, group_id, threat_type_id)
select md5('threat ' || g.reference)::uuid, 1, 'assessed', 'As assessed', 'unknown',
       true, g.access_class_id, g.owner_id, g.owner_id, g.id, t.id
from groups_crimegroup g
join (select id, row_number() over (order by id) - 1 as place,
             count(*) over () as kinds from groups_threattype) t
    on t.place = g.id % t.kinds order by g.id
"""
_NOMINALS: LiteralString = """
insert into groups_nominal (public_id, version, retention_class, legal_hold, reference,
    given_names, surname, is_identified, designation, born_precision, gender,
    access_class_id, owner_id)
select md5(g.reference || ' member ' || k)::uuid, 1, '2', false,
       'N-' || lpad((g.id * %(members)s + k)::text, 10, '0'), '', '', false,
       'Member ' || k || ' of ' || g.reference, 'unknown', 'unknown',
       g.access_class_id, g.owner_id
from groups_crimegroup g, generate_series(1, %(members)s) k order by g.id, k
"""
_MEMBERSHIPS: LiteralString = """
insert into groups_membership (public_id, version, basis, rationale, precision,
    standing, dpa_category, access_class_id, asserted_by_id, owner_id, group_id,
    nominal_id)
select md5('in ' || n.reference)::uuid, 1, 'assessed', 'As assessed', 'unknown',
       case k when 1 then 'principal' else 'significant' end, 'suspect',
       g.access_class_id, g.owner_id, g.owner_id, g.id, n.id
from groups_crimegroup g, generate_series(1, %(members)s) k, groups_nominal n
where n.public_id = md5(g.reference || ' member ' || k)::uuid order by g.id, k
"""
_REPORTS: LiteralString = """
insert into intelligence_report (public_id, version, retention_class, legal_hold,
    reference, owner_reference, text, event_precision, received_on, source_grade,
    assessment_grade, handling, legacy_grade, state, state_reason, idempotency_key,
    idempotency_credential, body_digest, access_class_id, owner_id)
select md5(g.reference || ' report ' || j)::uuid, 1, '2', false,
       'R-' || lpad((g.id * %(reports)s + j)::text, 10, '0'), '',
       'Report ' || j || ' on ' || g.reference, 'unknown',
       current_date - (j * 37 + g.id)::int %% 900, 1 + j %% 3,
       (array['A', 'B', 'C', 'D'])[1 + j %% 4], 'P', '', 'submitted', '', '', '', '',
       (array[desk.every_class, desk.region_class, desk.own_class])[1 + j %% 3],
       g.owner_id
from groups_crimegroup g join desk on desk.owner_id = g.owner_id,
     generate_series(1, %(reports)s) j order by g.id, j
"""
_MENTIONS: LiteralString = """
insert into intelligence_mention (public_id, version, access_class_id, owner_id,
    report_id, group_id)
select md5('about ' || r.reference)::uuid, 1,
       pair.class_id, r.owner_id, r.id, g.id
from groups_crimegroup g cross join generate_series(1, %(reports)s) j
join intelligence_report r
    on r.public_id = md5(g.reference || ' report ' || j)::uuid
join joined pair on pair.a = r.access_class_id and pair.b = g.access_class_id
order by r.id
"""
_CLAIMS: LiteralString = """
insert into intelligence_attributeclaim (public_id, version, attribute, level,
    access_class_id, owner_id, report_id, group_id)
select md5('claim of ' || r.reference)::uuid, 1,
       (array['violence', 'corruption', 'expertise', 'mobility', 'discipline', 'scope',
              'continuity', 'insulation', 'strategy', 'infiltration', 'stability']
       )[1 + (j + g.id) %% 11],
       (array['high', 'medium', 'low'])[1 + (j + g.id / 11) %% 3],
       pair.class_id, r.owner_id, r.id, g.id
from groups_crimegroup g cross join generate_series(1, %(reports)s) j
join intelligence_report r
    on r.public_id = md5(g.reference || ' report ' || j)::uuid
join joined pair on pair.a = r.access_class_id and pair.b = g.access_class_id
order by r.id
"""
_RECEIPTS: LiteralString = """
insert into scoring_receipt (report_id, group_id, access_class_id, submitted_at,
    included_at, state)
select report_id, group_id, access_class_id, now(), now(), 'included'
from intelligence_mention order by report_id
"""
# The first one stands for the profiles of readers.
_MARKS: LiteralString = """
insert into scoring_outbox (group_id, cause_id, at)
select null::bigint, null::bigint, clock_timestamp()
union all (select id, null, clock_timestamp() from groups_crimegroup order by id)
"""
_STATEMENTS: tuple[LiteralString, ...] = (
    _ACCOUNTS,
    _DESKS,
    _JOINS,
    _GROUPS,
    _THREATS,
    _NOMINALS,
    _MEMBERSHIPS,
    _REPORTS,
    _MENTIONS,
    _CLAIMS,
    _RECEIPTS,
    _MARKS,
)
_TABLES: tuple[LiteralString, ...] = (
    "groups_crimegroup",
    "groups_groupthreat",
    "groups_nominal",
    "groups_membership",
    "intelligence_report",
    "intelligence_mention",
    "intelligence_attributeclaim",
    "scoring_receipt",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many groups, and how many reports speak of each."""

    groups: int
    reports_each: int = 10


def found(owner_url: str, size: Size) -> None:
    """Fill a bare database; every group is marked and waits for the drain."""
    values = {"groups": size.groups, "members": MEMBERS, "reports": size.reports_each}
    with psycopg.connect(owner_url) as link:
        for table in _TABLES:
            link.execute(f"alter table {table} disable trigger user")
        for statement in _STATEMENTS:
            _run(link, statement, values)
        link.execute("set constraints all immediate")
        for table in _TABLES:
            link.execute(f"alter table {table} enable trigger user")
    with psycopg.connect(owner_url, autocommit=True) as link:
        link.execute("vacuum analyze")


def _run(
    link: psycopg.Connection[Any], statement: LiteralString, values: dict[str, int]
) -> None:
    # Without parameters a per cent sign stands for itself.
    link.execute(statement, values if "%(" in statement else None)
