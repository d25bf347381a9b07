"""`pages`: the server's time for every page and list at ten times the data, against once.

Two made-up nations side by side; each address is asked in both by turns, by a process
of its own for each. What comes back must be built alike. The national dashboard reads
one line a group, so it may grow with them: `picture` holds it to its rows, as `movement`
does what moved.
"""

import json
import subprocess
import sys
from typing import Any

import psycopg

from ocgmap.bootstrap.console import say, step
from ocgmap.bootstrap.paths import ROOT
from tests.bench.nation import FIRST_REFERENCE, Size, found
from tests.bench.rows import Row, compare, interleave
from tests.scratch import (
    MANAGE,
    Databases,
    address_in,
    environment_for,
    make_bare,
    run_python,
)

# A force has enough groups in the smaller nation to fill a page of any list.
ONCE, TENFOLD = Size(1_000, reports_each=4), Size(10_000, reports_each=4)
ROUNDS, WARM_UP_ROUNDS = 12, 2
TARGET, NATIONAL_TARGET = 1.5, 10.0
# Their figures are read from one line or record of every group of the nation.
NATIONAL = {
    "scoring:dashboard/national",
    "scoring:group_links/national",
    "scoring:quality/national",
    "api:picture",
}
# A nation does not move as a whole within a week; one group in fifty did.
_AGE = """
update scoring_pictureline set valid_from = valid_from - interval '30 days'
where group_id % 50 <> 0
"""
# One report and one group wait, and the reviews of the first group's force are due, so that each page
# has something to show, and as much in either nation.
_TOUCH = (
    """
    update intelligence_report set state = 'awaiting'
    where public_id = md5('G-000000001 report 1')::uuid
    """,
    """
    update groups_crimegroup set record_state = 'submitted', submitted_at = now()
    where id = (
        select max(id) from groups_crimegroup where owner_id = (
            select owner_id from groups_crimegroup where reference = 'G-000000001'))
    """,
    """
    update groups_crimegroup set review_on = current_date - 1 - (id % 90)::int
    where owner_id = (
        select owner_id from groups_crimegroup where reference = 'G-000000001')
    """,
    """
    update groups_crimegroup set reference = %(reference)s
    where reference = 'G-000000001'
    """,
)


class Asked:
    """A process that asks one nation's site for addresses, one at a time."""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.asking"],
            cwd=ROOT,
            env={**environment_for(database), "OCGMAP_PROCESS": "worker"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.names: list[str] = self._answer()

    def ask(self, name: str) -> Any:
        """Ask for an address; return how the answer is built."""
        assert self.process.stdin
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        answer = self._answer()
        refusal = answer.get("refused") if isinstance(answer, dict) else None
        assert refusal is None, refusal
        return answer

    def _answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process that asks has ended: see its errors above")
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def run(databases: Databases) -> list[Row]:
    """Return a row for each address that both nations have something for."""
    once, tenfold = (_founded(databases, size) for size in (ONCE, TENFOLD))
    asked = Asked(once), Asked(tenfold)
    try:
        names = asked[0].names
        assert names == asked[1].names
        with step(f"Asking for {len(names)} addresses, {ROUNDS} times in each nation"):
            rows, refused = _rows(names, *asked)
    finally:
        for one in asked:
            one.close()
    if refused:
        raise AssertionError("\n".join(refused))
    return rows


def _rows(names: list[str], once: Asked, tenfold: Asked) -> tuple[list[Row], list[str]]:
    """Return the rows, and what was refused or built differently: the rest goes on."""
    rows, refused = [], []
    for name in names:
        try:
            rows.append(_row(name, once, tenfold))
            say(rows[-1].as_text())
        except AssertionError as fault:
            refused.append(f"{name}: {fault}")
            say(refused[-1])
    return rows, refused


def _founded(databases: Databases, size: Size) -> str:
    with step(f"Founding and scoring a nation of {size.groups:,} groups"):
        name = make_bare(databases)
        url = address_in("DATABASE_OWNER_URL", name)
        found(url, size)
        with psycopg.connect(url, autocommit=True) as link:
            for statement in _TOUCH:
                values = {"reference": FIRST_REFERENCE} if "%(" in statement else None
                assert link.execute(statement, values).rowcount
            run_python(MANAGE, "drain", env=environment_for(name), login="worker")
            link.execute(_AGE)
            link.execute("vacuum analyze")
    return name


def _row(name: str, once: Asked, tenfold: Asked) -> Row:
    built = once.ask(name), tenfold.ask(name)
    if built[0] != built[1]:
        say(f"{name}: {built[0]}\nagainst {built[1]}")
        raise AssertionError(f"{name} is built differently at ten times the data")
    tasks = {
        "tenfold": lambda: tenfold.ask(name),
        "once": lambda: once.ask(name),
    }
    interleave(tasks, WARM_UP_ROUNDS)
    seconds = interleave(tasks, ROUNDS)
    return compare(
        f"pages: {name}, at {TENFOLD.groups:,} groups against {ONCE.groups:,}",
        seconds["tenfold"],
        seconds["once"],
        what=(f"{TENFOLD.groups:,} groups", f"{ONCE.groups:,} groups"),
        target=NATIONAL_TARGET if name in NATIONAL else TARGET,
    )
