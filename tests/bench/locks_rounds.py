"""The timing process of the benchmarks of the locks: prints its rows as JSON.

`python -m tests.bench.locks_rounds reads|search|classes` reads the nation of the
database it is given, as a force sees it.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import django
import psycopg

django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.models import AccessClass, User  # noqa: E402
from accounts.visibility import Viewer  # noqa: E402
from groups.models import CrimeGroup, Membership  # noqa: E402
from intelligence.models import Report  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.records import visible_classes  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring.models import PictureLine  # noqa: E402
from tests.bench.rows import Row, compare, interleave  # noqa: E402

ROUNDS, WARM_UP_ROUNDS, SEARCHES = 60, 5, 5
MOST_CLASSES = 200
READ_TARGET, SEARCH_TARGET, CLASSES_TARGET = 1.15, 3.0, 4.0
READER = "durham@bench.example"
MOST = 10_001
# The numbers of words, by how frequent they are: see `tests.bench.locks`.
FREQUENT = {
    "common": range(1, 7),
    "middling": range(40, 60, 4),
    "rare": range(20_000, 80_000, 10_000),
}
Link = psycopg.Connection[Any]


def reads(viewer: Viewer) -> dict[str, Any]:
    """Return the hot reads, with the first lock in each."""
    groups = CrimeGroup.objects.visible_to(viewer)
    reports = Report.objects.visible_to(viewer)
    first = groups.order_by("pk").first()
    assert first is not None
    lines = PictureLine.objects.visible_to(viewer).filter(valid_to__isnull=True)
    members = Membership.objects.visible_to(viewer).filter(group=first)
    return {
        "a group by its id": groups.filter(public_id=first.public_id),
        "the newest 50 groups": groups.order_by("-pk")[:50],
        "the newest 50 reports": reports.order_by("-pk")[:50],
        "the members of a group": members.select_related("nominal"),
        "every line of the picture": lines.order_by("pk"),
    }


def read_rows(viewer: Viewer) -> list[Row]:
    """Return a row for each hot read: both locks against WHERE alone."""
    with acting_for(viewer), transaction.atomic():
        classes = list(visible_classes(viewer))
        assert 0 < len(classes) <= MOST_CLASSES
        asked = {
            name: rows.query.sql_with_params() for name, rows in reads(viewer).items()
        }
    found = []
    with ExitStack() as stack:
        locked, open_ = (_link(stack, login) for login in ("WEB", "WORKER"))
        _see(locked, classes)
        for name, (text, values) in asked.items():
            tasks = {
                "both": _task(locked, text, values),
                "where": _task(open_, text, values),
            }
            assert sorted(map(repr, tasks["both"]())) == sorted(
                map(repr, tasks["where"]())
            )
            interleave(tasks, WARM_UP_ROUNDS)
            seconds = interleave(tasks, ROUNDS)
            found.append(
                compare(
                    f"rls: {name}",
                    seconds["both"],
                    seconds["where"],
                    what=("both locks", "the same statement with its WHERE alone"),
                    target=READ_TARGET,
                )
            )
    return found


def search_rows(viewer: Viewer) -> list[Row]:
    """Return a row for each frequency: a part of the reports against all of them."""
    with acting_for(viewer), transaction.atomic():
        classes = list(visible_classes(viewer))
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as link:
        text = link.execute(
            "select pg_get_functiondef('ocgmap_find_reports'::regproc)"
        ).fetchone()
        assert text is not None
        unscoped = str(text[0]).replace("ocgmap_find_reports", "bench_find_reports")
        unscoped = unscoped.replace("t.access_class_id = any (held)", "true")
        unscoped = unscoped.replace("held is null or ", "")
        link.execute(unscoped.encode())
        link.execute("grant execute on function bench_find_reports to ocgmap_worker")
    found = []
    with ExitStack() as stack:
        locked, open_ = (_link(stack, login) for login in ("WEB", "WORKER"))
        _see(locked, classes)
        for name, numbers in FREQUENT.items():
            words = [f"zword{number}" for number in numbers]
            tasks = {
                "scoped": _search(locked, "ocgmap_find_reports", words),
                "unscoped": _search(open_, "bench_find_reports", words),
            }
            counts = {one: task() for one, task in tasks.items()}
            assert 0 < counts["scoped"] <= counts["unscoped"], counts
            seconds = interleave(tasks, SEARCHES)
            found.append(
                compare(
                    f"rls: full-text search of {name} words among all reports",
                    seconds["scoped"],
                    seconds["unscoped"],
                    what=("what a force sees, read again", "the same without classes"),
                    target=SEARCH_TARGET,
                )
            )
    return found


def class_rows(viewer: Viewer) -> list[Row]:
    """Return the row of setting a reader's classes against an empty transaction.

    Both go through the site's own connection, as every transaction of it does. One with
    no statement at all would never reach the server: psycopg begins it with the first.
    """

    def setting() -> None:
        with acting_for(viewer), transaction.atomic():
            pass

    def empty() -> None:
        with transaction.atomic():
            connection.connection.execute("select 1")

    with acting_as(system("bench")), transaction.atomic():
        number = AccessClass.objects.count()
    tasks = {"setting": setting, "empty": empty}
    interleave(tasks, WARM_UP_ROUNDS)
    seconds = interleave(tasks, 10 * ROUNDS)
    return [
        compare(
            f"classes: setting a reader's set of {number:,}",
            seconds["setting"],
            seconds["empty"],
            what=("a transaction that sets it", "an empty transaction"),
            target=CLASSES_TARGET,
        )
    ]


def _link(stack: ExitStack, login: str) -> Link:
    """Return a connection with a transaction open, as the site's are."""
    address = os.environ[f"DATABASE_{login}_URL"]
    return stack.enter_context(psycopg.connect(address, prepare_threshold=None))


def _see(link: Link, classes: list[int]) -> None:
    written = "{" + ",".join(map(str, classes)) + "}"
    link.execute("select set_config('ocgmap.classes', %s, true)", [written])


def _task(link: Link, text: str, values: Any) -> Callable[[], list[Any]]:
    return lambda: link.execute(text.encode(), values, prepare=False).fetchall()


def _search(link: Link, function: str, words: list[str]) -> Callable[[], int]:
    """Look for each word, and read again the rows of those that fit best."""
    find = f"select id from {function}(%s, {MOST})".encode()
    read = b"select id, text from intelligence_report where id = any(%s)"

    def look() -> int:
        number = 0
        for word in words:
            ids = [row[0] for row in link.execute(find, [word]).fetchall()]
            number += len(link.execute(read, [ids[:20]]).fetchall())
        return number

    return look


WHAT = {"reads": read_rows, "search": search_rows, "classes": class_rows}


def main() -> None:
    """Print the rows of what is named."""
    with acting_as(system("bench")), transaction.atomic():
        viewer = viewer_of(User.objects.get(email=READER))
    rows = WHAT[sys.argv[1]](viewer)
    print(json.dumps([row.as_json() for row in rows]))  # noqa: T201


if __name__ == "__main__":
    main()
