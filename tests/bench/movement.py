"""`movement`: what moved in a region since a week, against the current picture query.

The made-up nation has no past: its lines are dated back, and each tenth group gets a
second line of three days ago, with another assessment. Equal output to comparing both
lists in a loop is asserted first.
"""

import json
from typing import LiteralString

import psycopg

from ocgmap.bootstrap.console import step
from tests.bench.nation import Size, found
from tests.bench.rows import Row
from tests.scratch import (
    MANAGE,
    Databases,
    address_in,
    environment_for,
    make_bare,
    run_python,
)

SIZE = Size(5_000, reports_each=4)
PAST: tuple[LiteralString, ...] = (
    "update scoring_pictureline set valid_from = valid_from - interval '30 days'",
    """
create temporary table passed on commit drop as
select l.*, nextval('scoring_assessment_id_seq') as next_id
from scoring_pictureline l where l.valid_to is null and l.group_id % 10 = 3
""",
    """
insert into scoring_assessment (id, group_id, access_class_id, scheme_version_id, facts,
    facts_digest, value, low, high, unknown_count, attribute_count, unjudged_count, band,
    points, computed_at)
select p.next_id, a.group_id, a.access_class_id, a.scheme_version_id, a.facts,
    md5(a.facts_digest), a.value + 2, a.low, a.high, a.unknown_count, a.attribute_count,
    a.unjudged_count, a.band,
    a.points || jsonb_build_object('violence', (a.points ->> 'violence')::int + 2), now()
from passed p join scoring_assessment a on a.id = p.assessment_id
""",
    """
update scoring_pictureline l set valid_to = now() - interval '3 days'
from passed p where p.id = l.id
""",
    """
insert into scoring_pictureline (group_id, owner_id, access_class_id, rank,
    scheme_version_id, assessment_id, predominant_threat_id, computed_band,
    confirmed_band, tier, record_state, activity_status, memberships, principals,
    unknown_count, attribute_count, unjudged_count, review_due_on, valid_from)
select group_id, owner_id, access_class_id, rank, scheme_version_id, next_id,
    predominant_threat_id, computed_band, confirmed_band,
    case when group_id % 20 = 3 then 'national' else tier end,
    case when group_id % 30 = 3 then 'returned' else record_state end, activity_status,
    memberships, principals, unknown_count, attribute_count, unjudged_count,
    review_due_on, now() - interval '3 days'
from passed
""",
)


def run(databases: Databases) -> list[Row]:
    """Return the movement of a region and of the nation, each against its picture."""
    with step("Making a database"):
        name = make_bare(databases)
    env = environment_for(name)
    with step(f"Founding and scoring a nation of {SIZE.groups:,} groups"):
        url = address_in("DATABASE_OWNER_URL", name)
        found(url, SIZE)
        run_python(MANAGE, "drain", env=env, login="worker")
    with step("Giving a tenth of the groups a past"):
        with psycopg.connect(url) as link:
            for statement in PAST:
                link.execute(statement)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("vacuum analyze")
    with step("Reading what moved"):
        said = run_python("-m", "tests.bench.moves", env=env, login="worker")
    return [Row(**row) for row in json.loads(said)]
