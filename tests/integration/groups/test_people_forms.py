"""Putting people into groups, and recording people, in the browser."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import people
from groups.models import (
    CrimeGroup,
    Identifier,
    Involvement,
    Membership,
    Nominal,
    PersonLink,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import NominalFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
Typed = dict[str, Any]

TOLD: Typed = {"basis": "reported", "rationale": "Seen together"}
MEMBER: Typed = {**TOLD, "standing": "significant", "dpa_category": "suspect"}
PERSON: Typed = {
    "is_identified": "yes",
    "given_names": "Robin",
    "surname": "Able",
    "gender": "unknown",
    "sharing": "force",
    "rationale": "Rents the unit",
    "identifier_kind": "phone",
    "value": "07700 900123",
}


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def count(model: Any) -> int:
    with acting_as(system("test")):
        return int(model.objects.count())


def one(model: Any) -> Any:
    with acting_as(system("test")):
        return model.objects.get()


def test_member_on_record_is_added(
    client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    typed = MEMBER | {
        "person": nominal.reference,
        "started_month": "3",
        "started_year": "2024",
        "started_precision": "",
        "ended_day": "1",
        "ended_month": "5",
        "ended_year": "2025",
    }
    client = client_as("owner_analyst")
    answer = client.post(url("add_member", group.public_id), typed)
    assert answer["Location"] == url("people", group.public_id)
    row = one(Membership)
    assert (row.from_on, row.precision) == (datetime.date(2024, 3, 1), "month")
    assert row.to_on == datetime.date(2025, 5, 1)
    text = client.get(answer["Location"]).text
    assert "March 2024 to 1 May 2025" in text


def test_new_person_is_added_as_member_and_shared_as_the_group_is(
    client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    client.post(url("add_member", group.public_id), MEMBER | {"surname": "Able"})
    assert one(Nominal).access_class_id == group.access_class_id
    assert one(Membership).standing == "significant"


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({}, "person", "Enter the reference of a person on record"),
        ({"surname": "Able", "person": "@"}, "person", "not both"),
        ({"person": "N-1"}, "person", "it has a slip"),
        ({"surname": "Able", "rationale": ""}, "rationale", "Why it is recorded must"),
        ({"surname": "Able", "basis": "rumour"}, "basis_0", "has no option"),
        (
            {"surname": "Able", "dpa_category": "victim"},
            "dpa_category",
            "has no option",
        ),
        (
            {"surname": "Able", "started_year": "2190"},
            "started_0",
            "must not be in the future",
        ),
        (
            {
                "surname": "Able",
                "started_year": "2024",
                "ended_day": "1",
                "ended_month": "1",
                "ended_year": "2020",
            },
            "ended_0",
            "The end date is before the start date",
        ),
        (
            {
                "surname": "Able",
                "ended_day": "31",
                "ended_month": "4",
                "ended_year": "20",
            },
            "ended_2",
            "a year of four figures",
        ),
    ],
)
def test_wrong_member_is_refused_beside_the_field(
    client_as: SignIn,
    group: CrimeGroup,
    nominal: Nominal,
    typed: Typed,
    field: str,
    message: str,
) -> None:
    if typed.get("person") == "@":
        typed = typed | {"person": nominal.reference}
    answer = client_as("owner_analyst").post(
        url("add_member", group.public_id), MEMBER | typed
    )
    assert message in answer.text
    assert f'href="#id_{field}' in answer.text
    assert (count(Membership), count(Nominal)) == (0, 1)


def test_hidden_person_and_absent_person_are_refused_alike(
    client_as: SignIn, group: CrimeGroup, hidden_person: Nominal
) -> None:
    client = client_as("owner_analyst")
    with acting_as(system("test")):
        absent = Nominal(owner=group.owner).reference
    texts = [
        client.post(
            url("add_member", group.public_id), MEMBER | {"person": reference}
        ).text
        for reference in (hidden_person.reference, absent)
    ]
    assert all("that you may see. Check the reference." in text for text in texts)
    assert "Marlow" not in texts[0]


def test_member_is_changed_and_ended_from_the_version_shown(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        member = people.add_member(
            by=by,
            group=group,
            nominal=nominal,
            rationale="Seen",
            basis="reported",
            dpa_category="suspect",
        )
    client = client_as("owner_analyst")
    address = url("edit_member", group.public_id, member.public_id)
    assert client.get(address).context["form"]["standing"].value() == "unknown"
    typed = MEMBER | {"version": "1", "standing": "principal", "reason": "Now leads"}
    assert client.post(address, typed).status_code == 302
    stale = client.post(address, typed | {"standing": "peripheral"})
    assert "Someone else changed this record" in stale.text
    assert "Principal" in stale.text
    assert one(Membership).standing == "principal"


def test_involvement_of_a_new_victim_is_hidden_from_the_region(
    client_as: SignIn, group: CrimeGroup
) -> None:
    typed = TOLD | {
        "kind": "exploited",
        "dpa_category": "victim",
        "surname": "Able",
        "born_year": "2014",
    }
    client = client_as("owner_analyst")
    answer = client.post(url("add_involvement", group.public_id), typed)
    assert answer.status_code == 302
    row, person = one(Involvement), one(Nominal)
    assert row.access_class_id == person.access_class_id != group.access_class_id
    assert "Victims and exploited people" in client.get(answer["Location"]).text
    lead = client_as("rocu_lead")
    assert "Able" not in lead.get(url("people", group.public_id)).text
    assert lead.get(url("person", person.public_id)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"kind": "victim"}, "dpa_category_0", "Choose it."),
        ({"kind": "public_official"}, "kind_0", "anti-corruption unit"),
        ({"kind": "friend"}, "kind_0", "has no option"),
        ({"rationale": " "}, "rationale", "must be filled in"),
        (
            {"review_on_day": "1", "review_on_month": "1", "review_on_year": "2090"},
            "review_on_0",
            "An associate is reviewed within",
        ),
    ],
)
def test_wrong_involvement_is_refused_beside_the_field(
    client_as: SignIn, group: CrimeGroup, typed: Typed, field: str, message: str
) -> None:
    right = TOLD | {"kind": "associate", "dpa_category": "other", "surname": "Able"}
    answer = client_as("owner_analyst").post(
        url("add_involvement", group.public_id), right | typed
    )
    assert message in answer.text
    assert f'href="#id_{field}"' in answer.text
    assert (count(Involvement), count(Nominal)) == (0, 0)


def test_involvement_is_changed_by_its_owner(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        row = people.add_involvement(
            by=by,
            group=group,
            nominal=nominal,
            kind="associate",
            dpa_category="other",
            rationale="Shares a flat",
        )
    address = url("edit_involvement", group.public_id, row.public_id)
    client = client_as("owner_analyst")
    assert client.get(address).status_code == 200
    typed = TOLD | {"version": "1", "dpa_category": "suspect"}
    assert client.post(address, typed).status_code == 302
    assert one(Involvement).dpa_category == "suspect"
    absent = url("edit_involvement", group.public_id, uuid.uuid4())
    assert client.get(absent).status_code == 404


# People on their own


def test_person_is_recorded_with_what_ties_them(
    client_as: SignIn, nominal: Nominal
) -> None:
    client = client_as("owner_analyst")
    typed = PERSON | {"associate": nominal.reference, "born_year": "1990"}
    answer = client.post(url("person_create"), typed)
    assert answer.status_code == 302
    text = client.get(answer["Location"]).text
    for shown in ("Robin Able", "07700 900123", "Alex Marlow", "1990"):
        assert shown in text
    assert (count(Nominal), count(PersonLink)) == (2, 1)
    assert one(Identifier).normalised == "+447700900123"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"identifier_kind": "", "value": ""}, "must be tied to something known"),
        ({"identifier_kind": ""}, "Choose what kind of identifier it is"),
        ({"value": ""}, "Enter the identifier"),
        ({"value": "call me"}, "has no known shape"),
        ({"surname": ""}, "Enter the surname"),
        ({"surname": "Unknown"}, "must not say that the name is unknown"),
        ({"is_identified": "no"}, "Enter a designation"),
        ({"is_identified": "perhaps"}, "has no option"),
        ({"born_year": "1850"}, "must not be"),
        ({"sharing": "organisation"}, "Enter why only your organisation"),
        ({"associate": "N-0000-0000-0"}, "There is no person"),
    ],
)
def test_wrong_person_is_refused_and_nothing_is_written(
    client_as: SignIn, typed: Typed, message: str
) -> None:
    answer = client_as("owner_analyst").post(url("person_create"), PERSON | typed)
    assert answer.status_code == 200
    assert message in answer.text
    assert "Rents the unit" in answer.text
    assert (count(Nominal), count(Identifier)) == (0, 0)


def test_person_is_changed_from_the_version_shown(
    client_as: SignIn, nominal: Nominal
) -> None:
    client = client_as("owner_analyst")
    address = url("person_edit", nominal.public_id)
    assert client.get(address).context["form"]["surname"].value() == "Marlow"
    typed = {
        "is_identified": "yes",
        "surname": "Noakes",
        "gender": "male",
        "version": "1",
        "reason": "Passport seen",
    }
    assert client.post(address, typed).status_code == 302
    stale = client.post(address, typed | {"surname": "Oakes"})
    assert "What stands now" in stale.text
    assert one(Nominal).surname == "Noakes"
    wrong = client.post(address, typed | {"version": "2", "surname": "N0akes"})
    assert "must not hold figures" in wrong.text


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("person_alias", {"surname": "Red", "kind": "nickname"}, "Red"),
        (
            "person_identifier",
            {"kind": "vehicle", "value": "AB12 CDE", "sharing": "force"},
            "AB12 CDE",
        ),
    ],
)
def test_fact_about_a_person_is_added_and_ended(
    client_as: SignIn, nominal: Nominal, name: str, typed: Typed, shown: str
) -> None:
    client = client_as("owner_analyst")
    answer = client.post(url(name, nominal.public_id), TOLD | typed)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert shown in page.text
    [table] = [
        page.context[key]
        for key in ("aliases", "identifiers")
        if page.context[key]["rows"]
    ]
    ending = table["rows"][0][-1]["links"][0]["url"]
    assert client.get(ending).status_code == 200
    day = {"to_on_day": "1", "to_on_month": "2", "to_on_year": "2024"}
    ended = client.post(ending, day | {"reason": "Given up", "version": "1"})
    assert ended.status_code == 302
    assert "Until 1 February 2024" in client.get(ended["Location"]).text


def test_people_are_linked_by_whoever_sees_both(
    acting: As, by: Viewer, client_as: SignIn, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        other = NominalFactory(by=by, surname="Zander")
    client = client_as("nca_officer")
    address = url("person_link", nominal.public_id)
    typed = TOLD | {"other": other.reference, "kind": "family"}
    assert client.post(address, typed).status_code == 302
    assert "Zander" in client.get(url("person", nominal.public_id)).text
    itself = client.post(address, typed | {"other": nominal.reference})
    assert "joins two different people" in itself.text


def test_form_of_a_hidden_person_answers_as_absent(
    client_as: SignIn, hidden_person: Nominal
) -> None:
    client = client_as("owner_analyst")
    for name in ("person_edit", "person_alias", "person_identifier", "person_link"):
        for public_id in (hidden_person.public_id, uuid.uuid4()):
            assert client.get(url(name, public_id)).status_code == 404
    unknown = url("end_person_fact", hidden_person.public_id, "cars", uuid.uuid4())
    assert client.get(unknown).status_code == 404
