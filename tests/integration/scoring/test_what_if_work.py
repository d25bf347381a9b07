"""The work of a comparison: by rights as they are, once only, whatever dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from accounts.access import acting_for, viewer_of
from accounts.models import TagHolder, User
from accounts.roles import Role
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim
from scoring import outbox
from scoring.actions import what_if_work, what_ifs
from scoring.models import PictureLine, WhatIf, WhatIfResult
from scoring.picture.what_if import outcome
from tests.comparing import (
    asked_by,
    group_with,
    officer,
    proposed,
    seen_by,
    work_off,
)
from tests.factories.scoring import World, as_worker

PATIENCE_SECONDS = 60.0
db = pytest.mark.django_db


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if_work, "PART_GROUPS", 1)


@db
@pytest.mark.leak
def test_rights_that_went_meanwhile_begin_it_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one(monkeypatch)
    user = officer(world, "a")
    first, second = group_with(world, "", "a"), group_with(world, "", "a")
    asked = asked_by(user, proposed(tmp_path))
    assert what_if_work.step()
    assert seen_by(user, asked) == {first.pk: ("4c", "2c")}
    TagHolder.objects.filter(user=user).delete()
    # What was found is hidden at once, and then found anew.
    assert seen_by(user, asked) == {}
    work_off()
    assert seen_by(user, asked) == {first.pk: ("5c", "5c"), second.pk: ("5c", "5c")}
    assert WhatIfResult.objects.count() == 2


@db
@pytest.mark.leak
def test_what_is_raised_later_is_hidden_from_the_result(
    world: World, tmp_path: Path
) -> None:
    user = officer(world)
    group, other = group_with(world, ""), group_with(world, "")
    asked = asked_by(user, proposed(tmp_path))
    work_off()
    CrimeGroup.objects.filter(pk=group.pk).update(
        access_class_id=world.class_id(world.label("a"))
    )
    assert set(seen_by(user, asked)) == {other.pk}
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        assert outcome(viewer, asked).all.groups == 1
        # And its person can still take it away whole.
        what_ifs.remove(by=viewer, asked=asked)
    assert not WhatIfResult.objects.exists()


@db
@pytest.mark.leak
def test_hidden_evidence_moves_no_result(world: World, tmp_path: Path) -> None:
    user = officer(world)
    group = group_with(world, "")
    version = proposed(tmp_path)
    before = asked_by(user, version)
    work_off()
    world.claim(group, world.label("a"), "high", "expertise")
    world.group(world.label("a"))
    after = asked_by(user, version)
    work_off()
    assert seen_by(user, before) == seen_by(user, after)
    after.refresh_from_db()
    assert (after.total, after.done) == (1, 1)


@db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"is_active": False}, "needs the right", id="disabled"),
        pytest.param({"role": Role.PARTNER_READER}, "needs the right", id="role"),
        pytest.param({"organisation": "nerocu"}, "another organisation", id="moved"),
    ],
)
def test_the_account_is_judged_as_it_stands_when_it_runs(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
    said: str,
) -> None:
    one_by_one(monkeypatch)
    user = officer(world)
    group_with(world, "")
    group_with(world, "")
    asked = asked_by(user, proposed(tmp_path))
    what_if_work.step()
    if "organisation" in change:
        change = {"organisation": world.organisation("nerocu")}
    User.objects.filter(pk=user.pk).update(**change)
    work_off()
    asked.refresh_from_db()
    assert (asked.state, asked.done) == ("stopped", 1)
    assert said in asked.state_reason


@db
def test_a_fault_of_the_program_stops_it_and_it_can_go_on(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = officer(world)
    group_with(world, "")
    asked = asked_by(user, proposed(tmp_path))
    with monkeypatch.context() as broken:
        broken.setattr(what_if_work, "compared", lambda *_: 1 / 0)
        work_off()
    asked.refresh_from_db()
    assert (asked.state, asked.failures) == ("stopped", what_if_work.MOST_FAILURES)
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        what_ifs.carry_on(by=viewer, asked=asked)
    work_off()
    assert len(seen_by(user, asked)) == 1


@db
def test_old_ones_are_taken_away(world: World, tmp_path: Path) -> None:
    asked = asked_by(officer(world), proposed(tmp_path))
    work_off()
    long_ago = f"created_at - interval '{what_if_work.KEPT_DAYS + 1} days'"
    with connection.cursor() as cursor:
        cursor.execute(f"update scoring_whatif set created_at = {long_ago}")
    work_off()
    assert not WhatIf.objects.filter(pk=asked.pk).exists()
    assert not WhatIfResult.objects.exists()


@db
def test_no_old_line_and_no_claim_is_touched(world: World, tmp_path: Path) -> None:
    group_with(world, "")
    outbox.drain_until_empty(seconds=60)
    before = list(PictureLine.objects.order_by("id").values_list())
    claims = AttributeClaim.objects.count()
    asked_by(officer(world), proposed(tmp_path))
    work_off()
    assert list(PictureLine.objects.order_by("id").values_list()) == before
    assert AttributeClaim.objects.count() == claims


_WORKER = """
import django, sys, time
django.setup()
from scoring.actions import what_if_work
what_if_work.PART_GROUPS = 1
work, pause = what_if_work._note, float(sys.argv[1])
def note(*given, **columns):
    work(*given, **columns)
    time.sleep(pause)
what_if_work._note = note
while what_if_work.step():
    pass
"""


def worker(pause: float) -> subprocess.Popen[bytes]:
    url = urlsplit(os.environ["DATABASE_WORKER_URL"])
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(pause)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
            "DATABASE_WORKER_URL": url._replace(path=f"/{name}").geturl(),
        },
    )


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with as_worker(), transaction.atomic():
            if happened():
                return
        time.sleep(0.02)
    pytest.fail("it did not happen in time")


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_doubles_nothing_and_the_next_goes_on(tmp_path: Path) -> None:
    with as_worker(), transaction.atomic():
        world = World()
        user = officer(world)
        groups = [group_with(world, "").pk for _ in range(6)]
        asked = asked_by(user, proposed(tmp_path))
    done = 0
    for _ in range(2):
        process = worker(pause=0.1)
        wait_for(lambda: WhatIf.objects.get().done > done)  # noqa: B023
        process.send_signal(signal.SIGKILL)
        process.wait()
        with as_worker(), transaction.atomic():
            done = WhatIf.objects.get().done
            assert WhatIfResult.objects.count() == done < len(groups)
    assert worker(pause=0.0).wait(PATIENCE_SECONDS) == 0
    with as_worker(), transaction.atomic():
        asked.refresh_from_db()
        assert (asked.state, asked.total, asked.done) == ("done", 6, 6)
        assert sorted(seen_by(user, asked)) == groups
