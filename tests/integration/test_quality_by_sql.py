"""Plain SQL gives every count of the quality board, as five principals see it."""

import datetime
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from groups.models import (
    Activity,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Identifier,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
)
from intelligence.models import AttributeClaim, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.models import Judgement
from scoring.outbox import drain_until_empty
from scoring.quality import GAPS
from tests.factories.scoring import ATTRIBUTES, World
from tests.inside import Inside, sign_in, with_session
from tests.integration.quality_sql import QualityReckoning
from tests.integration.test_crawler import opened
from tests.scratch import Databases, address_in
from tests.world import Manifest

pytestmark = pytest.mark.leak
FIVE = ("owner_analyst", "region_analyst", "other_analyst", "rocu_lead", "nca_officer")
SCOPES = (
    *("national", "region:nerocu", "region:yhrocu", "force:durham"),
    *("force:northumbria", "force:west-yorkshire"),
)
# No link in this world lacks a reason.
NOT_SHOWN = {"unfounded-group-links", "unfounded-person-links"}


@pytest.fixture(scope="module")
def spoilt_database(
    databases: Databases, world_database: str, inside: Inside, manifest: Manifest
) -> str:
    """The world, and something missing of every kind, hidden and not."""
    name = databases.create(world_database)
    with inside(name, "worker"):
        with acting_as(system("test")), transaction.atomic():
            groups = {
                key: CrimeGroup.objects.get(public_id=one)
                for key, one in manifest.groups.items()
            }
            _spoil(groups)
        drain_until_empty()
    return name


def _spoil(groups: dict[str, CrimeGroup]) -> None:
    world, today = World(), timezone.localdate()
    change = CrimeGroup.objects.filter

    def only(*names: str) -> list[int]:
        return [groups[name].pk for name in names]

    change(pk__in=only("d_all", "n_force", "w_own")).update(lead_officer="")
    change(pk__in=only("d_own", "n_region")).update(
        review_on=today - datetime.timedelta(days=3)
    )
    change(pk__in=only("d_region", "n_own", "w_force")).update(s45_test="yes")
    # Two pairs of one name: both seen by all, and one half hidden from most.
    change(pk=groups["n_force"].pk).update(name=f" {groups['d_all'].name.upper()}")
    change(pk=groups["d_own"].pk).update(name=groups["a_all"].name)
    draft = groups["d_draft"]
    CrimeGroup.objects.create(
        name="Draft",
        owner=draft.owner,
        access_class_id=draft.access_class_id,
        created_at=timezone.now() - datetime.timedelta(days=60),
    )
    change(pk=groups["d_cell"].pk).update(activity_status="dormant")
    GroupThreat.objects.filter(group__in=only("w_own", "d_region")).update(
        is_predominant=False
    )
    _lose_reasons(groups)
    _age(groups)
    for name in ("n_own", "d_cell"):
        for attribute in ATTRIBUTES:
            label = groups[name].access_class.label
            world.judgement(groups[name], label, "nil", attribute)
    for name in ("d_all", "w_all"):
        label = groups[name].access_class.label
        for _ in range(3):
            _twin(world.member(groups[name], label), groups["a_all"])
    _rest_on_one(world, groups["n_region"])
    lone = world.member(groups["d_all"], groups["d_all"].access_class.label)
    Membership.objects.filter(pk=lone.pk).delete()


def _lose_reasons(groups: dict[str, CrimeGroup]) -> None:
    here = {"group__in": list(groups.values())}
    Membership.objects.filter(**here).update(rationale="")
    GroupThreat.objects.filter(**here).update(rationale="")
    Activity.objects.filter(**here).update(rationale="")
    group = groups["d_all"]
    [member, *_] = group.memberships.all()
    made = {
        "owner": group.owner,
        "asserted_by": group.owner,
        "access_class_id": member.access_class_id,
    }
    GroupAlias.objects.create(group=group, name="The Elms", **made)
    NominalAlias.objects.create(nominal=member.nominal, surname="Ash", **made)
    Involvement.objects.create(
        group=group,
        nominal=member.nominal,
        kind="witness",
        dpa_category="witness",
        **made,
    )
    identifier = Identifier.objects.create(
        kind="cro", value="12345/90A", normalised="12345/90A", **_top(made)
    )
    IdentifierUse.objects.create(identifier=identifier, nominal=member.nominal, **made)


def _top(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if key != "asserted_by"}


def _rest_on_one(world: World, group: CrimeGroup) -> None:
    AttributeClaim.objects.filter(group=group).delete()
    Judgement.objects.filter(group=group).delete()
    world.claim(group, group.access_class.label)


def _age(groups: dict[str, CrimeGroup]) -> None:
    """Let what is known of one owner's groups be of two years ago."""
    two_years = datetime.timedelta(days=730)
    Report.objects.filter(owner=groups["w_all"].owner).update(
        received_on=F("received_on") - two_years
    )


def _twin(member: Membership, group: CrimeGroup) -> None:
    """Make a member also one of another group, and the namesake of the others."""
    Nominal.objects.filter(pk=member.nominal_id).update(
        given_names="Robin",
        born_from=datetime.date(1990, 5, 1),
        born_to=datetime.date(1990, 5, 1),
    )
    Membership.objects.create(
        group=group,
        nominal=member.nominal,
        dpa_category=member.dpa_category,
        owner=group.owner,
        access_class_id=member.access_class_id,
        asserted_by=group.owner,
        rationale="Test",
    )


@pytest.fixture
def client(
    request: pytest.FixtureRequest, inside: Inside, spoilt_database: str
) -> Iterator[Client]:
    who = request.getfixturevalue("who")
    with inside(spoilt_database, "web"):
        key = sign_in(f"{who}@test.example")
        with transaction.atomic():
            yield with_session(key)
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", FIVE)
def test_every_gap(who: str, client: Client, spoilt_database: str) -> None:
    address = address_in("DATABASE_OWNER_URL", spoilt_database)
    found: set[str] = set()
    with psycopg.connect(address) as link:
        for scope in SCOPES:
            page = opened(client, f"/quality/{scope}/").figures
            shown = {key: page[key][0] for key in GAPS}
            reckoned = QualityReckoning(
                link, f"{who}@test.example", scope, timezone.localdate()
            ).gaps()
            assert shown == reckoned, scope
            found |= {key for key, number in shown.items() if number}
        link.rollback()
    if who == "nca_officer":
        assert set(GAPS) - found == NOT_SHOWN
