"""Recording a group in the browser."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.models import CrimeGroup, GroupThreat, Membership, Nominal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
Find = Callable[[str], Viewer]
Typed = dict[str, Any]

THIS_YEAR = datetime.date.today().year  # noqa: DTZ011

GROUP: Typed = {
    "name": "Fictional group",
    "summary": "Sells from a unit.",
    "kind": "crime_group",
    "tier": "force",
    "s45_test": "yes",
    "soc_test": "unknown",
    "predominant_threat": "illegal-drugs",
    "rationale": "Three seizures and a statement",
    "sharing": "force",
    "members-TOTAL_FORMS": "1",
    "members-INITIAL_FORMS": "0",
}


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def member(row: int, **typed: str) -> Typed:
    values = {"standing": "unknown", "dpa_category": "suspect", **typed}
    return {f"members-{row}-{name}": value for name, value in values.items()}


def count(model: Any) -> int:
    with acting_as(system("test")):
        return int(model.objects.count())


def test_group_with_five_members_in_one_submit(
    acting: As, by: Viewer, client_as: SignIn, nominal: Nominal
) -> None:
    typed = GROUP | {"members-TOTAL_FORMS": "6"}
    typed |= member(0, person=nominal.reference.lower(), standing="principal")
    typed |= member(1, given_names="Robin", surname="Able")
    typed |= member(2, designation="Male 2, black van", dpa_category="other")
    typed |= member(3, surname="Baker", dpa_category="convicted")
    typed |= member(4, surname="Charley", born_year="1990")
    typed |= {"members-5-standing": "unknown"}
    answer = client_as("owner_analyst").post(url("create"), typed, follow=True)
    assert answer.redirect_chain
    assert "The group is recorded as a draft" in answer.text
    with acting("owner_analyst"):
        group = CrimeGroup.objects.visible_to(by).get()
        rows = Membership.objects.visible_to(by).select_related("nominal")
        found = {
            (row.nominal.display_name, row.standing, row.dpa_category) for row in rows
        }
        assert {row.rationale for row in rows} == {"Three seizures and a statement"}
        assert {row.nominal.is_identified for row in rows} == {True, False}
        threat = GroupThreat.objects.visible_to(by).get(group=group)
    assert found == {
        ("Alex Marlow", "principal", "suspect"),
        ("Robin Able", "unknown", "suspect"),
        ("Male 2, black van", "unknown", "other"),
        ("Baker", "unknown", "convicted"),
        ("Charley", "unknown", "suspect"),
    }
    assert threat.is_predominant
    assert (group.tier, group.s45_test, group.owner_id) == (
        "force",
        "yes",
        by.organisation_id,
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"surname": "Able2"}, "The surname must not hold figures"),
        ({"surname": "Able", "dpa_category": "victim"}, "has no option “victim”"),
        (
            {"surname": "Able", "dpa_category": ""},
            "Select an option for “Data protection category”",
        ),
        ({"given_names": "Robin"}, "Enter the reference of a person on record"),
        ({"person": "N-0000-0000-1"}, "it has a slip"),
        ({"person": "N-0000-0000-0"}, "There is no person N-0000-0000-0"),
        ({"surname": "Able", "born_year": "2190"}, "must not be in the future"),
        ({"surname": "Able", "born_year": str(THIS_YEAR - 8)}, "safeguarding referral"),
        (
            {"surname": "Able", "born_year": str(THIS_YEAR - 15)},
            "a supervisor must make this entry",
        ),
        ({"surname": "x" * 121}, "120 characters or fewer"),
    ],
)
def test_group_with_a_wrong_member_keeps_all_that_was_typed_and_writes_nothing(
    client_as: SignIn, row: Typed, message: str
) -> None:
    typed = GROUP | {"members-TOTAL_FORMS": "2"} | member(0, surname="Right")
    typed |= member(1, **row)
    answer = client_as("owner_analyst").post(url("create"), typed)
    assert answer.status_code == 200
    assert answer.text.count(message) >= 2
    for text in ("Fictional group", "Sells from a unit.", "Right"):
        assert text in answer.text
    assert (count(CrimeGroup), count(Nominal), count(Membership)) == (0, 0, 0)


def test_error_links_lead_to_the_field_at_fault(client_as: SignIn) -> None:
    typed = GROUP | {"name": ""} | member(0, surname="Able2")
    client = client_as("owner_analyst")
    both = client.post(url("create"), typed).text
    assert 'href="#id_name"' in both
    row = client.post(url("create"), typed | {"name": "Named"}).text
    assert 'href="#id_members-0-surname"' in row
    assert 'id="id_members-0-surname"' in row


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": "  "}, "Name of the group must be filled in"),
        ({"name": "x" * 121}, "120 characters or fewer"),
        ({"summary": "x" * 4001}, "4000 characters or fewer"),
        ({"kind": "cartel"}, "has no option “cartel”"),
        ({"predominant_threat": "piracy"}, "has no option “piracy”"),
        ({"rationale": ""}, "Enter what the predominant threat is based on"),
        (
            {"review_on_day": "31", "review_on_month": "2", "review_on_year": "2030"},
            "28",
        ),
        (
            {"review_on_day": "1", "review_on_month": "2", "review_on_year": "2020"},
            "past",
        ),
        ({"sharing": ""}, "Select an option for “Who may see this record”"),
        ({"sharing": "everyone"}, "has no option “everyone”"),
        ({"sharing": "organisation"}, "Enter why only your organisation may see"),
        ({"members-TOTAL_FORMS": "many"}, "Part of the form did not arrive"),
    ],
)
def test_group_with_a_wrong_value_says_so_and_writes_nothing(
    client_as: SignIn, typed: Typed, message: str
) -> None:
    answer = client_as("owner_analyst").post(url("create"), GROUP | typed)
    assert answer.status_code == 200
    assert message in answer.text
    assert "There is a problem" in answer.text
    assert count(CrimeGroup) == 0


def test_members_need_what_they_are_recorded_on(client_as: SignIn) -> None:
    typed = (
        GROUP | {"predominant_threat": "", "rationale": ""} | member(0, surname="Able")
    )
    answer = client_as("owner_analyst").post(url("create"), typed)
    assert "Enter what the members are recorded on" in answer.text
    assert count(CrimeGroup) == 0


def test_add_another_member_keeps_the_text_and_finds_no_fault(
    client_as: SignIn,
) -> None:
    typed = GROUP | {"name": "", "add_row": "members"} | member(0, surname="Able2")
    answer = client_as("owner_analyst").post(url("create"), typed)
    assert "There is a problem" not in answer.text
    assert "Able2" in answer.text
    assert 'name="members-1-surname"' in answer.text
    assert count(CrimeGroup) == 0


def test_enter_key_saves_rather_than_adding_a_row(client_as: SignIn) -> None:
    text = client_as("owner_analyst").get(url("create")).text
    form = text[text.index('<form method="post" novalidate data-submit-once') :]
    first = re.search(r'<button type="submit"[^>]*>', form)
    assert first
    assert "add_row" not in first[0]


def test_own_organisation_only_is_recorded_with_its_reason(
    acting: As, client_as: SignIn, viewer: Find, audited: Any
) -> None:
    typed = GROUP | {"sharing": "organisation", "sharing_reason": "Covert phase"}
    answer = client_as("owner_analyst").post(url("create"), typed)
    assert answer.status_code == 302
    assert audited("groups.CrimeGroup")[0][2] == "Covert phase"
    assert client_as("rocu_lead").get(answer["Location"]).status_code == 404


def test_compartments_are_offered_to_holders_only(
    client_as: SignIn, grant: Callable[[str, str], None]
) -> None:
    assert "Safeguarding" not in client_as("owner_analyst").get(url("create")).text
    grant("owner_analyst", "safeguarding")
    client = client_as("owner_analyst")
    page = client.get(url("create"))
    [(tag, _)] = page.context["form"].fields["compartments"].choices
    answer = client.post(url("create"), GROUP | {"compartments": [tag]})
    assert answer.status_code == 302
    assert client_as("owner_supervisor").get(answer["Location"]).status_code == 404
    wrong = client.post(url("create"), GROUP | {"compartments": [999_999]})
    assert "has no option “999999”" in wrong.text


def test_lead_of_the_region_chooses_the_owner(client_as: SignIn) -> None:
    client = client_as("rocu_lead")
    page = client.get(url("create")).text
    assert "Durham" in page
    assert "West Yorkshire" not in page
    answer = client.post(url("create"), GROUP | {"owner": "durham"})
    assert answer.status_code == 302
    with acting_as(system("test")):
        assert CrimeGroup.objects.get().owner.code == "durham"
    wrong = client.post(url("create"), GROUP | {"owner": "west-yorkshire"})
    assert wrong.status_code == 200
    hiding = GROUP | {
        "owner": "durham",
        "sharing": "organisation",
        "sharing_reason": "x",
        "sure": "yes",
    }
    assert (
        "You could not see this record yourself"
        in client.post(url("create"), hiding).text
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner_analyst", 200), ("auditor", 403), ("administrator", 403)],
)
def test_recording_is_for_those_who_contribute(
    client_as: SignIn, who: str, status: int
) -> None:
    assert client_as(who).get(url("create")).status_code == status
