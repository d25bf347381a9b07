"""Compartments: two persons take someone in; whom one is about never holds it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import (
    IntegrityError,
    InternalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import organisation_viewer_of, viewer_of
from accounts.actions import compartments
from accounts.actions.holders import people_seeing
from accounts.exceptions import InvalidMembership, NotOwner, RightMissing, SecondPerson
from accounts.models import (
    AuditEvent,
    MembershipProposal,
    Organisation,
    Subject,
    Tag,
    TagHolder,
)
from accounts.roles import Role
from accounts.visibility import Label, Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.scope import system
from scoring.models import Profile
from scoring.outbox.profiles import refresh_profiles
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]
SOON = datetime.timedelta(days=30)


@pytest.fixture
def cell(make_user: MakeUser) -> Tag:
    """A compartment of Durham's that two of its supervisors hold."""
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    boss, second = make_user("owner_supervisor"), make_user("second_supervisor")
    for name in ("owner_analyst", "nca_officer"):
        make_user(name)
    with acting_as(system("test")), transaction.atomic():
        return compartments.open_one(
            code="larch",
            name="Larch",
            owner=boss.organisation,
            holders=[boss, second],
            reason="New enquiry",
        )


def proposed(by: Viewer, tag: Tag, user: Any, step: str = "add") -> MembershipProposal:
    return compartments.propose(
        by=by,
        tag=tag,
        step=step,
        user=user,
        until_on=timezone.localdate() + SOON,
        reason="Works on it",
    )


