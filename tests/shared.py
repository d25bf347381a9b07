"""Databases that every process of a run copies: the first that asks makes each.

A run on several cores has one process for each, and none of them may use what another
one writes to. What all of them copy is made once, under a lock of the cluster, and a
note on it says that it is finished. Pytest's first process drops them at the end.
"""

import os
import uuid
from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql

from tests.scratch import Databases, address_in, make_bare, make_reference

RUN = "OCGMAP_TEST_RUN"
Make = Callable[[Databases, str], str]
_NOTE = """
select shobj_description(oid, 'pg_database') from pg_database where datname = %s
"""


def pytest_configure(config: pytest.Config) -> None:
    """Name the run, so that the processes it starts find each other's databases."""
    if not _is_of_a_run(config):
        os.environ[RUN] = uuid.uuid4().hex[:12]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop what the processes of this run shared; all of them have ended."""
    if _is_of_a_run(config) or "DATABASE_OWNER_URL" not in os.environ:
        return
    with _link() as link:
        rows = link.execute(
            "select datname from pg_database where starts_with(datname, %s)", (_name(),)
        )
        for (name,) in rows.fetchall():
            link.execute(
                sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            )


def once(kind: str, make: Make) -> tuple[str, str]:
    """Return the name of the run's database of this kind, and its maker's note.

    ``make`` gets the name that the database is to have, and returns the note.
    """
    name = _name(kind)
    with _link() as link:
        link.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))
        found = link.execute(_NOTE, (name,)).fetchone()
        if found and found[0]:
            return name, str(found[0])
        # Without a note it is what a maker left that failed.
        link.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        note = make(Databases(), name)
        noted = sql.SQL("comment on database {} is {}")
        link.execute(noted.format(sql.Identifier(name), sql.Literal(note)))
    return name, note


def _is_of_a_run(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _name(kind: str = "") -> str:
    return f"ocgmap_shared_{os.environ[RUN]}_{kind}"


def _link() -> psycopg.Connection:
    return psycopg.connect(
        address_in("DATABASE_OWNER_URL", "postgres"), autocommit=True
    )


@pytest.fixture(scope="session")
def reference_database() -> str:
    """Name a database with tables and reference data: copy it, do not use it."""
    return once("reference", lambda made, name: make_reference(made, name=name))[0]


@pytest.fixture(scope="session")
def bare_database(reference_database: str) -> str:
    """Name a database with tables, reference data and schemes: copy it, do not use it."""
    return once(
        "bare", lambda made, name: make_bare(made, reference_database, name=name)
    )[0]
