"""What moved between two days: compared naively, and with every reason."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access import acting_for
from accounts.models import OrganisationPlacement
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring import picture
from scoring.engine import INSUFFICIENT
from scoring.exceptions import UnknownFilter
from scoring.models import BandDecision, PictureLine
from scoring.outbox import DrainResult
from scoring.picture import MoveKind, Movement, PictureFilters, Reason
from tests.factories.scoring import ATTRIBUTES, DAY, World, today

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]
COMPARED = ("computed_band", "confirmed_band", "tier")


def moved(viewer: Viewer, scope: str = "national", **more: Any) -> Movement:
    with acting_for(viewer, route="test"):
        return picture.movement(viewer, picture.parse_scope(scope), **more)


def why(viewer: Viewer, found: Movement) -> dict[int, Reason]:
    with acting_for(viewer, route="test"):
        return picture.reasons_of(viewer, found, found.moves)


def kinds(found: Movement) -> dict[int, set[MoveKind]]:
    return {move.group_id: set(move.kinds) for move in found.moves}


def naive(
    viewer: Viewer, scope: str, since: datetime.date, at: datetime.date | None
) -> dict[int, set[MoveKind]]:
    """Compare the lists of the two days in a loop, as one would write it first."""
    with acting_for(viewer, route="test"):
        place = picture.parse_scope(scope)
        before, after = (
            {
                one.group_id: one
                for one in picture.lines(viewer, place, day).select_related(
                    "assessment"
                )
            }
            for day in (since, at)
        )
        anything = PictureFilters(state="any", status="any")
        rests = dict(
            picture.lines(viewer, picture.NATIONAL, at, anything).values_list(
                "group_id", "activity_status"
            )
        )
    found: dict[int, set[MoveKind]] = {}
    for group_id in before.keys() | after.keys():
        then, now = before.get(group_id), after.get(group_id)
        if then is None or now is None:
            found[group_id] = {MoveKind.NEW if then is None else MoveKind.GONE}
            rest = rests.get(group_id)
            if now is None and rest in (MoveKind.DORMANT, MoveKind.ARCHIVED):
                found[group_id].add(MoveKind(rest))
            continue
        own = {
            kind
            for name, kind in zip(
                COMPARED,
                [MoveKind.BAND, MoveKind.CONFIRMED, MoveKind.TIER],
                strict=True,
            )
            if getattr(then, name) != getattr(now, name)
        }
        if MoveKind.BAND not in own and then.assessment.value != now.assessment.value:
            own.add(MoveKind.POINTS)
        if own:
            found[group_id] = own
    return found


def age(days: int = 10) -> None:
    """Let all lines of now have begun so many days ago, with nothing before them."""
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    PictureLine.objects.update(valid_from=timezone.now() - days * DAY)


def claims(world: World, group: CrimeGroup, attributes: Sequence[str]) -> None:
    report = world.report(world.label())
    for attribute in attributes:
        world.claim(group, world.label(), "medium", attribute, report)


@pytest.fixture
def groups(world: World, drain: Drain) -> dict[str, CrimeGroup]:
    """Groups of ten days ago, and what became of each since: its name says it."""
    world.viewer("")
    names = (
        *("still", "band", "points", "confirmed", "tier", "dormant", "archived"),
        *("unmapped", "left", "came", "woke", "mapped"),
    )
    found = {
        name: world.group(
            world.label(),
            "west-yorkshire" if name == "came" else "durham",
            activity_status="dormant" if name == "woke" else "active",
            record_state="draft" if name == "mapped" else "mapped",
        )
        for name in names
    }
    for group in found.values():
        claims(world, group, ATTRIBUTES[:9])
    drain()
    age()
    change = CrimeGroup.objects.filter
    claims(world, found["band"], ATTRIBUTES[9:])
    worse = world.report(world.label())
    world.claim(found["points"], world.label(), "high", ATTRIBUTES[0], worse)
    world.decision(found["confirmed"], world.label(), "1a")
    change(pk=found["tier"].pk).update(tier="national")
    change(pk=found["dormant"].pk).update(activity_status="dormant")
    change(pk=found["archived"].pk).update(activity_status="archived")
    change(pk=found["unmapped"].pk).update(record_state="returned")
    change(pk=found["left"].pk).update(owner=world.organisation("west-yorkshire"))
    change(pk=found["came"].pk).update(owner=world.organisation("durham"))
    change(pk=found["woke"].pk).update(activity_status="active")
    change(pk=found["mapped"].pk).update(record_state="mapped")
    found["new"] = world.group(world.label())
    drain()
    return found


def named(
    groups: dict[str, CrimeGroup], found: dict[int, set[MoveKind]]
) -> dict[str, set[str]]:
    names = {group.pk: name for name, group in groups.items()}
    return {names[pk]: {str(kind) for kind in own} for pk, own in found.items()}


def test_every_way_of_moving_in_a_force(
    world: World, groups: dict[str, CrimeGroup]
) -> None:
    found = moved(world.viewer(""), "force:durham")
    assert named(groups, kinds(found)) == {
        "band": {"band"},
        "points": {"points"},
        "confirmed": {"confirmed"},
        "tier": {"tier"},
        "dormant": {"gone", "dormant"},
        "archived": {"gone", "archived"},
        "unmapped": {"gone"},
        "left": {"gone"},
        "came": {"new"},
        "woke": {"new"},
        "mapped": {"new"},
        "new": {"new"},
    }
    assert found.counts == {
        "new": 4,
        "gone": 4,
        "dormant": 1,
        "archived": 1,
        "band": 1,
        "confirmed": 1,
        "tier": 1,
        "points": 1,
    }


def test_a_transfer_within_the_nation_is_no_movement(
    world: World, groups: dict[str, CrimeGroup]
) -> None:
    found = named(groups, kinds(moved(world.viewer(""))))
    assert not {"left", "came", "still"} & found.keys()
    assert len(found) == 10


@pytest.mark.parametrize(
    "scope",
    ["national", "region:nerocu", "region:yhrocu", "force:durham", "region:none"],
)
def test_the_same_as_comparing_the_two_lists(
    world: World, groups: dict[str, CrimeGroup], scope: str
) -> None:
    viewer, since = world.viewer(""), today() - 7 * DAY
    assert kinds(moved(viewer, scope)) == naive(viewer, scope, since, None)


def test_between_two_days_gone_by(
    world: World, groups: dict[str, CrimeGroup], drain: Drain
) -> None:
    viewer = world.viewer("")
    with time_machine.travel(timezone.now() + 5 * DAY, tick=True):
        CrimeGroup.objects.filter(pk=groups["still"].pk).update(tier="regional")
        PictureLine.objects.filter(group=groups["still"]).update(
            valid_to=timezone.now() - DAY
        )
        since, at = today() - 12 * DAY, today() - 3 * DAY
        then = moved(viewer, "force:durham", since=since, at=at)
        assert kinds(then) == naive(viewer, "force:durham", since, at)
        assert groups["still"].pk not in kinds(then)
        assert len(then.moves) == 12
        later = moved(viewer, "force:durham", since=at)
        assert named(groups, kinds(later)) == {"still": {"gone"}}
        assert kinds(later) == naive(viewer, "force:durham", at, None)


def test_new_less_gone_is_the_difference_of_the_figures(
    world: World, groups: dict[str, CrimeGroup]
) -> None:
    viewer = world.viewer("")
    for scope in ("national", "region:nerocu", "force:west-yorkshire"):
        with acting_for(viewer, route="test"):
            place = picture.parse_scope(scope)
            before = picture.read(viewer, place, today() - 7 * DAY).groups
            after = picture.read(viewer, place).groups
        counts = moved(viewer, scope).counts
        assert counts[MoveKind.NEW] - counts[MoveKind.GONE] == after - before


def test_reasons_say_what_became_of_a_group(
    world: World, groups: dict[str, CrimeGroup]
) -> None:
    viewer = world.viewer("")
    found = moved(viewer, "force:durham")
    reasons = {
        name: reason
        for name, group in groups.items()
        if (reason := why(viewer, found).get(group.pk))
    }
    assert reasons["dormant"].went_by == "Activity status now dormant"
    assert reasons["archived"].went_by == "Activity status now archived"
    assert reasons["unmapped"].went_by == "Record state now returned"
    assert reasons["left"].went_by == "Moved to West Yorkshire"
    assert reasons["came"].came_by == "Came from West Yorkshire"
    assert reasons["woke"].came_by == "Activity status was dormant"
    assert reasons["mapped"].came_by == "Record state was draft"
    assert reasons["new"].came_by == "First scored since"


def test_reasons_name_the_attributes_and_reports(world: World, drain: Drain) -> None:
    viewer, group = world.viewer(""), world.group(world.label())
    old = world.report(world.label())
    for attribute in ATTRIBUTES[:9]:
        world.claim(group, world.label(), "low", attribute, old)
    drain()
    age()
    new = world.report(world.label())
    world.claim(group, world.label(), "high", ATTRIBUTES[1], new)
    world.judgement(group, world.label(), "medium", ATTRIBUTES[2], cites=[new])
    drain()
    found = moved(viewer)
    [reason] = why(viewer, found).values()
    changes = {one.title: one for one in reason.changes}
    assert len(changes) == 2
    by_claim = next(one for one in changes.values() if one.judgement is None)
    assert (by_claim.level_before, by_claim.level_after) == ("low", "high")
    assert by_claim.points_after > by_claim.points_before
    assert (by_claim.added, by_claim.dropped) == ([new], [old])
    judged = next(one for one in changes.values() if one.judgement is not None)
    assert judged.level_after == "medium"
    assert judged.added == [new]


def test_evidence_that_is_hidden_now_is_not_named(world: World, drain: Drain) -> None:
    """The line of then keeps its label; its report was locked away since."""
    viewer, group = world.viewer(""), world.group(world.label())
    claims(world, group, ATTRIBUTES[:9])
    drain()
    age()
    secret = world.report(world.label())
    claim = world.claim(group, world.label(), "high", ATTRIBUTES[0], secret)
    drain()
    found = moved(viewer)
    assert [r for c in why(viewer, found)[group.pk].changes for r in c.added] == [
        secret
    ]
    hidden = world.class_id(world.label("z"))
    type(claim).objects.filter(pk=claim.pk).update(access_class_id=hidden)
    type(secret).objects.filter(pk=secret.pk).update(access_class_id=hidden)
    reasons = why(viewer, found)
    assert not [r for c in reasons[group.pk].changes for r in c.added]


def test_hidden_movement_moves_nothing(world: World, drain: Drain) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    secret = world.group(world.label("a"))
    claims(world, group, ATTRIBUTES[:9])
    drain()
    age()
    report = world.report(world.label("a"))
    for attribute in ATTRIBUTES:
        world.claim(group, world.label("a"), "high", attribute, report)
    CrimeGroup.objects.filter(pk=secret.pk).update(tier="national")
    drain()
    assert kinds(moved(knows)).keys() == {group.pk, secret.pk}
    assert moved(knows_not).moves == []


def test_a_group_hidden_since_is_no_movement_and_no_figure_of_then(
    world: World, drain: Drain
) -> None:
    viewer, group = world.viewer(""), world.group(world.label())
    drain()
    age()
    CrimeGroup.objects.filter(pk=group.pk).update(
        access_class_id=world.class_id(world.label("z"))
    )
    drain()
    day = today() - 7 * DAY
    assert moved(viewer).moves == []
    with acting_for(viewer, route="test"):
        assert picture.read(viewer, picture.NATIONAL, day).groups == 0
        assert not picture.lines(viewer, picture.NATIONAL, day).exists()


def test_an_owner_that_changed_region_takes_its_groups_along(
    world: World, drain: Drain
) -> None:
    viewer, group = world.viewer(""), world.group(world.label())
    drain()
    age()
    placed = OrganisationPlacement.objects.filter(organisation__code="durham")
    placed.filter(to_on__isnull=True).update(to_on=today() - 3 * DAY)
    OrganisationPlacement.objects.create(
        organisation=world.organisation("durham"),
        parent=world.organisation("yhrocu"),
        from_on=today() - 3 * DAY,
    )
    left, joined = moved(viewer, "region:nerocu"), moved(viewer, "region:yhrocu")
    assert kinds(left) == {group.pk: {MoveKind.GONE}}
    assert kinds(joined) == {group.pk: {MoveKind.NEW}}
    assert why(viewer, left)[group.pk].went_by == "Its owner left the region"
    assert why(viewer, joined)[group.pk].came_by == "Its owner joined the region"
    assert moved(viewer).moves == []


def test_a_line_begun_anew_that_says_the_same_is_no_movement(
    world: World, drain: Drain
) -> None:
    viewer, group = world.viewer(""), world.group(world.label())
    drain()
    age()
    world.member(group, world.label())
    drain()
    assert PictureLine.objects.filter(valid_to__isnull=False).exists()
    assert moved(viewer).moves == []


@pytest.mark.parametrize("days", [0, -1])
def test_since_must_be_earlier(world: World, days: int) -> None:
    with pytest.raises(UnknownFilter) as caught:
        moved(world.viewer(""), since=today() - days * DAY)
    assert caught.value.field in {"since", "at"}


def test_a_confirmed_band_may_lapse(world: World, drain: Drain) -> None:
    viewer, group = world.viewer(""), world.group(world.label())
    world.decision(group, world.label(), INSUFFICIENT, expires_on=today() + DAY)
    drain()
    age()
    BandDecision.objects.update(expires_on=today())
    drain()
    assert kinds(moved(viewer)) == {group.pk: {MoveKind.CONFIRMED}}
