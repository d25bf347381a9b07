"""A change of who may see a group moves each reader's figures, and nobody else's."""

from collections.abc import Callable

import pytest

from accounts.models import Tag
from accounts.visibility import Label, Marking, Viewer
from groups.models import CrimeGroup
from intelligence.actions import own_only, sharing
from intelligence.models import SharingChange
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.outbox import DrainResult
from scoring.reconciling import reconcile
from tests.cast import As, MakeUser
from tests.factories.scoring import World, as_worker
from tests.integration.scoring.conftest import Read

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
Drain = Callable[[], DrainResult]


@pytest.fixture
def group(world: World, make_user: MakeUser) -> CrimeGroup:
    """A group of Durham's with two members, shared as is usual."""
    for who in ("owner_supervisor", "region_analyst", "nca_officer"):
        make_user(who)
    with as_worker():
        tag = Tag.objects.get(code="force:durham")
    usual = Label(frozenset({tag.pk}), Marking.OFFICIAL_SENSITIVE)
    made = world.group(usual)
    for _ in range(2):
        world.member(made, usual)
    return made


def changed(by: Viewer, group: CrimeGroup, to: str) -> SharingChange | None:
    group.refresh_from_db()
    return sharing.change(
        by=by, record=group, version=group.version, sharing=to, reason="Agreed"
    )


def test_a_reader_who_loses_sight_loses_the_figures(
    group: CrimeGroup, drain: Drain, acting: As, viewer: Find, read: Read
) -> None:
    own, nation = viewer("owner_analyst"), viewer("nca_officer")
    drain()
    assert (read(own).groups, read(nation).groups) == (1, 1)
    with acting("owner_analyst"):
        changed(own, group, "organisation")
    # At once, before any drain: the line that rested on it is closed.
    assert read(nation).groups == 0
    drain()
    assert (read(own).groups, read(own).memberships) == (1, 2)
    assert (read(nation).groups, read(nation).memberships) == (0, 0)
    with as_worker():
        assert reconcile().differences == []


def test_a_reader_who_gains_sight_gains_the_figures(
    group: CrimeGroup, drain: Drain, acting: As, viewer: Find, read: Read
) -> None:
    own, near = viewer("owner_analyst"), viewer("region_analyst")
    drain()
    assert read(near).groups == 0
    with acting("owner_analyst"):
        change = changed(own, group, "region")
        assert change
    drain()
    assert read(near).groups == 0
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        sharing.approve(by=boss, change=change, version=1, reason="Agreed")
    drain()
    # The group, and none of its facts: these keep their label.
    assert (read(near).groups, read(near).memberships) == (1, 0)
    assert (read(own).groups, read(own).memberships) == (1, 2)
    with as_worker():
        assert reconcile().differences == []


def test_the_end_of_a_time_alone_gives_the_figures_back(
    group: CrimeGroup, drain: Drain, acting: As, viewer: Find, read: Read
) -> None:
    own, nation = viewer("owner_analyst"), viewer("nca_officer")
    with acting("owner_analyst"):
        noted = changed(own, group, "organisation")
    assert noted
    assert noted.until_on
    drain()
    assert read(nation).groups == 0
    with acting_as(system("test")):
        assert own_only.sweep(noted.until_on) == 1
    drain()
    assert read(nation).groups == 1
    assert read(own).groups == 1
    with as_worker():
        assert reconcile().differences == []
