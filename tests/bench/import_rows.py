"""`import`: rows of a return's file, against the same reports submitted one by one.

A second time with many reports of the owner already there: the search for duplicates
must not make the import grow with them. `milliseconds` are of a whole file.
"""

import json

from ocgmap.bootstrap.console import step
from tests.bench.rows import Row, compare
from tests.scratch import Databases, environment_for, make_bare, run_python

ROWS, ROUNDS, EARLIER = 200, 4, 5_000
SINGLE_TARGET, GROWTH_TARGET = 0.9, 1.5
_CHILD = "import django; django.setup(); from tests.bench import imported; "
Times = dict[str, list[float]]


def run(databases: Databases) -> list[Row]:
    """Return an import against single submissions, and beside many earlier reports."""
    with step("Making a database"):
        name = make_bare(databases)
    with step("Timing"):
        env = environment_for(name)
        printed = run_python("-c", f"{_CHILD}imported.main()", env=env, login="worker")
    times: Times = json.loads(printed.splitlines()[-1])
    best = {kind: ROWS / min(seconds) for kind, seconds in times.items()}
    rates = f"{best['check']:.0f} rows/s checked, {best['write']:.0f} written"
    return [
        compare(
            f"import: {ROWS} rows ({rates}), against single submissions",
            times["write"],
            times["single"],
            target=SINGLE_TARGET,
        ),
        compare(
            f"import: {ROWS} rows beside {EARLIER:,} earlier reports, against none",
            times["write beside"],
            times["write"],
            target=GROWTH_TARGET,
        ),
    ]
