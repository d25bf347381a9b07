"""A small nation, seeded once by the command and scored, in a database of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.scratch import MANAGE, Databases, address_in, environment_for, run_python

SCALE, SEED = 0.06, 11
# Whoever recorded the nation has an address there; what was made by hand has not.
OURS = "select id from accounts_user where email like '%@nation.example'"


@dataclass(frozen=True)
class Seeded:
    """A seeded database, read by its owner from outside."""

    env: dict[str, str]
    link: psycopg.Connection[Any]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.link.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        [(value,)] = self.rows(sql, *values)
        return value

    def manage(self, *words: str) -> str:
        return run_python(MANAGE, *words, env=self.env, login="worker")


Open = Callable[[], Seeded]


@pytest.fixture(scope="session")
def open_database(databases: Databases, bare_database: str) -> Iterator[Open]:
    """Return how to make a database with reference data, and read it."""
    links: list[psycopg.Connection[Any]] = []

    def make() -> Seeded:
        name = databases.create(bare_database)
        env = environment_for(name, OCGMAP_DEMONSTRATION="1")
        links.append(
            psycopg.connect(address_in("DATABASE_OWNER_URL", name), autocommit=True)
        )
        return Seeded(env, links[-1])

    yield make
    for link in links:
        link.close()


@pytest.fixture(scope="session")
def nation(open_database: Open) -> Seeded:
    """Return a nation that is loaded and scored."""
    seeded = open_database()
    seeded.manage("seed_nation", "--scale", str(SCALE), "--seed", str(SEED))
    seeded.link.execute(f"create temporary table ours as {OURS}")
    return seeded
