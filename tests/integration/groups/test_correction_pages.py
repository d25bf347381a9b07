"""Correcting and withdrawing facts in the browser."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.visibility import Viewer
from groups.actions import activities, aliases, links
from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    Nominal,
    ThreatType,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.conflicts import chosen_on
from tests.factories.groups import CrimeGroupFactory, NominalFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def typed_in(answer: Any, **more: Any) -> dict[str, Any]:
    """Return what the page's form would send, with changes."""
    forms = [answer.context["form"]]
    sent: dict[str, Any] = {}
    for formset, _ in answer.context["lists"]:
        forms += formset.forms
        sent |= {
            formset.management_form.add_prefix(name): formset.management_form[
                name
            ].value()
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        }
    for form in forms:
        for name, field in form.fields.items():
            value = form[name].value()
            if hasattr(field.widget, "decompress"):
                parts = (
                    value if isinstance(value, list) else field.widget.decompress(value)
                )
                names = [
                    form.add_prefix(name) + one for one in field.widget.widgets_names
                ]
                sent |= {
                    key: part for key, part in zip(names, parts, strict=True) if part
                }
            elif value not in (None, False):
                sent[form.add_prefix(name)] = value
    return sent | more


@pytest.fixture
def alias(acting: As, by: Viewer, group: CrimeGroup) -> GroupAlias:
    with acting("owner_analyst"):
        made = aliases.add(by=by, group=group, name="Elms", rationale="Heard")
        made.refresh_from_db()
        return made


def test_name_is_corrected_and_a_conflict_keeps_what_was_typed(
    client_as: SignIn, group: CrimeGroup, alias: GroupAlias
) -> None:
    client = client_as("owner_analyst")
    page = client.get(url("detail", group.public_id))
    address = url("correct_fact", group.public_id, "aliases", alias.public_id)
    assert address in page.text
    shown = client.get(address)
    typed = typed_in(shown, name="Oaks", reason="Misheard")
    assert typed["version"] == 1
    assert client.post(address, typed).status_code == 302
    again = client.post(address, typed | {"name": "Ash"})
    assert again.status_code == 200
    assert "Someone else changed this record" in again.text
    [(name, who, _)] = again.context["differences"]
    assert (name.was, name.now, name.typed) == ("Elms", "Oaks", "Ash")
    assert (name.keep, who) == (None, "Owner Analyst, Durham")
    taken = client.post(address, chosen_on(again, name="mine"))
    assert taken.status_code == 302
    told = client.get(url("history", group.public_id)).text
    assert "Misheard" in told
    assert "Oaks" in told


@pytest.mark.parametrize("step", ["end", "correct", "withdraw"])
def test_page_names_the_fact_and_shows_it_as_recorded(
    client_as: SignIn, group: CrimeGroup, alias: GroupAlias, step: str
) -> None:
    address = url(f"{step}_fact", group.public_id, "aliases", alias.public_id)
    page = client_as("owner_analyst").get(address)
    assert f'<h1 class="govuk-heading-l">{step.capitalize()} name: Elms</h1>' in (
        page.text
    )
    said = {row["key"]: row["value"].get("text") for row in page.context["summary"]}
    assert said["About"] == f"{group.name} ({group.reference})"
    assert said["Name"] == "Elms"
    assert said["Why it is recorded"] == "Heard"
    assert {"Sort", "When", "Basis"} <= set(said)


@pytest.mark.parametrize("end", ["a", "b"])
def test_page_of_a_link_names_the_other_end_and_records_that(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    end: str,
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by, name="Quillmark")
        link = links.link_groups(
            by=by, a=group, b=other, kind="cooperation", rationale="Met"
        )
    here, there = (group, other) if end == "a" else (other, group)
    address = url("withdraw_fact", here.public_id, "links", link.public_id)
    page = client_as("owner_analyst").get(address)
    assert f"Withdraw link: {there.name}" in page.text
    with acting_as(system("test")):
        shown = AuditEvent.objects.filter(kind="consultation")
        row = shown.get(object_type="groups.CrimeGroup")
    assert set(row.object_ids) == {group.pk, other.pk}


