"""The picture: scopes, days, filters, and every number with the list behind it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import acting_for
from accounts.models import OrganisationPlacement
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Return
from scoring import picture
from scoring.engine import INSUFFICIENT
from scoring.exceptions import UnknownFilter, UnknownScope
from scoring.models import PictureLine
from scoring.outbox import DrainResult
from scoring.picture import NATIONAL, PictureFilters
from tests.factories.scoring import ATTRIBUTES, DAY, World, today
from tests.integration.scoring.conftest import Read, counted

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def nation(world: World, drain: Drain) -> Viewer:
    """Groups of several owners, bands, threats and states, and one who sees them all."""
    viewer = world.viewer("")
    yesterday = today() - DAY
    for place, owner in enumerate(
        ["durham", "northumbria", "west-yorkshire", "police-scotland", "nca", "nerocu"]
    ):
        group = world.group(
            world.label(),
            owner,
            tier=["force", "regional", "national"][place % 3],
            review_on=[None, yesterday, today()][place % 3],
        )
        for attribute in ATTRIBUTES[: 6 + place]:
            world.claim(group, world.label(), attribute=attribute)
        for _ in range(place):
            world.member(group, world.label())
        if place % 2:
            world.threat(group, world.label(), "illegal-drugs")
            world.decision(group, world.label(), ["1a", "1c"][place % 4 // 2])
    world.group(world.label(), record_state="draft")
    world.group(world.label(), activity_status="archived")
    drain()
    return viewer


def test_headline_counts_mapped_active_groups(nation: Viewer, read: Read) -> None:
    figures = read(nation)
    assert figures.groups == 6
    assert figures.memberships == 15
    assert sum(figures.bands.values()) == 6
    assert figures.insufficient == figures.bands[INSUFFICIENT] > 0
    assert figures.tiers == {"force": 2, "regional": 2, "national": 2, "none": 0}
    assert figures.threats["illegal-drugs"] == 3
    assert figures.threats["none"] == 3
    assert figures.overdue == 2
    assert figures.unjudged == 6


def test_every_number_has_its_list(nation: Viewer, read: Read) -> None:
    for key in ("national", "region:nerocu", "region:none", "force:durham"):
        scope = picture.parse_scope(key)
        figures = read(nation, key)
        assert counted(nation, scope) == figures.groups
        for band, number in figures.bands.items():
            assert counted(nation, scope, band=band) == number
        for threat, number in figures.threats.items():
            assert counted(nation, scope, threat=threat) == number
        for tier, number in figures.tiers.items():
            assert counted(nation, scope, tier=tier) == number
        for threat, bands in figures.bands_by_threat.items():
            for band, number in bands.items():
                assert counted(nation, scope, threat=threat, band=band) == number
        assert counted(nation, scope, overdue=True) == figures.overdue
        assert counted(nation, scope, awaiting=True) == figures.awaiting_confirmation
        assert counted(nation, scope, unjudged=True) == figures.unjudged
        rest = figures.groups - figures.overdue
        assert counted(nation, scope, overdue=False) == rest


def test_regions_add_up_to_the_nation(nation: Viewer, read: Read) -> None:
    found = picture.figures_json(read(nation))
    parts = found.pop("regions")
    assert {"code": "none", "name": "No region"}.items() <= parts[-1].items()
    assert parts[-1]["groups"] == 2, "Scotland and the NCA"
    by_code = {part["code"]: part for part in parts}
    assert by_code["nerocu"]["groups"] == 3, "Durham, Northumbria and the unit itself"
    for key, whole in found.items():
        if isinstance(whole, dict):
            for code, number in whole.items():
                assert sum(part[key][code] for part in parts) == number
        else:
            assert sum(part[key] for part in parts) == whole
    for part in parts:
        alone = picture.figures_json(read(nation, f"region:{part['code']}"))
        assert alone == {key: part[key] for key in alone}


def test_awaiting_when_absent_or_different(
    world: World, drain: Drain, read: Read
) -> None:
    viewer = world.viewer("")
    same, other, none = (world.group(world.label()) for _ in range(3))
    world.decision(same, world.label(), INSUFFICIENT)
    world.decision(other, world.label(), "1a")
    drain()
    assert read(viewer).awaiting_confirmation == 2
    assert counted(viewer, confirmed="1a") == 1
    assert counted(viewer, confirmed="none") == 1
    with acting_for(viewer, route="test"):
        waiting = picture.lines(viewer, NATIONAL, None, PictureFilters(awaiting=True))
        assert {line.group_id for line in waiting} == {other.pk, none.pk}


def test_states_and_owners_in_lists(nation: Viewer) -> None:
    assert counted(nation, state="draft") == 1
    assert counted(nation, status="archived") == 1
    assert counted(nation, state="any", status="any") == 8
    assert counted(nation, owner="durham") == 1


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("band", "9z"),
        ("confirmed", "9z"),
        ("threat", "weather"),
        ("tier", "sea"),
        ("state", "lost"),
        ("status", "asleep"),
    ],
)
def test_unknown_code_is_no_empty_list(world: World, field: str, code: str) -> None:
    viewer = world.viewer("")
    with pytest.raises(UnknownFilter) as caught:
        counted(viewer, **{field: code})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "text", ["", "nation", "region:", "region:durham", "force:nowhere", "national:x"]
)
def test_unknown_scope(world: World, text: str) -> None:
    with pytest.raises(UnknownScope) as caught:
        picture.parse_scope(text)
    assert caught.value.field == "scope"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("national", "The nation"),
        ("region:none", "No region"),
        ("force:durham", "Durham Constabulary"),
    ],
)
def test_scope_reads_back(world: World, text: str, name: str) -> None:
    scope = picture.parse_scope(text)
    assert (scope.key, scope.name) == (text, name)


def test_as_at_is_the_end_of_that_day(
    world: World,
    drain: Drain,
    read: Read,
    time_machine_to: Callable[..., None],
) -> None:
    viewer = world.viewer("")
    group = world.group(world.label(), review_on=today() - DAY)
    drain()
    PictureLine.objects.update(valid_from=timezone.now() - 3 * DAY)
    ends = timezone.make_aware(
        datetime.datetime.combine(today() - DAY, datetime.time())
    )
    PictureLine.objects.update(valid_to=ends)
    CrimeGroup.objects.filter(pk=group.pk).update(tier="national")
    drain()

    before = read(viewer, at=today() - 2 * DAY)
    assert (before.groups, before.tiers["force"], before.overdue) == (1, 1, 0)
    assert not before.is_now
    assert counted(viewer, at=today() - 2 * DAY, tier="force") == 1
    assert read(viewer, at=today() - DAY).groups == 0
    assert read(viewer, at=today() - 4 * DAY).groups == 0
    now = read(viewer, at=today())
    assert (now.groups, now.tiers["national"], now.overdue) == (1, 1, 1)
    assert now.is_now


def test_as_at_uses_the_placement_of_that_day(
    world: World, drain: Drain, read: Read
) -> None:
    viewer = world.viewer("")
    world.group(world.label(), "durham")
    drain()
    PictureLine.objects.update(valid_from=timezone.now() - 9 * DAY)
    durham = OrganisationPlacement.objects.filter(organisation__code="durham")
    durham.filter(to_on__isnull=True).update(to_on=today() - 3 * DAY)
    OrganisationPlacement.objects.create(
        organisation=world.organisation("durham"),
        parent=world.organisation("yhrocu"),
        from_on=today() - 3 * DAY,
    )
    assert read(viewer, "region:yhrocu").groups == 1
    assert read(viewer, "region:nerocu").groups == 0
    assert read(viewer, "region:nerocu", at=today() - 4 * DAY).groups == 1
    assert read(viewer, "region:yhrocu", at=today() - 4 * DAY).groups == 0


def test_a_day_to_come_is_refused(world: World, read: Read) -> None:
    with pytest.raises(UnknownFilter) as caught:
        read(world.viewer(""), at=today() + DAY)
    assert caught.value.field == "at"


def test_who_may_not_view_sees_nothing(
    nation: Viewer, world: World, read: Read
) -> None:
    administrator = world.viewer("", role=Role.SYSTEM_ADMINISTRATOR)
    figures = read(administrator)
    assert (figures.groups, figures.freshness.queued) == (0, 0)
    assert figures.freshness.changed_at is None


def test_freshness_tells_only_of_what_is_seen(
    world: World, drain: Drain, read: Read
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    drain()
    before = read(knows_not).freshness
    world.claim(group, world.label("a"))

    assert read(knows).freshness.queued == 1
    assert 0 <= (read(knows).freshness.oldest_queued_seconds or -1) < 60
    assert read(knows, "force:northumbria").freshness.queued == 0
    assert read(knows_not).freshness == before
    drain()

    assert read(knows_not).freshness == before
    after = read(knows).freshness
    assert after.queued == 0
    assert after.changed_at > before.changed_at


def test_coverage_counts_returns(world: World, read: Read) -> None:
    viewer = world.viewer("a")

    def ret(owner: str, due: int, came: int | None, **more: Any) -> None:
        label = world.label(more.pop("letters", ""))
        Return.objects.create(
            owner=world.organisation(owner),
            access_class_id=world.class_id(label),
            from_on=today() - (due + 40) * DAY,
            to_on=today() - (due + 10) * DAY,
            due_on=today() - due * DAY,
            received_at=None if came is None else timezone.now() - came * DAY,
            **more,
        )

    ret("durham", 20, 21)
    ret("durham", 50, 40)
    ret("northumbria", 20, 22, is_nil=True)
    ret("northumbria", 2, None)
    ret("west-yorkshire", 5, None, letters="z")
    ret("west-yorkshire", 500, None)
    ret("west-yorkshire", -5, None)

    found = read(viewer).coverage
    assert (found.due, found.received, found.nil, found.late) == (4, 3, 1, 1)
    assert (found.outstanding, found.missing) == (1, ("northumbria",))
    assert not found.is_complete
    then = read(viewer, at=today() - 45 * DAY).coverage
    assert (then.due, then.received, then.late) == (1, 0, 0)
    assert read(viewer, "force:durham").coverage.is_complete
