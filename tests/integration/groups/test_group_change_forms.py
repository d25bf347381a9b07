"""Changing a group and its state in the browser."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import labels
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, organisation

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


def edited(client: Client, group: CrimeGroup, **typed: Any) -> Typed:
    form = client.get(url("edit", group.public_id)).context["form"]
    shown = {
        name: form[name].value()
        for name in form.fields
        if form[name].value() is not None
    }
    shown.pop("review_on", None)
    return shown | typed


def test_edit_shows_what_stands_and_writes_what_was_changed(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, audited: Any
) -> None:
    client = client_as("owner_analyst")
    typed = edited(client, group, name="Birch", reason="Renamed")
    assert "sharing" not in typed
    assert client.post(url("edit", group.public_id), typed).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
    assert (now.name, now.version, now.access_class_id) == (
        "Birch",
        2,
        group.access_class_id,
    )
    assert audited("groups.CrimeGroup")[-1] == ("alteration", [group.pk], "Renamed")


def test_edit_does_not_change_who_may_see_the_group(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    for to in ("organisation", "region"):
        typed = edited(client, group, sharing=to, sharing_reason="At risk")
        assert client.post(url("edit", group.public_id), typed).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
    assert now.access_class_id == group.access_class_id


def test_edit_with_an_altered_version_is_refused(
    client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    for version in ("", "x", "7"):
        typed = edited(client, group, version=version)
        assert client.post(url("edit", group.public_id), typed).status_code == 200


def test_edit_keeps_a_label_that_is_none_of_the_options(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:

    with acting("owner_analyst"):
        mixed = labels.join_of(
            labels.intern(option.label)
            for option in labels.options_for(organisation())
            if option.code in {"force", "organisation"}
        )
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=group.pk).update(access_class_id=mixed)
    client = client_as("owner_analyst")
    typed = edited(client, group, name="Birch")
    assert client.post(url("edit", group.public_id), typed).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
    assert (now.name, now.access_class_id) == ("Birch", mixed)


def test_edit_with_a_wrong_value_is_refused_beside_its_field(
    client_as: SignIn, acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        CrimeGroupFactory(by=by, owner_reference="DU-1")
    client = client_as("owner_analyst")
    typed = edited(client, group, owner_reference="DU-1")
    answer = client.post(url("edit", group.public_id), typed)
    assert 'href="#id_owner_reference"' in answer.text


# States


def step(client: Client, group: CrimeGroup, **typed: Any) -> Any:
    page = client.get(url("change_state", group.public_id))
    version = page.context["form"]["version"].value()
    return client.post(
        url("change_state", group.public_id),
        {"version": version, "reason": "Complete", **typed},
    )


def test_record_goes_from_draft_to_mapped_and_rests(
    client_as: SignIn, group: CrimeGroup
) -> None:
    analyst, lead = client_as("owner_analyst"), client_as("rocu_lead")
    assert step(analyst, group, step="record_state:submitted").status_code == 302
    refused = step(analyst, group, step="record_state:mapped")
    assert "Needs a supervisor of the owner or the lead" in refused.text
    assert step(lead, group, step="record_state:mapped").status_code == 302
    resting = step(analyst, group, step="activity_status:dormant")
    assert "Enter the day of the review" in resting.text
    assert 'href="#id_review_on' in resting.text
    day = {"review_on_day": "1", "review_on_month": "2"}
    day["review_on_year"] = str(THIS_YEAR + 1)
    answer = step(analyst, group, step="activity_status:dormant", **day)
    assert answer.status_code == 302
    with acting_as(system("test")):
        group.refresh_from_db()
    assert (group.record_state, group.activity_status) == ("mapped", "dormant")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"step": "record_state:submitted", "reason": " "}, "Reason must be filled in"),
        ({"step": "record_state:mapped"}, "has no option"),
        ({}, "Select an option for “What should happen”"),
        ({"step": "record_state:submitted", "version": "9"}, "Someone else changed"),
    ],
)
def test_step_that_cannot_be_taken_says_why(
    client_as: SignIn, group: CrimeGroup, typed: Typed, message: str
) -> None:
    assert message in step(client_as("owner_analyst"), group, **typed).text


def test_absent_group_cannot_be_changed(client_as: SignIn, hidden: CrimeGroup) -> None:
    client = client_as("owner_analyst")
    for public_id in (hidden.public_id, uuid.uuid4()):
        for name in ("edit", "change_state"):
            assert client.post(url(name, public_id), GROUP).status_code == 404
