"""Adding what is known of a group, and ending it, in the browser."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import aliases
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
Typed = dict[str, Any]

TOLD: Typed = {"basis": "reported", "rationale": "Seen together"}
NO_ROWS: Typed = {
    f"{prefix}-{name}_FORMS": count
    for prefix in ("places", "quantities")
    for name, count in (("TOTAL", "1"), ("INITIAL", "0"))
}
ACTIVITY: Typed = {**TOLD, **NO_ROWS, "threat_type": "illegal-drugs"}


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def count(model: Any) -> int:
    with acting_as(system("test")):
        return int(model.objects.count())


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("add_alias", {"name": "The Elms", "kind": "operation"}, "The Elms"),
        ("add_threat", {"threat_type": "cyber-crime"}, "Cyber crime"),
        (
            "add_identifier",
            {"kind": "phone", "value": "07700 900123", "sharing": "force"},
            "07700 900123",
        ),
    ],
)
def test_fact_is_added_and_ended(
    client_as: SignIn, group: CrimeGroup, name: str, typed: Typed, shown: str
) -> None:
    client = client_as("owner_analyst")
    answer = client.post(url(name, group.public_id), TOLD | typed)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert shown in page.text
    [table] = [
        page.context[key]
        for key in ("aliases", "threats", "identifiers")
        if page.context[key]["rows"]
    ]
    ending = table["rows"][0][-1]["links"][0]["url"]
    assert "End " in client.get(ending).text
    typed = {"reason": "Given up", "version": "1", "to_on_month": "2"}
    missing = client.post(ending, typed)
    assert "must include a day and a year" in missing.text
    typed |= {"to_on_day": "1", "to_on_year": "2024"}
    ended = client.post(ending, typed)
    assert "Until 1 February 2024" in client.get(ended["Location"]).text
    again = client.post(ending, typed | {"version": "2"})
    assert "This has ended already" in again.text


@pytest.mark.parametrize(
    ("name", "typed", "field", "message"),
    [
        ("add_alias", {"name": "", "kind": "alias"}, "name", "must be filled in"),
        ("add_alias", {"name": "x" * 121, "kind": "alias"}, "name", "120 characters"),
        ("add_threat", {"threat_type": "piracy"}, "threat_type", "has no option"),
        (
            "add_identifier",
            {"kind": "phone", "value": "call me", "sharing": "force"},
            "value",
            "has no known shape",
        ),
        (
            "add_group_link",
            {"kind": "supply", "other": "G-0000-0000-0"},
            "other",
            "There is no group",
        ),
    ],
)
def test_wrong_fact_is_refused_beside_the_field(
    client_as: SignIn,
    group: CrimeGroup,
    name: str,
    typed: Typed,
    field: str,
    message: str,
) -> None:
    answer = client_as("owner_analyst").post(url(name, group.public_id), TOLD | typed)
    assert message in answer.text
    assert f'href="#id_{field}"' in answer.text


def test_same_alias_twice_is_refused(client_as: SignIn, group: CrimeGroup) -> None:
    client = client_as("owner_analyst")
    typed = TOLD | {"name": "The Elms", "kind": "alias"}
    client.post(url("add_alias", group.public_id), typed)
    again = client.post(url("add_alias", group.public_id), typed | {"name": "the elms"})
    assert "is recorded already" in again.text
    assert count(GroupAlias) == 1


def test_groups_are_linked_from_both_sides(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by, name="Other group")
    client = client_as("owner_analyst")
    typed = TOLD | {"other": other.reference, "kind": "conflict"}
    assert client.post(url("add_group_link", group.public_id), typed).status_code == 302
    assert "Other group" in client.get(url("detail", group.public_id)).text
    assert "Fictional group" in client.get(url("detail", other.public_id)).text


def test_activity_is_recorded_with_its_rows(
    client_as: SignIn, group: CrimeGroup
) -> None:
    typed = ACTIVITY | {
        "offence": "92A",
        "modus": "By lorry",
        "places-TOTAL_FORMS": "2",
        "places-0-role": "harm",
        "places-0-area": "durham",
        "places-0-country": "GB",
        "places-1-role": "transit",
        "places-1-country": "NL",
        "quantities-0-commodity": "cocaine",
        "quantities-0-low": "1.5",
        "quantities-0-high": "2",
        "quantities-0-unit": "kg",
    }
    client = client_as("owner_analyst")
    answer = client.post(url("add_activity", group.public_id), typed)
    assert answer.status_code == 302
    text = client.get(answer["Location"]).text
    for shown in ("By lorry", "Harm: Durham", "NL", "1.5 to 2 kilograms", "92A"):
        assert shown in text
    assert (count(ActivityPlace), count(ActivityQuantity)) == (2, 1)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"modus": "x" * 4001}, "modus", "4000 characters"),
        ({"threat_type": ""}, "threat_type", "Select an option for"),
        (
            {"places-0-role": "harm", "places-0-country": "GB"},
            "places-0-area",
            "Say where",
        ),
        (
            {"places-0-role": "harm", "places-0-outcode": "D!"},
            "places-0-country",
            "must be filled in",
        ),
        (
            {
                "places-0-role": "harm",
                "places-0-outcode": "D!",
                "places-0-country": "GB",
            },
            "places-0-outcode",
            "has no known shape",
        ),
        (
            {"quantities-0-commodity": "cash", "quantities-0-unit": "gbp"},
            "quantities-0-amount",
            "Enter an amount",
        ),
        (
            {
                "quantities-0-commodity": "cash",
                "quantities-0-unit": "gbp",
                "quantities-0-amount": "a lot",
            },
            "quantities-0-amount",
            "number",
        ),
    ],
)
def test_wrong_activity_is_refused_beside_the_field_and_nothing_is_written(
    client_as: SignIn, group: CrimeGroup, typed: Typed, field: str, message: str
) -> None:
    answer = client_as("owner_analyst").post(
        url("add_activity", group.public_id), ACTIVITY | typed
    )
    assert message in answer.text
    assert f'href="#id_{field}"' in answer.text
    assert (count(Activity), count(ActivityPlace)) == (0, 0)


def test_add_another_place_keeps_the_text(client_as: SignIn, group: CrimeGroup) -> None:
    typed = ACTIVITY | {
        "add_row": "places",
        "modus": "By lorry",
        "places-0-outcode": "D!",
    }
    answer = client_as("owner_analyst").post(
        url("add_activity", group.public_id), typed
    )
    for shown in ("By lorry", "D!", 'name="places-1-role"'):
        assert shown in answer.text
    assert "There is a problem" not in answer.text


def test_fact_of_no_kind_or_of_another_group_answers_as_absent(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by)
        alias = aliases.add(by=by, group=other, name="Elms")
    client = client_as("owner_analyst")
    for public_id, kind, row in [
        (group.public_id, "cars", alias.public_id),
        (group.public_id, "aliases", alias.public_id),
        (group.public_id, "aliases", uuid.uuid4()),
    ]:
        assert client.get(url("end_fact", public_id, kind, row)).status_code == 404
    officer = client_as("nca_officer")
    right = url("end_fact", other.public_id, "aliases", alias.public_id)
    assert officer.get(right).status_code == 403
