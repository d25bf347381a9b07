"""The timing process of the seed benchmark: prints its row as JSON.

`python -m tests.bench.load prepare SCALE` loads what the steps point at; `time SCALE`
loads all steps of groups, round by round, in the way of the nation and by plain COPY.
"""

import datetime
import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import django
import psycopg

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring.demonstration.nation import loading, seeding  # noqa: E402
from scoring.demonstration.nation.names import Names, read_names  # noqa: E402
from scoring.demonstration.nation.planning import (  # noqa: E402
    TABLES,
    Kind,
    Nation,
    Step,
    plan_step,
    read_country,
)
from tests.bench.rows import compare, interleave  # noqa: E402

ROUNDS, WARM_UP_ROUNDS = 10, 2
TARGET = 4.0
SEED = 1
DAY = datetime.date(2026, 1, 31)
Ids = dict[str, list[int]]
# A superuser cannot back-date a row; all else must be the same.
_CONTENT = """
select md5(coalesce(string_agg(t::text, ',' order by t.id), '')), count(*)
from (select x.id, to_jsonb(x) - '{{created_at,changed_at}}'::text[] from {table} x
      where x.id = any(%s)) t
"""
_LEFT_BEHIND = """
select (select count(*) from scoring_outbox), (select count(*) from scoring_receipt),
       (select count(*) from groups_identitycluster)
"""


def country_of_bench() -> Any:
    return read_country(settings.BASE_DIR, DAY)


def names_of_bench() -> Names:
    with acting_as(system("bench")), transaction.atomic():
        return read_names(country_of_bench())


def prepare(nation: Nation) -> None:
    """Load and commit the register, the authors and every label."""
    country = country_of_bench()
    seeding.seed_step(country, nation, names_of_bench(), 0)
    names = names_of_bench()
    for step in _steps(nation):
        with acting_as(system("bench")), transaction.atomic():
            names.with_labels(step.rows.labels())


def _steps(nation: Nation) -> list[Step]:
    country = country_of_bench()
    return [plan_step(country, nation, number) for number in range(1, nation.steps)]


class Ways:
    """The two ways to load the same steps; each leaves nothing behind."""

    def __init__(self, nation: Nation) -> None:
        self.steps = _steps(nation)
        self.names = names_of_bench()
        with acting_as(system("bench")), transaction.atomic():
            labels = set().union(*(step.rows.labels() for step in self.steps))
            self.classes = self.names.with_labels(labels)
        self.plain = psycopg.connect(os.environ["OCGMAP_BENCH_PLAIN"])
        self.ids: list[Ids] = []
        self.texts: list[tuple[str, str]] = []

    def load_ours(self, *, look: bool = False) -> Any:
        """Load as the nation does; return what stands there if it is looked at."""
        with acting_as(system("bench")), transaction.atomic():
            ids = [
                loading.load(step.rows, self.names, self.classes) for step in self.steps
            ]
            with connection.cursor() as cursor:
                # Foreign keys are checked at the commit, which never comes here.
                cursor.execute("set constraints all immediate")
                found = _look(cursor, ids) if look else None
            transaction.set_rollback(True)
        self.ids = self.ids or ids
        return found

    def render(self) -> None:
        """Write down the rows for COPY, with the ids that the first load gave them."""
        for step, ids in zip(self.steps, self.ids, strict=True):
            known: dict[str, Any] = {
                **self.names.ids,
                Kind.LABEL: self.classes,
                **{name: ids.get(name, []) for name in TABLES},
            }
            for name, table in TABLES.items():
                rows = step.rows.tables[name]
                if rows:
                    columns = ", ".join(table.names)
                    statement = f"copy {name} (id, version, {columns}) from stdin"
                    text = loading.render(table, rows, ids[name], known)
                    self.texts.append((statement, _with_version(text)))

    def load_plain(self, *, look: bool = False) -> Any:
        """Load by COPY as a superuser; return what stands there if it is looked at."""
        with self.plain.cursor() as cursor:
            for statement, text in self.texts:
                with cursor.copy(statement) as sink:  # type: ignore[call-overload]
                    sink.write(text)
            cursor.execute("set constraints all immediate")
            found = _look(cursor, self.ids) if look else None
        self.plain.rollback()
        return found


def _with_version(text: str) -> str:
    lines = (line.split("\t", 1) for line in text.splitlines())
    return "".join(f"{pk}\t1\t{rest}\n" for pk, rest in lines)


def _look(cursor: Any, ids: Iterable[Ids]) -> list[Any]:
    found: list[Any] = []
    for step in ids:
        for table, chosen in step.items():
            cursor.execute(_CONTENT.format(table=table), [chosen])
            found.append((table, cursor.fetchone()))
    cursor.execute(_LEFT_BEHIND)
    return [*found, cursor.fetchone()]


def measure(nation: Nation) -> None:
    """Print the row, once both ways have been shown to write the same."""
    ways = Ways(nation)
    ours = ways.load_ours(look=True)
    ways.render()
    plain = ways.load_plain(look=True)
    different = [pair for pair in zip(ours, plain, strict=True) if pair[0] != pair[1]]
    assert not different, different
    rows = sum(len(chosen) for step in ways.ids for chosen in step.values())
    assert rows > 30_000, rows
    vacuum = [
        psycopg.connect(os.environ[f"OCGMAP_BENCH_{which}"], autocommit=True)
        for which in ("OURS", "PLAIN")
    ]

    def clean() -> None:
        for link in vacuum:
            link.execute("vacuum")

    tasks = {"ours": ways.load_ours, "plain": ways.load_plain}
    interleave(tasks, WARM_UP_ROUNDS, before=clean)
    seconds = interleave(tasks, ROUNDS, before=clean)
    row = compare(
        f"seed: {rows:,} rows of the nation, against a superuser's COPY",
        seconds["ours"],
        seconds["plain"],
        target=TARGET,
    )
    print(json.dumps([row.as_json()]))  # noqa: T201


if __name__ == "__main__":
    WAYS = {"prepare": prepare, "time": measure}
    WAYS[sys.argv[1]](Nation(SEED, float(sys.argv[2]), DAY))
