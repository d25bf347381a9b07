"""Plain SQL gives the figures of every dashboard, as five principals see them."""

import datetime
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.actions.labels import join_of
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupLink,
    Membership,
    ThreatType,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.models import PictureLine, Receipt
from scoring.outbox import drain_until_empty
from tests.factories.scoring import ATTRIBUTES, World
from tests.inside import Inside, sign_in, with_session
from tests.integration.dashboard_sql import Reckoning
from tests.integration.test_crawler import Page, opened
from tests.scratch import Databases, address_in
from tests.world import Manifest

pytestmark = pytest.mark.leak
FIVE = ("owner_analyst", "region_analyst", "other_analyst", "rocu_lead", "nca_officer")
SCOPES = (
    *("national", "region:nerocu", "region:yhrocu", "region:emsou"),
    *("force:durham", "force:northumbria", "force:west-yorkshire", "force:nca"),
)
FAMILIES = (
    *("bands", "threats", "tiers", "confirmed", "bands_by_threat", "debt", "involved"),
    *("trend", "moved", "members"),
)


@pytest.fixture(scope="module")
def moved_database(
    databases: Databases, world_database: str, inside: Inside, manifest: Manifest
) -> str:
    """The world as it has been for seventy days, and what happened to it today."""
    name = databases.create(world_database)
    with inside(name, "worker"):
        with acting_as(system("test")), transaction.atomic():
            ago = datetime.timedelta(days=70)
            # Those that ended first: no moment may bear two lines of one group.
            for has_ended in (True, False):
                PictureLine.objects.filter(valid_to__isnull=not has_ended).update(
                    valid_from=F("valid_from") - ago, valid_to=F("valid_to") - ago
                )
            happen({key: _group(one) for key, one in manifest.groups.items()})
        drain_until_empty()
        with acting_as(system("test")), transaction.atomic():
            wait({key: _group(one) for key, one in manifest.groups.items()})
    return name


def _group(public_id: str) -> CrimeGroup:
    return CrimeGroup.objects.get(public_id=public_id)


def happen(groups: dict[str, CrimeGroup]) -> None:
    """Move groups of every owner and label in every way, and let some reach afar."""
    world = World()
    change = CrimeGroup.objects.filter
    change(pk=groups["d_force"].pk).update(tier="national")
    change(pk=groups["d_own"].pk).update(activity_status="dormant")
    change(pk=groups["d_draft"].pk).update(record_state="mapped")
    change(pk=groups["n_region"].pk).update(activity_status="archived")
    change(pk=groups["n_own"].pk).update(tier="regional")
    change(pk=groups["w_own"].pk).update(record_state="returned")
    change(pk=groups["w_all"].pk).update(owner=world.organisation("northumbria"))
    today = timezone.localdate()
    for days, name in (
        (20, "d_region"),
        (60, "n_force"),
        (100, "d_all"),
        (300, "d_cell"),
    ):
        due = today - datetime.timedelta(days=days)
        change(pk=groups[name].pk).update(review_on=due)
    for name in ("a_all", "w_force", "d_cell"):
        label = groups[name].access_class.label
        for attribute in ATTRIBUTES:
            world.judgement(groups[name], label, "high", attribute)
    world.decision(groups["d_all"], groups["d_all"].access_class.label, "3a")
    _reach(world, groups)


def wait(groups: dict[str, CrimeGroup]) -> None:
    """Let a report on each of some groups wait, as while the drain is behind."""
    world = World()
    for name in ("d_force", "n_region", "a_all", "w_force", "d_cell"):
        group = groups[name]
        report = world.report(group.access_class.label)
        Receipt.objects.create(
            report=report,
            group=group,
            access_class_id=join_of([report.access_class_id, group.access_class_id]),
            submitted_at=timezone.now(),
        )
    happened = {"standing": "principal"}
    member = Membership.objects.filter(group=groups["d_force"]).first()
    assert member is not None
    Membership.objects.filter(pk=member.pk).update(**happened)


