"""What if: of what each person sees, as they stand when it runs, and once only."""

from pathlib import Path

import pytest

from accounts.access import acting_for, viewer_of
from accounts.exceptions import RightMissing
from accounts.models import AuditEvent
from accounts.roles import Role
from ocgmap.common.errors import NotFound
from scoring import outbox
from scoring.actions import schemes, what_ifs
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.engine.comparison import steps_between
from scoring.exceptions import AlreadyComparing, NotComparable
from scoring.models import PictureLine, SchemeVersion, WhatIf, WhatIfResult
from scoring.picture.what_if import Move, ResultFilters, outcome, results
from tests.comparing import (
    asked_by,
    group_with,
    officer,
    proposed,
    seen_by,
    work_off,
)
from tests.factories.scoring import DRUGS, World, primary

db = pytest.mark.django_db


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
    asked_id = asked.pk
    with pytest.raises(AlreadyComparing):
        asked_by(user, version)
    work_off()
    with acting_for(viewer, route="test"):
        what_ifs.remove(by=viewer, asked=asked)
    assert not WhatIf.objects.exists()
    assert not WhatIfResult.objects.exists()
    kinds = AuditEvent.objects.filter(
        object_type="scoring.WhatIf", object_ids=[asked_id]
    ).order_by("id")
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


def test_steps_are_counted_by_the_order_of_bands() -> None:
    bands = PRIMARY.bands()
    assert steps_between(bands[-1], bands[0], PRIMARY) == len(bands) - 1
    assert steps_between("3b", "3b", PRIMARY) == 0
    assert steps_between("3b", INSUFFICIENT, PRIMARY) == 0
    assert steps_between("3a", "3b", PRIMARY) == -1
