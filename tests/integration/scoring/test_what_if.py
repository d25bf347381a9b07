"""What if: of what each person sees, as they stand when it runs, and once only."""

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
from accounts.exceptions import RightMissing
from accounts.models import AuditEvent, TagHolder, User
from accounts.roles import Role
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim
from ocgmap.common.errors import NotFound
from scoring import outbox
from scoring.actions import schemes, what_if_work, what_ifs
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.engine.comparison import steps_between
from scoring.exceptions import AlreadyComparing, NotComparable
from scoring.models import PictureLine, SchemeVersion, WhatIf, WhatIfResult
from scoring.picture.what_if import Move, ResultFilters, outcome, results
from tests.factories.schemes import version_file, version_rows
from tests.factories.scoring import DRUGS, World, as_worker, primary

PATIENCE_SECONDS = 60.0
db = pytest.mark.django_db


def proposed(folder: Path) -> SchemeVersion:
    rows = version_rows(weights={DRUGS: 3})
    version, _ = schemes.load(content=Path(version_file(folder, rows)).read_bytes())
    return version


def judge_rest(world: World, group: CrimeGroup) -> None:
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            world.judgement(group, world.label(), "nil", attribute)


def group_with(world: World, *letters: str, owner: str = "durham") -> CrimeGroup:
    """Make a group known but for drugs, with a claim on these for each label."""
    group = world.group(world.label(), owner)
    judge_rest(world, group)
    for letter in letters:
        level = "high" if letter else "low"
        world.claim(group, world.label(letter), level, DRUGS)
    return group


def officer(world: World, letters: str = "") -> User:
    return world.reader(letters, organisation="nca", role=Role.NCA_OFFICER)


def asked_by(user: User, version: SchemeVersion) -> WhatIf:
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        return what_ifs.start(by=viewer, before=primary(), after=version)


def seen_by(user: User, asked: WhatIf) -> dict[int, tuple[str, str]]:
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        return {
            one.group_id: (one.band_before, one.band_after)
            for one in results(viewer, asked)
        }


def work_off() -> None:
    what_if_work.work(seconds=60)


@db
def test_each_gets_what_they_see_and_nobody_elses(world: World, tmp_path: Path) -> None:
    knows, knows_not = officer(world, "a"), officer(world)
    group = group_with(world, "", "a")
    hidden = world.group(world.label("a"))
    version = proposed(tmp_path)
    mine, theirs = asked_by(knows, version), asked_by(knows_not, version)
    work_off()
    assert seen_by(knows, mine) == {
        group.pk: ("4c", "2c"),
        hidden.pk: (INSUFFICIENT, INSUFFICIENT),
    }
    assert seen_by(knows_not, theirs) == {group.pk: ("5c", "5c")}
    # Another's comparison is not there, whatever its rows are labelled.
    assert seen_by(knows, theirs) == {}
    for user, other in ((knows, theirs), (knows_not, mine)):
        viewer = viewer_of(user)
        with acting_for(viewer, route="test"):
            assert not WhatIf.objects.filter(pk=other.pk).exists()
            assert not WhatIfResult.objects.filter(what_if=other).exists()
            with pytest.raises(NotFound):
                what_ifs.carry_on(by=viewer, asked=other)
            what_ifs.remove(by=viewer, asked=other)
    assert WhatIf.objects.count() == 2
    mine.refresh_from_db()
    assert (mine.state, mine.total, mine.done) == ("done", 2, 2)


@db
def test_bands_are_those_that_rescoring_gives(world: World, tmp_path: Path) -> None:
    user = officer(world, "a")
    groups = [
        group_with(world, *letters) for letters in ([], [""], ["a"], ["", "a"], ["b"])
    ]
    version = proposed(tmp_path)
    asked = asked_by(user, version)
    work_off()
    found = seen_by(user, asked)
    schemes.adopt(name=version.name, version=version.version, reason="Agreed")
    outbox.drain_until_empty(seconds=60)
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        lines = PictureLine.objects.visible_to(viewer).at(None)
        for place, one in enumerate((primary(), version)):
            own = lines.filter(scheme_version=one).order_by("group_id", "-rank")
            told = dict(
                own.distinct("group_id").values_list("group_id", "computed_band")
            )
            assert told == {group: bands[place] for group, bands in found.items()}
    assert len(found) == len(groups)
    assert len(set(found.values())) > 1


