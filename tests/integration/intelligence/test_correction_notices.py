"""Whoever received a person's data is told when they prove wrong, and says so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts.actions.labels import intern, options_for
from groups.actions import facts, people
from groups.models import Nominal
from intelligence.about_person import recipients
from intelligence.actions import correction_notices, restrictions
from intelligence.models import CorrectionNotice
from ocgmap.common.errors import InvalidTransition, NotFound, PermissionDenied
from tests.cast import As
from tests.disposing import disposed
from tests.factories.groups import MembershipFactory, NominalFactory
from tests.subjects import MANAGER, everything, gave_out, kept, registered, restricted

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, surname="Ashdown", sharing="all_forces")


def correct(acting: As, person: Nominal, **changes: Any) -> None:
    with everything():
        person.refresh_from_db()
    with acting("owner_analyst") as by:
        people.edit_nominal(
            by=by,
            nominal=person,
            version=person.version,
            reason="The wrong man",
            **(changes or {"surname": "Ashby"}),
        )


def notices(**wanted: Any) -> list[CorrectionNotice]:
    with everything():
        rows = CorrectionNotice.objects.select_related("recipient", "sender")
        return list(rows.filter(**wanted).order_by("pk"))


def test_each_organisation_that_received_it_is_told_once(
    acting: As, person: Nominal
) -> None:
    gave_out(acting, "other_analyst", person)
    gave_out(acting, "nca_officer", person)
    correct(acting, person)
    assert {one.recipient.code for one in notices() if one.recipient} == {
        "west-yorkshire",
        "nca",
    }
    assert {one.correction for one in notices()} == {"corrected"}
    correct(acting, person, surname="Ashmore")
    assert len(notices()) == 2, "one that waits says it all"


def test_who_received_nothing_is_not_told(acting: As, person: Nominal) -> None:
    correct(acting, person)
    assert notices() == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"surname": "Ashdown"}, id="nothing"),
        pytest.param({"deceased_on": None}, id="no death"),
    ],
)
def test_what_is_no_correction(
    acting: As, person: Nominal, changes: dict[str, Any]
) -> None:
    gave_out(acting, "other_analyst", person)
    correct(acting, person, **changes)
    with everything():
        Nominal.objects.filter(pk=person.pk).update(legal_hold=True)
    assert notices() == []


def test_a_withdrawn_fact_is_told_to_who_received_the_fact(
    acting: As, person: Nominal
) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
    gave_out(acting, "nca_officer", member)
    gave_out(acting, "other_analyst", person)
    with acting("owner_analyst") as by:
        facts.withdraw(by=by, fact=member, version=member.version, reason="Another man")
    [one] = notices()
    assert (one.correction, one.reference) == ("withdrawn", person.reference)
    assert one.recipient is not None
    assert one.recipient.code == "nca"


def test_restricted_lifted_and_erased_are_told(acting: As, person: Nominal) -> None:
    gave_out(acting, "other_analyst", person)
    one = restricted(acting, person)
    with acting(MANAGER) as by:
        restrictions.lift(by=by, restriction=one, version=1, reason="Over")
    disposed(acting, person)
    assert [one.correction for one in notices()] == [
        "restricted",
        "unrestricted",
        "erased",
    ]
    with acting("other_analyst") as by:
        assert CorrectionNotice.objects.received_by(by).count() == 3
    with acting("region_analyst") as by:
        assert not CorrectionNotice.objects.exists()


def test_a_colleague_is_told_who_sees_the_person_and_nobody_else(
    acting: As, person: Nominal
) -> None:
    gave_out(acting, "other_analyst", person)
    correct(acting, person)
    with acting("other_records_manager") as by:
        assert CorrectionNotice.objects.received_by(by).count() == 1
    with acting("region_analyst"):
        assert not CorrectionNotice.objects.exists()
    # It is hidden from them now: who received it keeps the reference alone.
    with everything():
        own = {one.code: one for one in options_for(person.owner)}["organisation"]
        Nominal.objects.filter(pk=person.pk).update(access_class_id=intern(own.label))
    with acting("other_records_manager") as by:
        assert not CorrectionNotice.objects.exists()
    with acting("other_analyst") as by:
        [one] = CorrectionNotice.objects.received_by(by)
        assert one.reference == person.reference
        assert not Nominal.objects.exists()


def test_a_fact_stricter_than_the_person_is_told_to_no_colleague(
    acting: As, person: Nominal
) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
    gave_out(acting, "other_analyst", member)
    with acting("owner_analyst") as by:
        facts.withdraw(by=by, fact=member, version=member.version, reason="Another man")
    with acting("other_records_manager"):
        assert not CorrectionNotice.objects.exists(), "the fact is the force's alone"
    with acting("other_analyst"):
        assert CorrectionNotice.objects.count() == 1


def test_the_recipient_acknowledges_once(acting: As, person: Nominal) -> None:
    gave_out(acting, "other_analyst", person)
    correct(acting, person)
    [one] = notices()
    with acting("region_analyst") as by, pytest.raises(NotFound):
        correction_notices.acknowledge(by=by, notice=one)
    with acting(MANAGER) as by, pytest.raises(NotFound):
        correction_notices.acknowledge(by=by, notice=one)
    with acting("other_analyst") as by:
        done = correction_notices.acknowledge(by=by, notice=one)
        assert done.acknowledged_by_id == by.user_id
        with pytest.raises(InvalidTransition):
            correction_notices.acknowledge(by=by, notice=one)
    correct(acting, person, surname="Ashmore")
    assert len(notices()) == 2, "what was acknowledged says nothing of what came later"


def test_copies_outside_are_posted_by_hand(acting: As, person: Nominal) -> None:
    told = {"as": "paper", "print": "AB12", "reason": "Briefing (copy 1 to the Crown)"}
    gave_out(acting, "owner_supervisor", person, **told)
    correct(acting, person)
    [one] = notices()
    assert one.recipient is None
    assert (one.way, one.copy_number) == ("paper", "AB12")
    assert "copy 1 to the Crown" in one.copied_for
    with acting("owner_analyst") as by, pytest.raises(PermissionDenied):
        correction_notices.mark_sent(by=by, notice=one)
    with acting("other_records_manager") as by, pytest.raises(NotFound):
        correction_notices.mark_sent(by=by, notice=one)
    with acting(MANAGER) as by:
        done = correction_notices.mark_sent(by=by, notice=one)
        assert done.sent_by_id == by.user_id
        with pytest.raises(InvalidTransition):
            correction_notices.mark_sent(by=by, notice=one)


def test_nobody_writes_a_notice_or_calls_the_functions(acting: As) -> None:
    for text in (
        "insert into intelligence_correctionnotice default values",
        "delete from intelligence_correctionnotice",
        "update intelligence_correctionnotice set reference = 'N-1'",
        "select intelligence_tell('groups.Nominal', 1, 1, 1, 'N-1', 'erased')",
    ):
        with (
            acting(MANAGER),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(text)
    for who in ("owner_analyst", "auditor"):
        with (
            acting(who),
            pytest.raises(ProgrammingError, match="not for this account"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "select * from intelligence_recipients('groups.Nominal', '{}')"
            )


def test_recipients_of_what_was_found(
    acting: As, person: Nominal, client_as: SignIn
) -> None:
    gave_out(acting, "other_analyst", person)
    gave_out(acting, "other_analyst", person)
    gave_out(acting, "owner_supervisor", person, **{"as": "paper", "print": "AB12"})
    client_as("nca_officer").get(reverse("groups:person", args=[person.public_id]))
    with acting(MANAGER) as by:
        told = recipients(by=by, records=[person])
    found = {(one["kind"], one["times"], one["way"]) for one in told}
    assert found == {
        ("disclosure", 2, ""),
        ("consultation", 1, ""),
        ("disclosure", 1, "paper"),
    }
    with acting("other_records_manager") as by:
        assert recipients(by=by, records=[person]) == []
    request = registered(acting)
    kept(acting, request, person)
    page = client_as(MANAGER).get(
        reverse("intelligence:subject", args=[request.public_id])
    )
    text = page.content.decode()
    assert "West Yorkshire" in text
    assert "On paper, AB12" in text
    assert "Read on screen" in text


def test_the_pages(acting: As, person: Nominal, client_as: SignIn) -> None:
    gave_out(acting, "other_analyst", person)
    gave_out(acting, "owner_supervisor", person, **{"as": "paper", "print": "AB12"})
    correct(acting, person)
    [told] = notices(recipient__isnull=False)
    [outside] = notices(recipient__isnull=True)
    other = client_as("other_analyst")
    home = other.get(reverse("scoring:my_work")).content.decode()
    assert "Corrections to read" in home
    page = other.get(reverse("intelligence:corrections")).content.decode()
    assert person.reference in page
    assert "Durham" in page
    here = reverse("intelligence:acknowledge_correction", args=[told.public_id])
    assert other.post(here, {}).status_code == 200
    assert other.post(here, {"is_done": "on"}).status_code == 302
    assert client_as("region_analyst").get(here).status_code == 404
    after = other.get(reverse("intelligence:corrections")).content.decode()
    assert "Acknowledged" in after
    manager = client_as(MANAGER)
    assert (
        "Corrections to post"
        in manager.get(reverse("scoring:my_work")).content.decode()
    )
    sent = manager.get(reverse("intelligence:corrections_sent")).content.decode()
    assert "Acknowledged" in sent
    assert "Mark as sent" in sent
    post = reverse("intelligence:post_correction", args=[outside.public_id])
    assert other.get(post).status_code == 403
    assert manager.post(post, {"is_done": "on"}).status_code == 302
    assert (
        "Mark as sent"
        not in manager.get(reverse("intelligence:corrections_sent")).content.decode()
    )
    nobody = client_as("region_analyst")
    empty = nobody.get(reverse("intelligence:corrections")).content.decode()
    assert "There is no notice for you" in empty
    assert nobody.get(reverse("intelligence:corrections_sent")).status_code == 403