def _reach(world: World, groups: dict[str, CrimeGroup]) -> None:
    far = groups["d_force"]
    made = {
        "owner": far.owner,
        "access_class_id": far.access_class_id,
    }
    fact = {"asserted_by": far.owner, "rationale": "Test"}
    activity = Activity.objects.create(
        group=far, threat_type=ThreatType.objects.first(), **made, **fact
    )
    ActivityPlace.objects.create(
        activity=activity, role="harm", area=world.organisation("kent"), **made
    )
    # What was entered by mistake and withdrawn reaches nowhere.
    withdrawn = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": world.reader(),
        "withdrawn_reason": "Another group",
    }
    pairs: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("n_force", "a_all", {}),
        ("d_region", "n_force", {}),
        ("a_all", "d_own", {}),
        ("d_draft", "a_all", withdrawn),
    )
    for one, other, more in pairs:
        a, b = groups[one], groups[other]
        GroupLink.objects.create(
            a=a,
            b=b,
            kind="supply",
            owner=a.owner,
            access_class_id=join_of([a.access_class_id, b.access_class_id]),
            asserted_by=a.owner,
            rationale="Test",
            **more,
        )
    member = Membership.objects.filter(group=groups["d_all"]).first()
    assert member is not None
    for name, more in (("w_force", {}), ("n_own", withdrawn)):
        group = groups[name]
        Membership.objects.create(
            group=group,
            nominal=member.nominal,
            dpa_category=member.dpa_category,
            owner=group.owner,
            access_class_id=join_of(
                [group.access_class_id, member.nominal.access_class_id]
            ),
            asserted_by=group.owner,
            rationale="Test",
            **more,
        )


@pytest.fixture
def client(
    request: pytest.FixtureRequest, inside: Inside, moved_database: str
) -> Iterator[Client]:
    who = request.getfixturevalue("who")
    with inside(moved_database, "web"):
        key = sign_in(f"{who}@test.example")
        with transaction.atomic():
            yield with_session(key)
            transaction.set_rollback(True)


def shown(page: Page) -> dict[str, int]:
    """Return the figures of a page that SQL reckons too, noughts left out."""
    return {
        key: number
        for key, (number, _) in page.figures.items()
        if number
        and (
            key.partition(".")[0] in FAMILIES
            or key in ("groups", "memberships", "overdue", "awaiting_confirmation")
            or key in ("unjudged", "across", "queued")
            or (key.startswith(("regions.", "forces.")) and key.endswith(".groups"))
        )
    }


@pytest.mark.parametrize("who", FIVE)
def test_every_figure(who: str, client: Client, moved_database: str) -> None:
    checked: set[str] = set()
    address = address_in("DATABASE_OWNER_URL", moved_database)
    with psycopg.connect(address) as link:
        for scope in SCOPES:
            by_sql = Reckoning(
                link, f"{who}@test.example", scope, timezone.localdate()
            ).figures()
            by_page = shown(opened(client, f"/dashboard/{scope}/"))
            assert by_page == {key: n for key, n in by_sql.items() if n}, scope
            checked |= by_page.keys()
        link.rollback()
    families = {key.partition(".")[0] for key in checked}
    assert {"across", "moved", "trend", "tiers", "bands", "confirmed"} <= families
    rests = {"owner_analyst": "moved.dormant", "region_analyst": "moved.archived"}
    assert {"moved.gone", "queued", rests.get(who, "queued")} <= checked
    assert {"members", "involved"} <= families


@pytest.mark.parametrize("who", ["nca_officer"])
def test_populations_and_rates(who: str, client: Client, moved_database: str) -> None:
    page = client.get("/dashboard/national/").content.decode()
    figures = opened(client, "/dashboard/national/").figures
    address = address_in("DATABASE_OWNER_URL", moved_database)
    with psycopg.connect(address) as link:
        people = Reckoning(
            link, f"{who}@test.example", "national", timezone.localdate()
        ).populations()
        link.rollback()
    assert len(people) == 10
    for code, number in people.items():
        groups = figures[f"regions.{code}.groups"][0]
        row = page.split(f"/dashboard/region:{code}/")[1].split("</tr>")[0]
        assert f"{number:,}" in row, code
        assert f"{1_000_000 * groups / number:.1f}" in row, code


@pytest.mark.parametrize("who", ["rocu_lead"])
def test_every_force_of_the_region_is_on_the_map(who: str, client: Client) -> None:
    page = client.get("/dashboard/region:nerocu/").content.decode()
    figures = opened(client, "/dashboard/region:nerocu/").figures
    drawn = page.split('<svg class="app-tiles-map"')[1].split("</svg>")[0]
    for name in ("Durham", "Northumbria", "Cleveland"):
        number = figures[f"forces.{name.lower()}.groups"][0]
        assert f'aria-label="{name}: {number}"' in drawn
