"""`rescore`: a hundred dirty groups, by the drain and as one would write it first.

Two nations, one of ten times the groups. Equal output is asserted before anything is
timed; the rounds are interleaved and each is taken back, so that all begin alike.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from ocgmap.bootstrap.console import step
from tests.bench.nation import Size, found
from tests.bench.rows import Row, compare
from tests.scratch import (
    MANAGE,
    Databases,
    address_in,
    environment_for,
    make_bare,
    run_python,
)

SMALL = Size(5_000, reports_each=4)
LARGE = Size(50_000, reports_each=4)
ROUNDS, WARM_UP_ROUNDS = 12, 2
NAIVE_TARGET, GROWTH_TARGET = 2.0, 1.2


def run(databases: Databases) -> list[Row]:
    """Return the drain against the naive way, and a large nation against a small one."""
    with step("Making a database"):
        bare = make_bare(databases)
    with ExitStack() as stack:
        small = stack.enter_context(_nation(databases, bare, SMALL))
        large = stack.enter_context(_nation(databases, bare, LARGE))
        tasks = {
            "ours": (small, "rescore"),
            "naive": (small, "naive"),
            "small": (small, "drain"),
            "large": (large, "drain"),
        }
        with step("Comparing what they write"):
            written = {name: one.round(work) for name, (one, work) in tasks.items()}
            digests = {one["digest"] for one in written.values()}
            assert len(digests) == 1, f"the rows differ: {written}"
            assert written["ours"]["rows"] > 0, "nothing was written"
        with step("Timing"):
            seconds = _rounds(tasks)
    return [
        compare(
            "rescore: 100 groups, against prefetch and bulk_create",
            seconds["ours"],
            seconds["naive"],
            what=("the drain's rescore", "prefetch, a loop and bulk_create"),
            target=NAIVE_TARGET,
            at_least=True,
        ),
        compare(
            f"rescore: 100 of {LARGE.groups:,} groups, against of {SMALL.groups:,}",
            seconds["large"],
            seconds["small"],
            what=(
                f"a drain of 100 of {LARGE.groups:,} groups",
                f"of 100 of {SMALL.groups:,} groups",
            ),
            target=GROWTH_TARGET,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Nation:
    """A process that does rounds on one nation's database."""

    process: subprocess.Popen[str]

    def round(self, work: str) -> dict[str, Any]:
        """Have one round done; return what it says."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{work}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def _nation(databases: Databases, bare: str, size: Size) -> Iterator[Nation]:
    name = databases.create(bare)
    env = environment_for(name, OCGMAP_PROCESS="worker")
    with step(f"Founding a nation of {size.groups:,} groups"):
        found(address_in("DATABASE_OWNER_URL", name), size)
    with step(f"Scoring {size.groups:,} groups"):
        run_python(MANAGE, "drain", env=env, login="worker")
        url = address_in("DATABASE_OWNER_URL", name)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("vacuum analyze")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.rounds"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nation(process)
    finally:
        process.communicate(timeout=30)


def _rounds(tasks: dict[str, tuple[Nation, str]]) -> dict[str, list[float]]:
    """Return the seconds of each task, in turning order; the first rounds are left out."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    order = list(tasks)
    for number in range(WARM_UP_ROUNDS + ROUNDS):
        for name in order:
            nation, work = tasks[name]
            took = nation.round(work)["seconds"]
            if number >= WARM_UP_ROUNDS:
                seconds[name].append(took)
        order.append(order.pop(0))
    return seconds
