"""`picture`: the figures of a dashboard, against a plain SELECT of the same rows.

The same lines as they stand in the table, fetched by psycopg without Django, without
policies and without adding anything up. Equal figures are asserted first. And the nation as at a week
ago, against the nation now.
"""

import json

import psycopg

from ocgmap.bootstrap.console import step
from tests.bench.movement import PAST
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


def run(databases: Databases) -> list[Row]:
    """Return the nation's and a region's figures, each against its plain rows."""
    with step("Making a database"):
        name = make_bare(databases)
    env = environment_for(name)
    with step(f"Founding and scoring a nation of {SIZE.groups:,} groups"):
        url = address_in("DATABASE_OWNER_URL", name)
        found(url, SIZE)
        run_python(MANAGE, "drain", env=env, login="worker")
        with psycopg.connect(url) as link:
            for statement in PAST:
                link.execute(statement)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("vacuum analyze")
    with step("Reading the picture"):
        said = run_python("-m", "tests.bench.figures", env=env, login="worker")
    return [Row(**row) for row in json.loads(said)]