def test_two_persons_take_someone_in_and_out(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    officer = make_user("nca_officer")
    boss, second = viewer("owner_supervisor"), viewer("second_supervisor")
    with acting("owner_supervisor"):
        proposal = proposed(boss, cell, officer)
        with pytest.raises(SecondPerson):
            compartments.approve(by=boss, proposal=proposal)
        with pytest.raises(InvalidMembership):
            proposed(boss, cell, officer)
    assert cell.pk not in viewer("nca_officer").tags
    with acting("second_supervisor"):
        compartments.approve(by=second, proposal=proposal)
        with pytest.raises(InvalidTransition):
            compartments.approve(by=second, proposal=proposal)
    assert cell.pk in viewer("nca_officer").tags
    with acting_as(system("test")):
        held = TagHolder.objects.get(tag=cell, user=officer)
        assert (held.granted_by_id, held.approved_by_id) == (
            boss.user_id,
            second.user_id,
        )
        assert held.to_on == timezone.localdate() + SOON
        assert viewer_of(officer, on=held.to_on).tags == viewer_of(officer).tags - {
            cell.pk
        }
        kinds = AuditEvent.objects.filter(
            object_type="accounts.Tag", object_ids=[cell.pk]
        ).values_list("kind", flat=True)
        assert list(kinds) == ["grant"] * 3
    with acting("second_supervisor"):
        out = proposed(second, cell, officer, "remove")
    with acting("owner_supervisor"):
        compartments.approve(by=boss, proposal=out)
    assert cell.pk not in viewer("nca_officer").tags
    with acting("owner_supervisor"):
        again = proposed(boss, cell, officer)
    with acting("second_supervisor"):
        compartments.decline(by=second, proposal=again)
    assert cell.pk not in viewer("nca_officer").tags


def test_nobody_decides_on_themselves(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        with pytest.raises(InvalidMembership):
            proposed(boss, cell, make_user("owner_supervisor"))
        out = proposed(boss, cell, make_user("second_supervisor"), "remove")
    second = viewer("second_supervisor")
    with acting("second_supervisor"), pytest.raises(InvalidMembership):
        compartments.approve(by=second, proposal=out)
    with (
        acting("second_supervisor"),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        MembershipProposal.objects.filter(pk=out.pk).update(
            state="approved",
            decided_at=timezone.now(),
            decided_by_id=second.user_id,
        )


def test_only_those_who_hold_it_for_its_owner_manage_it(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    officer = make_user("owner_analyst")
    by = viewer("owner_analyst")
    with acting("owner_analyst"), pytest.raises(NotFound):
        proposed(by, cell, make_user("nca_officer"))
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, user=officer)
        TagHolder.objects.create(tag=cell, user=make_user("nca_officer"))
    other, analyst = viewer("nca_officer"), viewer("owner_analyst")
    with acting("nca_officer"), pytest.raises(NotOwner):
        proposed(other, cell, officer)
    with acting("owner_analyst"):
        proposal = proposed(analyst, cell, make_user("rocu_lead"))
        with pytest.raises(RightMissing):
            compartments.approve(by=analyst, proposal=proposal)


def test_the_database_asks_again_for_two(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        proposal = proposed(boss, cell, make_user("nca_officer"))
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            apply(proposal.pk)
        with pytest.raises(ProgrammingError), transaction.atomic():
            TagHolder.objects.create(tag=cell, user=make_user("nca_officer"))
    assert cell.pk not in viewer("nca_officer").tags


def apply(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select accounts_apply_membership(%s)", [pk])


@pytest.mark.parametrize("days", [None, 0, 366])
def test_a_membership_ends_within_a_year(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser, days: int | None
) -> None:
    boss = viewer("owner_supervisor")
    day = None if days is None else timezone.localdate() + datetime.timedelta(days=days)
    with acting("owner_supervisor"), pytest.raises(InvalidMembership) as refused:
        compartments.propose(
            by=boss,
            tag=cell,
            step="add",
            user=make_user("nca_officer"),
            until_on=day,
            reason="Works on it",
        )
    assert refused.value.field == "until_on"


@pytest.fixture
def enquiry(cell: Tag, acting: As, viewer: Find) -> CrimeGroup:
    """A group in the compartment, and Durham as a whole holding that."""
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, organisation=cell.owner)
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        return CrimeGroupFactory(by=boss, compartments=[cell.pk])


def sees(acting: As, viewer: Find, who: str, group: CrimeGroup) -> bool:
    with acting(who):
        return CrimeGroup.objects.visible_to(viewer(who)).filter(pk=group.pk).exists()


def seen_by_policy(acting: As, who: str, group: CrimeGroup) -> bool:
    """Ask the second lock alone."""
    with acting(who):
        return CrimeGroup.objects.filter(pk=group.pk).exists()


def test_whom_it_is_about_never_sees_it(
    cell: Tag, enquiry: CrimeGroup, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    analyst = make_user("owner_analyst")
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, user=analyst)
    assert sees(acting, viewer, "owner_analyst", enquiry)
    before = viewer("owner_analyst")
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        compartments.register_subject(
            by=boss, tag=cell, user=analyst, reason="Named by a source"
        )
        with pytest.raises(InvalidMembership):
            compartments.register_subject(
                by=boss, tag=cell, user=analyst, reason="Again"
            )
        with pytest.raises(InvalidMembership):
            proposed(boss, cell, analyst)
        label = Label(frozenset({cell.pk}))
        assert analyst not in people_seeing(label, analyst.organisation_id)
    after = viewer("owner_analyst")
    assert after.tags == before.tags - {cell.pk}
    assert (after.rights, after.clearance) == (before.rights, before.clearance)
    assert not sees(acting, viewer, "owner_analyst", enquiry)
    assert not seen_by_policy(acting, "owner_analyst", enquiry)
    assert sees(acting, viewer, "second_supervisor", enquiry)
    with acting_as(system("test")):
        assert cell.pk not in organisation_viewer_of(analyst).tags
    with acting("owner_analyst"):
        assert not Subject.objects.exists()
        assert not MembershipProposal.objects.exists()


def test_the_drain_knows_a_reader_of_that_kind(
    cell: Tag, enquiry: CrimeGroup, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    analyst, boss = make_user("owner_analyst"), viewer("owner_supervisor")
    with acting("owner_supervisor"):
        compartments.register_subject(by=boss, tag=cell, user=analyst, reason="Named")
    with acting_as(system("test")):
        refresh_profiles(timezone.localdate())
        tags = [sorted(one) for one in Profile.objects.values_list("tags", flat=True)]
    assert sorted(viewer("owner_analyst").tags) in tags
    assert sorted(viewer("second_supervisor").tags) in tags


def test_what_is_proposed_and_registered_is_read_by_holders_alone(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        proposed(boss, cell, make_user("nca_officer"))
        compartments.register_subject(
            by=boss, tag=cell, user=make_user("rocu_lead"), reason="Named"
        )
    for who, count in (("second_supervisor", 1), ("owner_analyst", 0), ("auditor", 0)):
        with acting(who):
            assert MembershipProposal.objects.count() == count, who
            assert Subject.objects.count() == count, who


def test_the_pages_of_two_people(
    cell: Tag, client_as: SignIn, make_user: MakeUser, viewer: Find
) -> None:
    boss, second = client_as("owner_supervisor"), client_as("second_supervisor")
    page = reverse("groups:compartment", args=[cell.public_id])
    assert "Larch" in boss.get(reverse("groups:compartments")).content.decode()
    assert "Owner Supervisor" in boss.get(page).content.decode()
    assert client_as("owner_analyst").get(page).status_code == 404
    propose = reverse("groups:propose_membership", args=[cell.public_id])
    day = timezone.localdate() + SOON
    sent = {
        "step": "add",
        "account": make_user("nca_officer").email.upper(),
        "until_on_day": day.day,
        "until_on_month": day.month,
        "until_on_year": day.year,
        "reason": "Works on it",
    }
    wrong = boss.post(propose, sent | {"account": "nobody@test.example"})
    assert "No account has this email address" in wrong.content.decode()
    assert boss.post(propose, sent).status_code == 302
    with acting_as(system("test")):
        proposal = MembershipProposal.objects.get()
    approve = reverse(
        "groups:approve_membership", args=[cell.public_id, proposal.public_id]
    )
    assert approve in second.get(page).content.decode()
    assert approve not in boss.get(page).content.decode()
    assert boss.post(approve, {"sure": "yes"}).status_code == 403
    assert second.post(approve, {"sure": "yes"}).status_code == 302
    officer = client_as("nca_officer")
    shown = officer.get(page).content.decode()
    assert "Larch" in shown
    assert "Owner Supervisor" not in shown
    register = reverse("groups:register_subject", args=[cell.public_id])
    named = {"account": "nca_officer@test.example", "reason": "Named by a source"}
    assert boss.post(register, named).status_code == 302
    assert officer.get(page).status_code == 404
    assert "Named by a source" in second.get(page).content.decode()


@pytest.fixture
def command(make_user: MakeUser) -> list[str]:
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    emails = [make_user(one).email for one in ("owner_supervisor", "second_supervisor")]
    return [
        "birch",
        "--name=Birch",
        "--owner=durham",
        "--reason=New",
        "--takes-referrals",
        *(f"--holder={email}" for email in emails),
    ]


def test_an_operator_opens_one_with_two_holders(command: list[str]) -> None:
    with pytest.raises(CommandError, match="two first holders"):
        call_command("compartment", *command[:-1])
    call_command("compartment", *command)
    with acting_as(system("test")):
        tag = Tag.objects.get(code="compartment:birch")
        assert (tag.takes_referrals, tag.holders.count()) == (True, 2)
        assert tag.owner == Organisation.objects.get(code="durham")
    with pytest.raises(CommandError, match="Choose another code"):
        call_command("compartment", *command)
