"""A program that comes from an old version is told what differs, and that is audited."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import AuditEvent
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[AuditEvent]]


def patch(caller: Caller, address: str, body: dict[str, Any]) -> Any:
    return caller.send(
        "PATCH", address, data=json.dumps(body), content_type="application/json"
    )


@pytest.fixture
def shelf(shelf_of: Callable[..., Shelf]) -> Shelf:
    return shelf_of("owner_analyst", "durham")


def test_each_column_that_differs_is_told(
    shelf: Shelf, call_as: Callable[..., Caller], audited: Audited
) -> None:
    address = f"/groups/{shelf.group.public_id}/"
    analyst, supervisor = call_as("owner_analyst"), call_as("owner_supervisor")
    seen = supervisor.json(address)["version"]
    body = {"version": seen, "reason": "Renamed", "name": "Elm crew"}
    assert patch(supervisor, address, body).status_code == 200
    before = len(audited("groups.CrimeGroup")), len(audited("request"))
    stale = patch(analyst, address, {**body, "tier": "force"})
    assert stale.status_code == 412
    details = stale.json()["details"]
    assert details["current"] == {"name": {"was": "Yard crew", "now": "Elm crew"}}
    assert details["current_version"] == seen + 1
    assert details["changed_by"] == "Owner Supervisor, Durham"
    [shown] = audited("groups.CrimeGroup")[before[0] :]
    assert (shown.kind, shown.object_ids) == ("consultation", [shelf.group.pk])
    [refused] = audited("request")[before[1] :]
    assert (refused.kind, refused.detail) == ("refusal", {"code": "stale_version"})
    assert analyst.json(address)["tier"]["value"] != "force"


def test_nothing_is_told_across_a_hidden_state(
    shelf: Shelf, shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller]
) -> None:
    hidden = shelf_of("other_analyst", "west-yorkshire", "organisation", "Mill")
    with acting_as(system("test")):
        rows = CrimeGroup.objects.filter(pk=shelf.group.pk)
        rows.update(access_class_id=hidden.group.access_class_id)
        rows.update(access_class_id=shelf.group.access_class_id, name="Elm crew")
    address = f"/groups/{shelf.group.public_id}/"
    body = {"version": 1, "reason": "Renamed", "tier": "force"}
    stale = patch(call_as("owner_analyst"), address, body)
    assert stale.status_code == 412
    assert stale.json()["details"]["current"] == {}
    assert "Yard crew" not in stale.text


def test_a_fact_tells_too(shelf: Shelf, call_as: Callable[..., Caller]) -> None:
    caller = call_as("owner_analyst")
    address = f"/memberships/{shelf.membership.public_id}/"
    seen = caller.json(address)["version"]
    body = {"version": seen, "reason": "Seen", "standing": "principal"}
    assert patch(caller, address, body).status_code == 200
    stale = patch(caller, address, {**body, "standing": "significant"})
    assert stale.status_code == 412
    current = stale.json()["details"]["current"]
    assert current["standing"]["now"] == "principal"


@pytest.mark.parametrize("version", [9_999, 2_000_000_000])
def test_a_version_that_never_was(
    shelf: Shelf, call_as: Callable[..., Caller], version: int
) -> None:
    body = {"version": version, "reason": "Renamed", "tier": "force"}
    address = f"/groups/{shelf.group.public_id}/"
    stale = patch(call_as("owner_analyst"), address, body)
    assert (stale.status_code, stale.json()["details"]["current"]) == (412, {})
