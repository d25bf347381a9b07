"""`seed`: loading the synthetic nation, against a superuser's COPY of the same rows.

The same rows go into identical tables of another database, where no policy holds and
COPY needs no temporary table; all triggers are on in both. Equal rows are asserted
first, what the triggers wrote included. Each round is taken back.
"""

import json

import psycopg

from ocgmap.bootstrap.console import step
from tests.bench.rows import Row
from tests.scratch import Databases, address_in, environment_for, make_bare, run_python

SCALE = "0.05"
_UNPROTECT = """
do $$
declare t regclass;
begin
    for t in select oid::regclass from pg_class
             where relrowsecurity and relnamespace = 'public'::regnamespace
    loop
        execute format('alter table %s disable row level security', t);
    end loop;
end $$
"""


def run(databases: Databases) -> list[Row]:
    """Return the load of a part of the nation against the plain COPY."""
    with step("Making a database"):
        name = make_bare(databases)
    env = environment_for(name, OCGMAP_DEMONSTRATION="1")
    with step("Registering the returns of the nation"):
        run_python("-m", "tests.bench.load", "prepare", SCALE, env=env, login="worker")
    # A copy, so that all that the rows point at has the same ids.
    plain = databases.create(name)
    with psycopg.connect(
        address_in("DATABASE_ADMIN_URL", plain), autocommit=True
    ) as link:
        link.execute(_UNPROTECT)
    env["OCGMAP_BENCH_PLAIN"] = address_in("DATABASE_ADMIN_URL", plain)
    env["OCGMAP_BENCH_OURS"] = address_in("DATABASE_ADMIN_URL", name)
    with step("Loading"):
        words = ("-m", "tests.bench.load", "time", SCALE)
        said = run_python(*words, env=env, login="worker")
    return [Row(**row) for row in json.loads(said)]
