"""`whatif`: what another version would make of all groups, against having them rescored.

The other way is what one would do without it: adopt the version and let the drain go
over all groups. Equal bands, of what the NCA sees, are asserted before anything is
timed; the rounds are interleaved and each is taken back.
"""

import json

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
# So that groups have bands: the reports speak of few attributes of the primary scheme.
_JUDGEMENTS = """
insert into scoring_judgement (public_id, version, attribute, level, rationale,
    decided_at, access_class_id, owner_id, group_id)
select md5('judged ' || g.reference || a.key)::uuid, 1, a.key,
       (array['nil', 'low', 'medium', 'high'])[1 + (g.id + a.place * a.place) %% 4],
       'As judged', now() - interval '40 days', g.access_class_id, g.owner_id, g.id
from groups_crimegroup g
cross join unnest(%(keys)s::text[]) with ordinality a(key, place) order by g.id
"""


def run(databases: Databases) -> list[Row]:
    """Return the comparison of all groups against the drain over them."""
    with step("Making a database"):
        name = make_bare(databases)
    env = environment_for(name, OCGMAP_PROCESS="worker")
    with step(f"Founding and scoring a nation of {SIZE.groups:,} groups"):
        url = address_in("DATABASE_OWNER_URL", name)
        found(url, SIZE)
        judge(url)
        run_python(MANAGE, "drain", env=env, login="worker")
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("vacuum analyze")
    with step("Comparing, and having them rescored"):
        said = run_python("-m", "tests.bench.what_if_rounds", env=env, login="worker")
    return [Row(**row) for row in json.loads(said)]


def judge(owner_url: str) -> None:
    """Judge ten attributes of each group."""
    keys = [
        *("violent_criminal_activity", "drug_activity", "organised_theft"),
        *("fraud_and_financial_crime", "sexual_offences", "cash_flow_financial_worth"),
        *("multiple_enterprises", "links_to_other_ocgs", "geographical_scope"),
        "cohesion",
    ]
    with psycopg.connect(owner_url) as link:
        link.execute("alter table scoring_judgement disable trigger user")
        link.execute(_JUDGEMENTS, {"keys": keys})
        link.execute("set constraints all immediate")
        link.execute("alter table scoring_judgement enable trigger user")
