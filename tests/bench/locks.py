"""`rls` and `classes`: what the second lock costs, and what setting it costs.

`rls`: each hot read with both locks, against the same statement with its WHERE alone,
both inside an open transaction. And the full-text search of someone who sees a part of a
million reports, against the same function without classes, by how frequent the words are.
`classes`: a transaction that works out which of four thousand classes its reader sees,
against an empty one.
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
GREAT = Size(50_000, reports_each=20)
CLASSES = 4_000
# Word k stands in about one report of every (k + 1) / 2, so that there are words of every
# frequency.
WORDS: tuple[LiteralString, ...] = (
    "select setseed(0.5)",
    "alter table intelligence_report disable trigger user",
    """
update intelligence_report r set text = r.text || ' ' || w.words from (
    select q.id, string_agg('zword' || floor(exp(random() * ln(100000)))::int, ' ') as words
    from intelligence_report q, generate_series(1, 12) group by q.id
) w where w.id = r.id
""",
    "alter table intelligence_report enable trigger user",
)
_CLASSES: LiteralString = """
select count(accounts_intern_class(array[a.id::int, b.id::int], 2)) from (
    select a.id, b.id as other from accounts_tag a join accounts_tag b on b.id > a.id
    order by a.id, b.id limit %s
) p join accounts_tag a on a.id = p.id join accounts_tag b on b.id = p.other
"""


def run(databases: Databases) -> list[Row]:
    """Return a row for each hot read, and one for each frequency of words."""
    rows = _measured(databases, SIZE, "reads")
    return rows + _measured(databases, GREAT, "search")


def run_classes(databases: Databases) -> list[Row]:
    """Return the row of setting a reader's classes."""
    with step("Making a database"):
        name = make_bare(databases)
    url = address_in("DATABASE_OWNER_URL", name)
    found(url, Size(100, reports_each=1))
    with psycopg.connect(url) as link:
        link.execute(_CLASSES, [CLASSES])
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("vacuum analyze")
    return _rows(name, "classes")


def _measured(databases: Databases, size: Size, what: str) -> list[Row]:
    with step("Making a database"):
        name = make_bare(databases)
    url = address_in("DATABASE_OWNER_URL", name)
    reports = size.groups * size.reports_each
    with step(f"Founding a nation of {size.groups:,} groups, {reports:,} reports"):
        found(url, size)
        if what == "search":
            with psycopg.connect(url) as link:
                for statement in WORDS:
                    link.execute(statement)
        else:
            run_python(MANAGE, "drain", env=environment_for(name), login="worker")
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("vacuum analyze")
    rows = _rows(name, what)
    databases.drop(name)
    return rows


def _rows(name: str, what: str) -> list[Row]:
    with step("Measuring"):
        said = run_python(
            "-m",
            "tests.bench.locks_rounds",
            what,
            env=environment_for(name),
            login="worker",
        )
    return [Row(**row) for row in json.loads(said)]
