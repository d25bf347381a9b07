"""The benchmarks' own nation: it can be founded, and three ways of scoring it agree."""

import json
import subprocess
import sys

from tests.bench.nation import Size, found
from tests.bench.rounds import WORK
from tests.scratch import (
    MANAGE,
    Databases,
    address_in,
    environment_for,
    run_python,
)

SIZE = Size(200, reports_each=2)


def test_the_ways_that_are_compared_write_the_same(
    databases: Databases, bare_database: str
) -> None:
    database = databases.create(bare_database)
    found(address_in("DATABASE_OWNER_URL", database), SIZE)
    env = environment_for(database, OCGMAP_PROCESS="worker")
    run_python(MANAGE, "drain", env=env, login="worker")
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.rounds"],
        env=env,
        input="".join(f"{work}\n" for work in WORK),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.splitlines()
    rounds = [json.loads(line) for line in said]
    assert len(rounds) == len(WORK)
    assert len({one["digest"] for one in rounds}) == 1
    assert rounds[0]["rows"] > 0
