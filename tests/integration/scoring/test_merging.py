"""A merged record's evidence counts with its survivor, for whoever sees it, and back."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import acting_for
from groups.models import CrimeGroup, GroupThreat, Membership
from intelligence.models import AttributeClaim, Report
from scoring import picture
from scoring.engine import PRIMARY
from scoring.filters import groups_with_newer_evidence
from scoring.models import Judgement, PictureLine
from scoring.outbox import DrainResult
from scoring.picture import NATIONAL
from scoring.reconciling import reconcile
from scoring.scores import foreseen, score_of
from tests.factories.scoring import ATTRIBUTES, DRUGS, World, primary

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]
OTHER = next(key for key in ATTRIBUTES if key not in {DRUGS, "expertise"})
SAYS = (
    "access_class__requires",
    "computed_band",
    "confirmed_band",
    "memberships",
    "principals",
    "predominant_threat_id",
    "unknown_count",
    "assessment__value",
    "assessment__facts_digest",
)


def told(group: CrimeGroup) -> list[tuple[Any, ...]]:
    """Return what the open lines of a group say under the primary scheme."""
    lines = PictureLine.objects.at(None).filter(group=group, scheme_version=primary())
    return list(lines.order_by("access_class_id").values_list(*SAYS))


def merge(group: CrimeGroup, into: CrimeGroup | None) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(merged_into=into)


@pytest.fixture
def pair(world: World, drain: Drain) -> tuple[CrimeGroup, CrimeGroup]:
    """A survivor that all see, and a group that holders of tag a see besides."""
    world.reader("")
    world.reader("a")
    survivor, group = world.group(world.label()), world.group(world.label("a"))
    world.claim(survivor, world.label(), "low")
    world.claim(group, world.label("a"), "high")
    world.judgement(survivor, world.label(), "low", "expertise")
    world.judgement(group, world.label("a"), "high", "expertise")
    world.judgement(group, world.label("a"), "medium", OTHER)
    world.member(survivor, world.label())
    world.member(group, world.label("a"))
    world.member(group, world.label("a"), standing="principal")
    world.threat(survivor, world.label())
    world.decision(group, world.label("a"))
    drain()
    return survivor, group


def clean() -> None:
    outcome = reconcile()
    assert not outcome.pending
    assert outcome.differences == []


def test_merge_and_split_leave_all_as_it_was(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    before = told(survivor), told(group)
    merge(group, survivor)
    drain()
    clean()
    assert not told(group)
    [everyone], [holder] = (
        [line for line in told(survivor) if bool(line[0]) is sees]
        for sees in (False, True)
    )
    assert everyone == before[0][0]
    assert holder[3:5] == (3, 1)
    assert holder[2] == "", "a decision on the merged group's band is about it alone"
    assert holder[5] == everyone[5], "its own threat leads"
    assert holder[7] > everyone[7]
    merge(group, None)
    drain()
    clean()
    assert (told(survivor), told(group)) == before


def test_own_judgements_come_first(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    merge(group, survivor)
    drain()
    viewer = world.viewer("a")
    with acting_for(viewer, route="test"):
        read = {
            one.attribute: one.level
            for one in score_of(viewer, survivor, PRIMARY).result.reading.entries
        }
    assert (read["expertise"], read[OTHER]) == ("low", "medium")
    assert read[DRUGS] == "high"


def change_claim(group: CrimeGroup) -> None:
    Report.objects.filter(claims__group=group).update(state="withdrawn")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change_claim, id="a report is withdrawn"),
        pytest.param(
            lambda group: Membership.objects.filter(group=group).update(
                to_on="2020-1-1"
            ),
            id="memberships end",
        ),
        pytest.param(
            lambda group: CrimeGroup.objects.filter(pk=group.pk).update(
                access_class_id=World().class_id(World().label("ab"))
            ),
            id="its label is raised",
        ),
    ],
)
def test_what_changes_on_the_merged_group_changes_the_survivor(
    drain: Drain,
    pair: tuple[CrimeGroup, CrimeGroup],
    change: Callable[[CrimeGroup], Any],
) -> None:
    survivor, group = pair
    merge(group, survivor)
    drain()
    before = told(survivor)
    change(group)
    drain()
    clean()
    assert told(survivor) != before


def test_a_raised_label_of_the_merged_group_closes_lines_at_once(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    merge(group, survivor)
    drain()
    assert len(told(survivor)) == 2
    raised = world.class_id(world.label("ab"))
    CrimeGroup.objects.filter(pk=group.pk).update(access_class_id=raised)
    assert len(told(survivor)) == 1


def test_what_was_merged_before_goes_on_with_it(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    third = world.group(world.label())
    world.member(third, world.label())
    merge(third, group)
    merge(group, survivor)
    third.refresh_from_db()
    assert third.merged_into_id == survivor.pk
    drain()
    clean()
    assert [line[3] for line in told(survivor)] in ([2, 4], [4, 2])


def test_the_list_behind_a_number_holds_what_it_counts(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    merge(group, survivor)
    drain()
    for letters, expected in (("", 1), ("a", 3)):
        viewer = world.viewer(letters)
        with acting_for(viewer, route="test"):
            listed = picture.members(viewer, NATIONAL).count()
            counted = sum(line.memberships for line in picture.lines(viewer, NATIONAL))
            assert listed == counted == expected


def test_what_is_foreseen_comes_true(
    world: World, drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]
) -> None:
    survivor, group = pair
    viewer = world.viewer("a")

    def saw(*, is_split: bool) -> dict[tuple[int, bool], tuple[int, int]]:
        with acting_for(viewer, route="test"):
            found = foreseen(viewer, group, survivor, is_split=is_split)
        return {
            (one.group.pk, one.is_after): (one.value, one.standing.memberships)
            for one in found
        }

    ahead = saw(is_split=False)
    assert (group.pk, True) not in ahead
    merge(group, survivor)
    drain()
    [line] = [line for line in told(survivor) if line[0]]
    assert ahead[survivor.pk, True] == (line[7], line[3])
    back = saw(is_split=True)
    assert back[survivor.pk, False] == ahead[survivor.pk, True]
    for one in pair:
        assert back[one.pk, True] == ahead[one.pk, False]


def test_past_figures_stay(drain: Drain, pair: tuple[CrimeGroup, CrimeGroup]) -> None:
    survivor, group = pair
    moment = datetime.timedelta(days=2)
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    for line in PictureLine.objects.all():
        PictureLine.objects.filter(pk=line.pk).update(
            valid_from=line.valid_from - moment
        )
    [first, *_] = PictureLine.objects.filter(group=group)
    then = first.valid_from + moment / 2

    def read() -> list[tuple[Any, ...]]:
        rows = PictureLine.objects.at(then).filter(scheme_version=primary())
        return list(rows.order_by("group_id", "access_class_id").values_list(*SAYS))

    before = read()
    assert len(before) == 2
    merge(group, survivor)
    drain()
    assert read() == before
    assert GroupThreat.objects.filter(group=survivor).exists()


def test_a_later_report_on_a_merged_record_asks_for_a_new_judgement(
    pair: tuple[CrimeGroup, CrimeGroup], world: World
) -> None:
    survivor, group = pair
    world.claim(group, world.label("a"), "high", "expertise")
    assert survivor.pk not in newer_for(world, "a")
    merge(group, survivor)
    assert survivor.pk in newer_for(world, "a")
    assert survivor.pk not in newer_for(world, "")
    world.judgement(survivor, world.label(), "high", "expertise")
    assert survivor.pk not in newer_for(world, "a")


def test_a_report_that_came_by_a_later_merge_asks_for_a_new_judgement(
    world: World,
) -> None:
    """Reported in January, the survivor judged in March, merged in June."""
    ago = {days: timezone.now() - datetime.timedelta(days=days) for days in (5, 9)}
    world.reader("")
    survivor, group = world.group(world.label()), world.group(world.label())
    report = world.report(world.label(), created_at=ago[9])
    AttributeClaim.objects.create(
        owner=world.organisation(),
        report=report,
        group=group,
        attribute=DRUGS,
        level="high",
        access_class_id=world.class_id(world.label()),
        created_at=ago[9],
    )
    judgement = world.judgement(survivor, world.label(), "low", decided_at=ago[5])
    assert survivor.pk not in newer_for(world, "")
    merge(group, survivor)
    assert survivor.pk in newer_for(world, "")
    soon = timezone.now() + datetime.timedelta(days=1)
    Judgement.objects.filter(pk=judgement.pk).update(decided_at=soon)
    assert survivor.pk not in newer_for(world, ""), "judged after the merge"
    Judgement.objects.filter(pk=judgement.pk).update(decided_at=ago[5])
    merge(group, None)
    assert survivor.pk not in newer_for(world, "")


def newer_for(world: World, letters: str) -> set[int]:
    by = world.viewer(letters)
    with acting_for(by, route="test"):
        return set(groups_with_newer_evidence(by).values_list("group_id", flat=True))
