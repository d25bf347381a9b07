"""The pages that say who may see a record and why, and those that change it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import sharing
from intelligence.models import SharingChange
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


@pytest.fixture
def group(acting: As, by: Viewer) -> CrimeGroup:
    """A group of Durham's that its region's unit and the NCA see."""
    with acting("owner_analyst"):
        made = CrimeGroupFactory(by=by, name="Fictional group")
        made.refresh_from_db()
        return made


def page(name: str, group: CrimeGroup, *more: object) -> str:
    return reverse(f"intelligence:{name}", args=["groups", group.public_id, *more])


def changed(client: Client, group: CrimeGroup, to: str) -> None:
    sent = {"sharing": to, "reason": "Joint work", "version": group.version}
    answer = client.post(page("change_sharing", group), sent)
    assert answer.status_code == 302, answer.content.decode()


def test_two_people_share_a_group_more_widely(
    group: CrimeGroup, client_as: SignIn
) -> None:
    analyst = client_as("owner_analyst")
    shown = analyst.get(page("sharing", group)).content.decode()
    assert "By your organisation" in shown
    assert "National Crime Agency" in shown
    changed(analyst, group, "region")
    with acting_as(system("test")):
        change = SharingChange.objects.get()
    boss = client_as("owner_supervisor")
    listed = boss.get(reverse("intelligence:sharing_waiting")).content.decode()
    assert "Joint work" in listed
    approve = page("approve_sharing", group, change.public_id)
    assert boss.post(approve, {"version": 1}).status_code == 200
    assert analyst.get(approve).status_code == 403
    assert client_as("region_analyst").get(approve).status_code == 404
    sent = {"version": change.version, "reason": "Agreed"}
    assert boss.post(approve, sent).status_code == 302
    seen = client_as("region_analyst").get(page("sharing", group))
    assert seen.status_code == 200
    assert "Who else sees it" not in seen.content.decode()


def test_the_name_of_a_compartment_is_not_told_by_a_proposal(
    group: CrimeGroup, client_as: SignIn, make_user: MakeUser, acting: As
) -> None:
    with acting_as(system("test")):
        cell = Tag.objects.create(
            code="compartment:cell", name="Operation Zqcell", kind=TagKind.COMPARTMENT
        )
        for who in ("owner_analyst", "owner_supervisor"):
            TagHolder.objects.create(tag=cell, user=make_user(who))
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    sent = {
        "sharing": "region",
        "compartments": [cell.pk],
        "reason": "Joint work",
        "version": group.version,
    }
    analyst = client_as("owner_analyst")
    assert analyst.post(page("change_sharing", group), sent).status_code == 302
    with acting_as(system("test")):
        change = SharingChange.objects.get()
    waiting = reverse("intelligence:sharing_waiting")
    approve = page("approve_sharing", group, change.public_id)
    for who in ("second_supervisor", "rocu_lead", "nca_officer"):
        client = client_as(who)
        for address in (page("sharing", group), waiting):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "Zqcell" not in answer.text
            assert "Joint work" not in answer.text
        assert client.get(approve).status_code == 404
    boss = client_as("owner_supervisor")
    assert "Operation Zqcell" in boss.get(approve).text


def test_whoever_lost_sight_finds_nothing_anywhere(
    group: CrimeGroup, client_as: SignIn, by: Viewer
) -> None:
    reader = client_as("nca_officer")
    addresses = [
        page("sharing", group),
        *(
            reverse(f"groups:{name}", args=[group.public_id])
            for name in ("detail", "people", "activity", "history", "group_network")
        ),
        *(
            reverse(f"scoring:{name}", args=[group.public_id])
            for name in ("score", "timeline", "profile")
        ),
        reverse("intelligence:for_group", args=[group.public_id]),
    ]
    for address in addresses:
        assert reader.get(address).status_code == 200, address
    analyst = client_as("owner_analyst")
    changed(analyst, group, "organisation")
    for address in addresses:
        assert reader.get(address).status_code == 404, address
        assert analyst.get(address).status_code in {200, 403}, address
    for listed in (reverse("scoring:groups"), reverse("intelligence:sharing_waiting")):
        assert group.reference not in reader.get(listed).content.decode()


def test_members_of_a_compartment_are_named_to_those_who_hold_it(
    group: CrimeGroup, client_as: SignIn, make_user: MakeUser, acting: As
) -> None:
    boss, officer = make_user("owner_supervisor"), make_user("nca_officer")
    with acting_as(system("test")):
        cell = Tag.objects.create(
            code="compartment:cell",
            name="Operation Zqcell",
            kind=TagKind.COMPARTMENT,
            takes_referrals=True,
        )
        for user in (boss, officer):
            TagHolder.objects.create(tag=cell, user=user)
    analyst = client_as("owner_analyst")
    sent = {"desk": cell.public_id, "reason": "Officer named", "version": group.version}
    assert analyst.post(page("send_up", group), sent).status_code == 302
    for who in ("owner_analyst", "rocu_lead"):
        assert client_as(who).get(page("sharing", group)).status_code == 404
    shown = client_as("owner_supervisor").get(page("sharing", group)).content.decode()
    assert "In your own name" in shown
    assert officer.name in shown
    assert make_user("owner_analyst").name not in shown
    shown = client_as("nca_officer").get(page("sharing", group)).content.decode()
    assert "Operation Zqcell" in shown
    assert boss.name not in shown


def test_a_step_of_another_record_is_not_found(
    group: CrimeGroup, client_as: SignIn, acting: As, by: Viewer
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by)
        other.refresh_from_db()
        change = sharing.change(
            by=by, record=other, version=1, sharing="region", reason="Joint"
        )
        assert change is not None
    boss = client_as("owner_supervisor")
    approve = page("approve_sharing", group, change.public_id)
    assert boss.get(approve).status_code == 404
