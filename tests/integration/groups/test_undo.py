"""Undoing what one just did: former values written anew, by the same rules as a change."""

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import (
    activities,
    aliases,
    groups,
    memberships,
    people,
    undoing,
)
from groups.actions.activities import PlaceDraft
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Membership,
    Nominal,
    ThreatType,
)
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory
from tests.integration.groups.test_correction_pages import typed_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
LINK = re.compile(r'href="(/(?:groups|people)/[0-9a-f/-]*undo/[0-9a-f-]{36}/)"')


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def undo_links(client: Client, address: str) -> list[str]:
    return LINK.findall(client.get(address).text)


@pytest.fixture
def supervisor(viewer: Callable[[str], Viewer]) -> Viewer:
    return viewer("owner_supervisor")


def edit_on_page(client: Client, group: CrimeGroup, **typed: Any) -> Any:
    address = url("edit", group.public_id)
    sent = typed_in(client.get(address), **typed)
    return client.post(address, sent, follow=True)


def test_notice_and_history_offer_it_and_it_is_a_step_of_its_own(
    acting: As, by: Viewer, client_as: SignIn, audited: Any, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    done = edit_on_page(client, group, name="Typo", tier="force", reason="Renamed")
    [link] = LINK.findall(done.text)
    assert undo_links(client, url("history", group.public_id)) == [link]
    page = client.get(link)
    shown = [[cell["text"] for cell in row[1:]] for row in page.context["back_rows"]]
    assert ["Name", "Typo", "Fictional group"] in shown
    assert ["Tier", "Force", "Not tiered"] in shown
    assert client.post(link, {"entry": page.context["ticket"]}).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
        assert (now.name, now.tier, now.version) == ("Fictional group", "none", 3)
    assert audited("groups.CrimeGroup")[-1] == ("alteration", [group.pk], "Undone")
    told = client.get(url("history", group.public_id)).text
    assert "Reason: Undone" in told
    assert "Reason: Renamed" in told
    again = client.post(link, {"entry": page.context["ticket"]})
    assert again.status_code in {302, 404}
    with acting("owner_analyst"):
        assert CrimeGroup.objects.visible_to(by).get().version == 3


def test_not_after_somebody_else_changed_it(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    [link] = LINK.findall(edit_on_page(client, group, name="Typo").text)
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=2, tier="national")
    assert undo_links(client, url("history", group.public_id)) == []
    page = client.get(link)
    assert "It was changed again since" in page.text
    assert "What goes back" not in page.text
    refused = client.post(link, {})
    assert "This cannot be undone" in refused.text
    with acting("owner_analyst"):
        assert CrimeGroup.objects.visible_to(by).get().name == "Typo"


@pytest.mark.parametrize(
    "who", ["owner_supervisor", "rocu_lead", "other_analyst", "administrator"]
)
def test_nobody_else_is_told_of_the_request(
    client_as: SignIn, group: CrimeGroup, who: str
) -> None:
    client = client_as("owner_analyst")
    [link] = LINK.findall(edit_on_page(client, group, name="Typo").text)
    other = client_as(who)
    absent = link[:-37] + f"{uuid.uuid4()}/"
    expected = other.get(absent).status_code
    assert expected in {403, 404}
    assert other.get(link).status_code == expected
    assert other.post(link, {}).status_code == expected


def test_not_after_fifteen_minutes(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert datetime.timedelta(minutes=15) == undoing.OPEN_FOR
    client = client_as("owner_analyst")
    [link] = LINK.findall(edit_on_page(client, group, name="Typo").text)
    with acting("owner_analyst"):
        [event] = group.history.filter(version=1)  # type: ignore[attr-defined]
    later = event.pgh_created_at + datetime.timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(undoing.timezone, "now", lambda: later)
    assert "More than 15 minutes" in client.get(link).text
    assert "This cannot be undone" in client.post(link, {}).text
    assert undo_links(client, url("history", group.public_id)) == []
    earlier = event.pgh_created_at + datetime.timedelta(minutes=14, seconds=59)
    monkeypatch.setattr(undoing.timezone, "now", lambda: earlier)
    assert client.post(link, {}).status_code == 302


def test_label_and_state_of_the_record_are_not_undone(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = reverse("intelligence:change_sharing", args=["groups", group.public_id])
    sent = typed_in(client.get(address), sharing="organisation", reason="At risk")
    narrowed = client.post(address, sent, follow=True)
    assert "Who may see it is changed" in narrowed.text
    assert LINK.findall(narrowed.text) == []
    address = url("change_state", group.public_id)
    sent = typed_in(
        client.get(address), step="record_state:submitted", reason="Complete"
    )
    submitted = client.post(address, sent, follow=True)
    assert "The state is changed" in submitted.text
    assert LINK.findall(submitted.text) == []
    with acting("owner_analyst"):
        assert CrimeGroup.objects.visible_to(by).get().record_state == "submitted"


def test_new_threat_with_the_change_is_not_half_undone(
    client_as: SignIn, group: CrimeGroup, acting: As, by: Viewer
) -> None:
    client = client_as("owner_analyst")
    done = edit_on_page(
        client,
        group,
        name="Typo",
        predominant_threat="illegal-drugs",
        rationale="Two reports",
    )
    assert "The group is changed" in done.text
    assert LINK.findall(done.text) == []
    with acting("owner_analyst"):
        assert GroupThreat.objects.visible_to(by).count() == 1


def test_ended_and_withdrawn_facts_stand_again(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        alias = aliases.add(by=by, group=group, name="Elms", rationale="Heard")
    client = client_as("owner_analyst")
    for name, sent in (
        ("end_fact", {"to_on_day": "1", "to_on_month": "3", "to_on_year": "2026"}),
        ("withdraw_fact", {}),
    ):
        address = url(name, group.public_id, "aliases", alias.public_id)
        form = typed_in(client.get(address), reason="Misheard", **sent)
        [link] = LINK.findall(client.post(address, form, follow=True).text)
        assert client.post(link, {}).status_code == 302
        with acting("owner_analyst"):
            now = GroupAlias.objects.visible_to(by).get()
            assert (now.to_on, now.withdrawn_at, now.withdrawn_reason) == (
                None,
                None,
                "",
            )


def test_reopening_beside_the_same_is_refused(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        told: Any = {"dpa_category": "suspect", "rationale": "Seen"}
        member = memberships.add_member(by=by, group=group, nominal=nominal, **told)
    client = client_as("owner_analyst")
    address = url("withdraw_fact", group.public_id, "members", member.public_id)
    form = typed_in(client.get(address), reason="Another person")
    [link] = LINK.findall(client.post(address, form, follow=True).text)
    with acting("owner_analyst"):
        memberships.add_member(by=by, group=group, nominal=nominal, **told)
    refused = client.post(link, {})
    assert "is a member of this group already" in refused.text
    with acting("owner_analyst"):
        assert Membership.objects.visible_to(by).count() == 1


def test_an_activity_comes_back_with_its_places(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        activity = activities.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code="illegal-drugs"),
            rationale="Seen",
            places=[PlaceDraft("group", outcode="DH1")],
        )
    client = client_as("owner_analyst")
    address = url("withdraw_fact", group.public_id, "activities", activity.public_id)
    form = typed_in(client.get(address), reason="Another group's")
    [link] = LINK.findall(client.post(address, form, follow=True).text)
    assert client.post(link, {}).status_code == 302
    with acting("owner_analyst"):
        assert Activity.objects.visible_to(by).count() == 1
        assert ActivityPlace.objects.visible_to(by).get().outcode == "DH1"


def test_person(
    acting: As, by: Viewer, client_as: SignIn, nominal: Nominal, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = url("person_edit", nominal.public_id)
    form = typed_in(client.get(address), surname="Marlowe")
    [link] = LINK.findall(client.post(address, form, follow=True).text)
    assert undo_links(client, url("person_history", nominal.public_id)) == [link]
    assert client.post(link, {}).status_code == 302
    with acting("owner_analyst"):
        assert Nominal.objects.visible_to(by).get().surname == "Marlow"


def test_birth_date_that_would_make_a_member_a_child_does_not_come_back(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    nominal: Nominal,
) -> None:
    child = datetime.date.today() - datetime.timedelta(days=365 * 16)  # noqa: DTZ011
    with acting("owner_analyst"):
        people.edit_nominal(
            by=by,
            nominal=nominal,
            version=1,
            born_from=child,
            born_to=child,
            born_precision="day",
        )
    client = client_as("owner_analyst")
    address = url("person_edit", nominal.public_id)
    form = typed_in(client.get(address), born_year="1980")
    [link] = LINK.findall(client.post(address, form, follow=True).text)
    with acting("owner_analyst"):
        now = Nominal.objects.visible_to(by).get()
        memberships.add_member(
            by=by, group=group, nominal=now, dpa_category="suspect", rationale="Seen"
        )
    assert "may be under" in client.post(link, {}).text


def test_bulk_change_goes_back_but_for_what_was_changed_since(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by, name="Second group")
    client = client_as("owner_analyst")
    sent = {
        "group": [f"{group.public_id}:1", f"{other.public_id}:1"],
        "change": ["tier"],
        "tier": "national",
        "reason": "Tasking",
    }
    page = client.post(reverse("scoring:bulk_apply"), sent)
    [link] = LINK.findall(page.text)
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=other, version=2, name="Renamed")
    shown = client.get(link)
    assert [row[0]["text"] for row in shown.context["kept_rows"]] == [
        f"Renamed ({other.reference})"
    ]
    done = client.post(link, {}, follow=True)
    assert f"Left as it is: {other.reference}" in done.text
    with acting("owner_analyst"):
        tiers = CrimeGroup.objects.visible_to(by).order_by("pk")
        assert [one.tier for one in tiers] == ["none", "national"]
    assert client_as("owner_supervisor").get(link).status_code == 404
