"""Killed at any moment, the next run goes on; the nation comes out the same."""

import hashlib
import os
import signal
import subprocess
import sys
import time

import pytest

from ocgmap.bootstrap.paths import ROOT
from scoring.demonstration.nation.planning import TABLES, Kind
from tests.integration.nation.conftest import Open, Seeded
from tests.scratch import MANAGE

SCALE, SEED = 0.05, 3
STEPS = 9  # the register, seven of groups, and the counts of what came
WORDS = ("seed_nation", "--scale", str(SCALE), "--seed", str(SEED))
STOOD = """
select count(distinct (detail ->> 'step')::int) from accounts_auditevent
where object_type = 'scoring.DemonstrationNation'
"""
# By words that are the same in every database, since ids are not.
NAMED = {
    Kind.ORGANISATION: "(select code from accounts_organisation where id = r.{column})",
    Kind.LABEL: "(select array(select t.code from accounts_tag t where t.id = "
    "any(c.requires) order by 1) from accounts_accessclass c where c.id = r.{column})",
    Kind.USER: "(select email from accounts_user where id = r.{column})",
    Kind.THREAT: "(select code from groups_threattype where id = r.{column})",
    Kind.OFFENCE: "(select code from groups_offence where id = r.{column})",
    Kind.SCHEME: "(select name from scoring_schemeversion where id = r.{column})",
    Kind.RETURN: "(select public_id from intelligence_return where id = r.{column})",
}
LINES = """
select g.public_id, s.name, l.rank, l.computed_band, l.confirmed_band, l.memberships,
       l.unknown_count, l.unjudged_count, a.value, a.low, a.high, l.valid_to is null
from scoring_pictureline l join scoring_assessment a on a.id = l.assessment_id
join groups_crimegroup g on g.id = l.group_id
join scoring_schemeversion s on s.id = l.scheme_version_id
where g.owner_reference like '%%/OCG/%%' and s.is_primary order by 1, 2, 3, 4, 5, 6, 7, 8,
      9, 10, 11, 12
"""


def statement(name: str) -> str:
    columns = [
        NAMED[kind].format(column=column)
        if kind in NAMED
        else (
            f"(select public_id from {kind} where id = r.{column})" if kind else column
        )
        for column, kind in TABLES[name].columns
    ]
    # What was made by hand has random ids; the nation's rows come from the seed.
    return (
        f"select {', '.join(columns)} from {name} r "
        "where created_by_id is null or created_by_id in (select id from accounts_user "
        "where email like '%%@nation.example') order by r.public_id"
    )


def digest(seeded: Seeded) -> dict[str, tuple[int, str]]:
    """Return the number of rows of each table and a digest of all they say."""
    found = {}
    for name in TABLES:
        rows = seeded.rows(statement(name))
        found[name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    rows = seeded.rows(LINES)
    found["lines"] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def start(seeded: Seeded) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, MANAGE, *WORDS],
        cwd=ROOT,
        env={**seeded.env, "OCGMAP_PROCESS": "worker"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[bytes]) -> str:
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()
    return said.decode()


def wait_until_stood(seeded: Seeded, steps: int) -> None:
    deadline = time.monotonic() + 300
    while seeded.value(STOOD) < steps:
        assert time.monotonic() < deadline, "the seeding does not move"
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="module")
def uninterrupted(open_database: Open) -> Seeded:
    seeded = open_database()
    finish(start(seeded))
    return seeded


def test_the_whole_stands_after_one_run(uninterrupted: Seeded) -> None:
    assert uninterrupted.value(STOOD) == STEPS
    assert digest(uninterrupted)["groups_crimegroup"][0] == 250


def test_killed_three_times_it_comes_out_the_same(
    uninterrupted: Seeded, open_database: Open
) -> None:
    seeded = open_database()
    for steps in (1, 3, 6):
        process = start(seeded)
        wait_until_stood(seeded, steps)
        kill(process)
        assert steps <= seeded.value(STOOD) < STEPS
    finish(start(seeded))
    assert digest(seeded) == digest(uninterrupted)
    assert seeded.value("select count(*) from scoring_outbox") == 0


def test_two_at_once_double_nothing(uninterrupted: Seeded, open_database: Open) -> None:
    seeded = open_database()
    # The records made by hand are not made for two at once.
    seeded.manage("seed_demo")
    both = [start(seeded), start(seeded)]
    for process in both:
        finish(process)
    assert seeded.value(STOOD) == STEPS
    assert digest(seeded) == digest(uninterrupted)


def test_a_second_run_writes_nothing(uninterrupted: Seeded) -> None:
    before = digest(uninterrupted)
    events = uninterrupted.value("select count(*) from accounts_auditevent")
    said = finish(start(uninterrupted))
    assert "is here already: 250 groups" in said
    assert digest(uninterrupted) == before
    assert uninterrupted.value("select count(*) from accounts_auditevent") == events


def test_another_scale_leaves_what_is_here(uninterrupted: Seeded) -> None:
    before = digest(uninterrupted)
    uninterrupted.manage("seed_nation", "--scale", "0.1", "--seed", str(SEED))
    assert digest(uninterrupted) == before
