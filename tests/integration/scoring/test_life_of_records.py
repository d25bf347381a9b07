"""What happens to records moves the picture at once, and never the past."""

import datetime
from collections.abc import Callable

import pytest

from accounts.roles import Role
from accounts.visibility import Viewer
from groups.actions import facts, groups, transfers
from groups.models import CrimeGroup, GroupThreat, Membership
from scoring import outbox, picture
from scoring.models import PictureLine
from scoring.outbox import DrainResult
from scoring.reconciling import reconcile
from tests.cast import As, MakeUser
from tests.factories.scoring import World, as_worker, today
from tests.integration.scoring.conftest import Read

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
Drain = Callable[[], DrainResult]
DAY = datetime.timedelta(days=1)


def region_label(world: World) -> object:
    from_region = world.organisation("nerocu")
    [tag] = from_region.tags.filter(code="region:nerocu")
    return type(world.label())(frozenset({tag.pk}), 1)


def test_withdrawn_facts_are_in_no_figure(
    world: World, drain: Drain, acting: As, viewer: Find, read: Read
) -> None:
    by = viewer("owner_analyst")
    group = world.group(world.label())
    members = [world.member(group, world.label()) for _ in range(3)]
    threat = world.threat(group, world.label(), "illegal-drugs")
    drain()
    before = read(by)
    assert (before.memberships, before.threats["illegal-drugs"]) == (3, 1)
    with acting("owner_analyst"):
        facts.withdraw(by=by, fact=members[0], version=1, reason="His brother")
        facts.withdraw(by=by, fact=threat, version=1, reason="Never seen")
    drain()
    after = read(by)
    assert after.memberships == 2
    assert after.threats.get("illegal-drugs", 0) == 0
    assert after.groups == 1
    with as_worker():
        assert reconcile().differences == []
        assert Membership.objects.count() == 3
        assert GroupThreat.objects.count() == 1
        [line] = PictureLine.objects.at(None).filter(
            group=group, scheme_version__is_primary=True
        )
        assert (line.memberships, line.predominant_threat_id) == (2, None)
        # Planted: a line that counts the withdrawn member is found.
        PictureLine.objects.filter(pk=line.pk).update(memberships=3)
        [fault] = reconcile().differences
        assert "memberships" in str(fault)


def test_a_transfer_moves_the_picture_from_that_moment_on(
    world: World,
    drain: Drain,
    acting: As,
    viewer: Find,
    make_user: MakeUser,
    read: Read,
) -> None:
    make_user("north", "northumbria", Role.FORCE_SUPERVISOR)
    by, north, nca = viewer("owner_analyst"), viewer("north"), viewer("nca_officer")
    group = world.group(region_label(world))  # type: ignore[arg-type]
    drain()
    yesterday = today() - DAY
    with as_worker():
        midnight = datetime.datetime.combine(
            yesterday, datetime.time(3), tzinfo=datetime.UTC
        )
        PictureLine.objects.filter(group=group).update(valid_from=midnight)

    def owned(**at: datetime.date) -> tuple[int, int]:
        return (
            read(nca, "force:durham", **at).groups,
            read(nca, "force:northumbria", **at).groups,
        )

    assert owned() == (1, 0)
    with acting("owner_analyst"):
        transfer = transfers.propose(
            by=by,
            group=group,
            receiver=world.organisation("northumbria"),
            reason="They moved",
        )
    drain()
    assert owned() == (1, 0)
    with acting("north"):
        transfers.accept(by=north, transfer=transfer, version=1, reason="Agreed")
    drain()
    assert owned() == (0, 1)
    assert owned(at=yesterday) == (1, 0)
    assert read(nca).groups == read(nca, at=yesterday).groups == 1
    with as_worker():
        assert reconcile().differences == []


def test_resting_and_archived_groups_leave_the_headline_and_come_back(
    world: World, drain: Drain, acting: As, viewer: Find, read: Read
) -> None:
    by = viewer("owner_supervisor")
    group = world.group(world.label())
    drain()
    with acting("owner_supervisor"):
        group = CrimeGroup.objects.visible_to(by).select_related("owner").get()
    for status, shown in (
        ("dormant", 0),
        ("active", 1),
        ("archived", 0),
        ("active", 1),
    ):
        with acting("owner_supervisor"):
            group = groups.change_state(
                by=by,
                group=group,
                version=group.version,
                activity_status=status,
                review_on=today() + 30 * DAY,
                reason="Seen",
            )
        outbox.drain_until_empty(seconds=60)
        assert read(by).groups == shown, status
        with acting("owner_supervisor"):
            kept = picture.PictureFilters(status=status)
            assert picture.lines(by, picture.NATIONAL, None, kept).count() == 1
