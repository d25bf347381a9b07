"""The history of groups: what was changed, as each reader may read it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import groups, people
from groups.models import CrimeGroup, Nominal
from intelligence.actions import sharing
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import organisation

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
Find = Callable[[str], Viewer]


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def test_history_tells_each_field_before_and_after(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        groups.edit(by=by, group=group, version=1, name="Birch", reason="Renamed")
        groups.edit(by=by, group=group, version=2, tier="regional")
        member = people.add_member(
            by=by, group=group, nominal=nominal, dpa_category="suspect"
        )
        people.edit_member(
            by=by,
            membership=member,
            version=1,
            standing="principal",
            reason="Now leads",
        )
    text = client_as("owner_analyst").get(url("history", group.public_id)).text
    for shown in (
        "Reason: Renamed",
        "Fictional group",
        "Birch",
        "Not tiered",
        "Regional",
        "Member: Alex Marlow",
        "Reason: Now leads",
        "Owner Analyst, Durham",
    ):
        assert shown in text


def test_history_hides_a_step_whose_former_state_is_hidden(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    viewer: Callable[[str], Viewer],
) -> None:
    with acting("owner_analyst"):
        sharing.change(
            by=by, record=group, version=1, sharing="organisation", reason="Covert"
        )
        groups.edit(by=by, group=group, version=2, name="Secret name")
        groups.edit(by=by, group=group, version=3, name="Open name")
        group.refresh_from_db()
        opened = sharing.change(
            by=by, record=group, version=4, sharing="force", reason="Over"
        )
        assert opened
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        sharing.approve(by=boss, change=opened, version=1, reason="Agreed")
    own = client_as("owner_analyst").get(url("history", group.public_id)).text
    lead = client_as("rocu_lead").get(url("history", group.public_id)).text
    assert "Secret name" in own
    assert "Secret name" not in lead
    assert "Open name" in lead


def test_history_leads_on_to_older_steps(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("groups.views.changes.PAGE_SIZE", 2)
    with acting("owner_analyst"):
        for version, name in enumerate(("Birch", "Cedar", "Dogwood"), start=1):
            groups.edit(by=by, group=group, version=version, name=name)
    client = client_as("owner_analyst")
    first = client.get(url("history", group.public_id))
    assert "Recorded" not in first.text
    older = client.get(first.context["older_url"])
    assert "Birch" in older.text
    assert "Recorded" in older.text
    for wrong in ("yesterday", "2025-01-01T00:00:00", "2025-13-01T00:00:00Z"):
        answer = client.get(url("history", group.public_id), {"before": wrong})
        assert answer.status_code == 400


def test_history_tells_nobody_of_a_record_hidden_from_them(
    acting: As, by: Viewer, client_as: SignIn, viewer: Find, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        other = groups.create(
            by=by,
            owner=organisation(),
            name="Covert",
            sharing="organisation",
            sharing_reason="Covert",
        )
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=group.pk).update(merged_into=other)
    address = url("history", group.public_id)
    own = client_as("owner_analyst").get(address).text
    assert other.reference in own
    assert "Merged into" in own
    lead = client_as("rocu_lead").get(address).text
    assert other.reference not in lead
    assert "Merged into" not in lead