@db
def test_numbers_open_the_lists_that_they_count(world: World, tmp_path: Path) -> None:
    user = officer(world)
    for letters, owner in (
        ([""], "durham"),
        (["", ""], "cleveland"),
        ([], "cleveland"),
    ):
        group = group_with(world, *letters, owner=owner)
    world.claim(group, world.label(), "high", DRUGS)
    world.threat(group, world.label(), "illegal-drugs")
    version = proposed(tmp_path)
    asked = asked_by(user, version)
    work_off()
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        found = outcome(viewer, asked)

        def count(**said: str) -> int:
            return results(viewer, asked, ResultFilters(**said)).count()

        assert found.all.groups == count() == 3
        for move, number in found.all.moves.items():
            assert number == count(move=str(move)), move
        for (before, after), number in found.bands.items():
            assert number == count(before=before, after=after)
        for name, tallies in (("owner", found.owners), ("threat", found.threats)):
            assert sum(one.groups for one in tallies) == 3
            for one in tallies:
                assert one.groups == count(**{name: one.code})
                for move, number in one.moves.items():
                    assert number == count(**{name: one.code, "move": str(move)})
        assert found.all.moves[Move.GRAVER] == 1
        [furthest] = results(viewer, asked, ResultFilters(move="graver"))
        assert furthest.steps == steps_between("4c", "2c", PRIMARY) == 6
        assert furthest.changes == [[DRUGS, "high", 4, 12]]


@db
def test_only_mapped_active_groups_of_the_scope(world: World, tmp_path: Path) -> None:
    lead = world.reader("", organisation="nerocu", role=Role.ROCU_LEAD)
    mine = group_with(world)
    group_with(world, owner="west-yorkshire")
    world.group(world.label(), record_state="draft")
    world.group(world.label(), activity_status="dormant")
    asked = asked_by(lead, proposed(tmp_path))
    work_off()
    assert asked.scope == "region:nerocu"
    assert set(seen_by(lead, asked)) == {mine.pk}


@db
def test_who_may_not_and_what_is_no_question(world: World, tmp_path: Path) -> None:
    version = proposed(tmp_path)
    analyst, user = world.reader(""), officer(world)
    with pytest.raises(RightMissing):
        asked_by(analyst, version)
    viewer = viewer_of(user)
    sleipnir = SchemeVersion.objects.get(name="sleipnir-2000")
    with acting_for(viewer, route="test"):
        for after in (primary(), sleipnir):
            with pytest.raises(NotComparable):
                what_ifs.start(by=viewer, before=primary(), after=after)
    asked = asked_by(user, version)
    with pytest.raises(AlreadyComparing):
        asked_by(user, version)
    work_off()
    with acting_for(viewer, route="test"):
        what_ifs.remove(by=viewer, asked=asked)
    assert not WhatIf.objects.exists()
    assert not WhatIfResult.objects.exists()
    kinds = AuditEvent.objects.filter(object_type="scoring.WhatIf").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "collection",
        "combination",
        "erasure",
    ]


@db
def test_the_oldest_goes_when_there_are_many(world: World, tmp_path: Path) -> None:
    user, version = officer(world), proposed(tmp_path)
    first = asked_by(user, version)
    for _ in range(what_ifs.MOST_KEPT):
        work_off()
        asked_by(user, version)
    assert WhatIf.objects.count() == what_ifs.MOST_KEPT
    assert not WhatIf.objects.filter(pk=first.pk).exists()


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


def test_steps_are_counted_by_the_order_of_bands() -> None:
    bands = PRIMARY.bands()
    assert steps_between(bands[-1], bands[0], PRIMARY) == len(bands) - 1
    assert steps_between("3b", "3b", PRIMARY) == 0
    assert steps_between("3b", INSUFFICIENT, PRIMARY) == 0
    assert steps_between("3a", "3b", PRIMARY) == -1