def test_name_without_a_reason_is_refused_beside_the_field(
    client_as: SignIn, group: CrimeGroup, alias: GroupAlias
) -> None:
    client = client_as("owner_analyst")
    address = url("correct_fact", group.public_id, "aliases", alias.public_id)
    answer = client.post(address, typed_in(client.get(address), name="Oaks"))
    assert answer.status_code == 200
    assert "What was wrong, and how you know must be filled in" in answer.text
    assert 'value="Oaks"' in answer.text


def test_name_is_withdrawn_and_told_in_the_history(
    client_as: SignIn, group: CrimeGroup, alias: GroupAlias
) -> None:
    client = client_as("owner_analyst")
    address = url("withdraw_fact", group.public_id, "aliases", alias.public_id)
    answer = client.post(address, {"reason": "It is another group's", "version": "1"})
    assert answer.status_code == 302
    assert "Elms" not in client.get(answer["Location"]).text
    assert client.get(address).status_code == 404
    told = client.get(url("history", group.public_id)).text
    assert "Elms" in told
    assert "another group" in told


def test_activity_is_corrected_row_by_row(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        activity = activities.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code="illegal-drugs"),
            rationale="Seen",
            places=[
                PlaceDraft("group", outcode="DH1"),
                PlaceDraft("harm", outcode="DH2"),
            ],
            quantities=[QuantityDraft("cocaine", "kg", Decimal(2))],
        )
    client = client_as("owner_analyst")
    address = url("correct_fact", group.public_id, "activities", activity.public_id)
    typed = typed_in(client.get(address), modus="By van", reason="Statement")
    assert typed["places-1-outcode"] == "DH2"
    more = {"places-0-outcode": "DH9", "places-1-is_withdrawn": "on"}
    extra = {
        "places-TOTAL_FORMS": "3",
        "places-2-role": "transit",
        "places-2-country": "NL",
    }
    answer = client.post(address, typed | more | extra)
    assert answer.status_code == 302, answer.context["links"]
    text = client.get(answer["Location"]).text
    assert "By van" in text
    assert "DH9" in text
    assert "NL" in text
    assert "DH2" not in text
    wrong = typed_in(client.get(address), reason="Slip") | {
        "quantities-0-amount": "",
        "modus": "Typed once",
    }
    refused = client.post(address, wrong)
    assert refused.status_code == 200
    assert "Enter an amount" in refused.text
    assert "Typed once" in refused.text
    with acting("owner_analyst"):
        assert Activity.objects.visible_to(by).get().modus == "By van"
        assert ActivityPlace.objects.visible_to(by).count() == 2


def test_link_is_ended_and_corrected_from_either_side(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        far = CrimeGroupFactory(by=by)
        link = links.link_groups(by=by, a=group, b=far, kind="supply", rationale="x")
        friend = NominalFactory(by=by)
        tie = links.link_people(
            by=by, a=nominal, b=friend, kind="family", rationale="x"
        )
    client = client_as("owner_analyst")
    day = {"to_on_day": "1", "to_on_month": "2", "to_on_year": "2024"}
    for part, record, fact in (("fact", far, link), ("person_fact", friend, tie)):
        correct = url(f"correct_{part}", record.public_id, "links", fact.public_id)
        typed = typed_in(client.get(correct), kind="other", reason="Slip")
        assert client.post(correct, typed).status_code == 302
        end = url(f"end_{part}", record.public_id, "links", fact.public_id)
        answer = client.post(end, day | {"reason": "Fell out", "version": "2"})
        assert answer.status_code == 302
        assert "Until 1 February 2024" in client.get(answer["Location"]).text


def test_facts_of_somebody_else_offer_no_step(
    client_as: SignIn, group: CrimeGroup, alias: GroupAlias
) -> None:
    client = client_as("nca_officer")
    page = client.get(url("detail", group.public_id)).text
    assert "Elms" in page
    for step in ("end", "correct", "withdraw"):
        address = url(f"{step}_fact", group.public_id, "aliases", alias.public_id)
        assert address not in page
        assert client.get(address).status_code == 403
