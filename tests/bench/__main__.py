"""`python -m tests.bench [NAME …] [--json]`: run benchmarks; exit code 1 on a miss.

Started by `manage.py bench`, on throw-away servers with safe settings.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable

from tests.bench import (
    audit,
    chart,
    engine,
    import_rows,
    locks,
    movement,
    pages,
    picture,
    rescore,
    seed,
    submit,
    what_if,
)
from tests.bench.rows import Row
from tests.scratch import Databases

BENCHMARKS: dict[str, Callable[[Databases], list[Row]]] = {
    "submit": submit.run,
    "rescore": rescore.run,
    "picture": picture.run,
    "pages": pages.run,
    "movement": movement.run,
    "seed": seed.run,
    "import": import_rows.run,
    "chart": chart.run,
    "engine": engine.run,
    "whatif": what_if.run,
    "audit": audit.run,
    "rls": locks.run,
    "classes": locks.run_classes,
}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, all if none is named; print rows."""
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}: {list(BENCHMARKS)}")
    rows = list(_run(options.names or BENCHMARKS))
    if options.json:
        print(json.dumps([row.as_json() for row in rows], indent=2))  # noqa: T201
    else:
        print("\n".join(row.as_text() for row in rows))  # noqa: T201
    return 0 if all(row.ok for row in rows) else 1


def _run(names: Iterable[str]) -> Iterable[Row]:
    databases = Databases()
    try:
        for name in names:
            yield from BENCHMARKS[name](databases)
    finally:
        databases.drop_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
