"""The pages of those who answer what people ask about their data."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.models import Nominal
from intelligence.models import SubjectFinding, SubjectRequest
from tests.audited import Audited
from tests.cast import As
from tests.factories.groups import NominalFactory, organisation
from tests.subjects import MANAGER, everything, kept, registered

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
OTHERS = (
    ("owner_supervisor", 403),
    ("owner_analyst", 403),
    ("other_records_manager", 404),
    ("auditor", 403),
)


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, given_names="Rowan", surname="Ashdown")


def address(name: str, request: SubjectRequest, *more: Any) -> str:
    ids = [request.public_id, *(one.public_id for one in more)]
    return reverse(f"intelligence:{name}", args=ids)


def typed(**more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "section": "s46",
        "given_names": "Rowan",
        "surname": "Ashdown",
        "identifiers": "",
        "asked_for": "Says it was his brother",
        "received_on_day": today.day,
        "received_on_month": today.month,
        "received_on_year": today.year,
        "is_identity_asked": "no",
        **more,
    }


def test_from_the_register_to_the_letter(
    person: Nominal, client_as: SignIn, audited: Audited
) -> None:
    client = client_as(MANAGER)
    empty = client.get(reverse("intelligence:subjects")).content.decode()
    assert "No request is registered" in empty
    new = reverse("intelligence:register_subject")
    refused = client.post(new, typed(surname="", section=""))
    assert refused.status_code == 200
    assert "govuk-error-summary" in refused.content.decode()
    page = client.post(new, typed(), follow=True)
    assert "Nothing that you may see is kept" in page.content.decode()
    with everything():
        request = SubjectRequest.objects.get()
    listed = client.get(reverse("intelligence:subjects")).content.decode()
    assert request.reference in listed

    find = address("find_subject", request)
    offered = client.get(find).content.decode()
    assert person.reference in offered
    assert "Ashdown" not in find
    none = client.post(find, {})
    assert none.status_code == 200
    assert "Tick at least one record" in none.content.decode()
    ticked = client.post(find, {"nominal": [str(person.public_id)]}, follow=True)
    assert person.reference in ticked.content.decode()
    assert audited(object_type="groups.Nominal", kind="consultation")

    with everything():
        finding = SubjectFinding.objects.get()
    decide = address("decide_finding", request, finding)
    sent = {"version": 1, "decision": "rectify", "reason": "It was his brother"}
    decided = client.post(decide, sent, follow=True).content.decode()
    assert "Open it to correct it" in decided
    stale = client.post(decide, {**sent, "decision": "disclose"})
    assert "changed" in stale.content.decode()

    answer = address("answer_subject", request)
    done = client.post(answer, {"version": 1, "reason": "Put right"}, follow=True)
    letter = done.content.decode()
    assert "We have corrected information about you" in letter
    assert "Information Commissioner" in letter
    assert "Printed by Records Manager" in letter
    assert "OFFICIAL-SENSITIVE" in letter
    closed = client.get(address("find_subject", request))
    assert closed.status_code == 409


def test_a_refusal_with_grounds(acting: As, person: Nominal, client_as: SignIn) -> None:
    request = registered(acting)
    [finding] = kept(acting, request, person)
    client = client_as(MANAGER)
    refuse = address("refuse_finding", request, finding)
    bare = client.post(refuse, {"version": 1, "reason": "Under watch"})
    assert "Choose at least one ground" in bare.content.decode()
    sent = {
        "version": 1,
        "grounds": ["b"],
        "is_neutral": "yes",
        "reason": "Under watch",
    }
    page = client.post(refuse, sent, follow=True).content.decode()
    assert "Neither confirmed nor denied" in page
    whole = client.post(
        address("refuse_subject", request),
        {"version": 1, "reason": "Looked at", "whole_ground": ""},
        follow=True,
    ).content.decode()
    assert "There is no information about you that we can give you" in whole
    assert "Under watch" in whole, "the reason is recorded, and not in the letter"
    letter = whole.split("What to write to the person")[1]
    assert "Under watch" not in letter
    assert "prejudice" not in letter


def test_refusing_asks_who_one_is_again(
    acting: As, person: Nominal, client_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = registered(acting)
    [finding] = kept(acting, request, person)
    client = client_as(MANAGER)
    monkeypatch.setattr("accounts.step_up.is_fresh", lambda request: False)
    for url in (
        address("refuse_subject", request),
        address("refuse_finding", request, finding),
    ):
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("accounts:step_up"))
    assert client.get(address("answer_subject", request)).status_code == 200


def test_records_of_others_are_listed_and_cannot_be_ticked(
    acting: As, client_as: SignIn
) -> None:
    with acting("other_analyst") as by:
        theirs = NominalFactory(
            by=by,
            owner=organisation("west-yorkshire"),
            sharing="all_forces",
            given_names="Rowan",
            surname="Ashdown",
        )
    request = registered(acting)
    client = client_as(MANAGER)
    page = client.get(address("find_subject", request)).content.decode()
    assert theirs.reference in page
    assert f'value="{theirs.public_id}"' not in page
    assert "each answers for its own" in page
    forced = client.post(
        address("find_subject", request), {"nominal": [str(theirs.public_id)]}
    )
    assert forced.status_code == 200
    with everything():
        assert not SubjectFinding.objects.exists()


def test_nothing_found_says_so(acting: As, client_as: SignIn) -> None:
    request = registered(acting, surname="Quillfeather", given_names="")
    page = client_as(MANAGER).get(address("find_subject", request)).content.decode()
    assert "Nothing that you may see is held" in page


def test_identity_extension_and_withdrawal(acting: As, client_as: SignIn) -> None:
    request = registered(acting, is_identity_asked=True)
    client = client_as(MANAGER)
    page = client.get(address("subject", request)).content.decode()
    assert "the month has not begun" in page
    today = timezone.localdate()
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    identity = address("subject_identity", request)
    assert client.post(identity, {"version": 1, **day}).status_code == 302
    extend = address("extend_subject", request)
    assert client.post(extend, {"version": 2, "reason": "Many"}).status_code == 302
    back = address("withdraw_subject", request)
    done = client.post(back, {"version": 3, "reason": "By letter"}, follow=True)
    text = done.content.decode()
    assert "Withdrawn by the person" in text
    assert "Two months more because" in text


@pytest.mark.parametrize(("who", "status"), OTHERS)
def test_others_see_none_of_it(
    acting: As, person: Nominal, client_as: SignIn, who: str, status: int
) -> None:
    request = registered(acting)
    [finding] = kept(acting, request, person)
    client = client_as(who)
    for name in (
        "subject",
        "subject_summary",
        "find_subject",
        "subject_identity",
        "extend_subject",
        "answer_subject",
        "refuse_subject",
        "withdraw_subject",
    ):
        answer = client.get(address(name, request))
        assert answer.status_code == status, name
        assert "Ashdown" not in answer.content.decode()
    for name in ("decide_finding", "refuse_finding"):
        assert client.get(address(name, request, finding)).status_code == status
    register = 200 if who == "other_records_manager" else 403
    for name in ("subjects", "register_subject"):
        answer = client.get(reverse(f"intelligence:{name}"))
        assert answer.status_code == register
        assert request.reference not in answer.content.decode()


def test_a_form_sent_twice_registers_once(client_as: SignIn) -> None:
    client = client_as(MANAGER)
    new = reverse("intelligence:register_subject")
    ticket = client.get(new).context["ticket"]
    first = client.post(new, typed(entry=ticket))
    second = client.post(new, typed(entry=ticket))
    assert first["Location"] == second["Location"]
    with everything():
        assert SubjectRequest.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"section": "x"}, id="section"),
        pytest.param({"received_on_month": "13"}, id="month"),
        pytest.param({"surname": "\0"}, id="nul"),
        pytest.param({"surname": "x" * 500}, id="long"),
        pytest.param({"is_identity_asked": "perhaps"}, id="choice"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    client_as: SignIn, more: dict[str, Any]
) -> None:
    new = reverse("intelligence:register_subject")
    answer = client_as(MANAGER).post(new, typed(**more))
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    with everything():
        assert not SubjectRequest.objects.exists()


def test_unknown_parameters_are_refused(acting: As, client_as: SignIn) -> None:
    request = registered(acting)
    client = client_as(MANAGER)
    for url in (
        reverse("intelligence:subjects"),
        address("subject", request),
        address("subject_summary", request),
        reverse("intelligence:corrections"),
        reverse("intelligence:corrections_sent"),
    ):
        assert client.get(f"{url}?no=1").status_code == 400, url
