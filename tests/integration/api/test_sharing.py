"""Who may see a record, over the API: narrower at once, wider by two accounts."""

from collections.abc import Callable

import pytest

from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

CallAs = Callable[..., Caller]
Shelves = Callable[..., Shelf]


@pytest.fixture
def shelf(shelf_of: Shelves) -> Shelf:
    return shelf_of("owner_analyst", "durham")


def body_of(shelf: Shelf, caller: Caller, sharing: str) -> dict[str, object]:
    address = f"/groups/{shelf.group.public_id}/"
    return {
        "kind": "groups",
        "record": str(shelf.group.public_id),
        "version": caller.json(address)["version"],
        "sharing": sharing,
        "reason": "Joint work",
    }


def test_two_accounts_share_more_widely(shelf: Shelf, call_as: CallAs) -> None:
    analyst, boss = call_as("owner_analyst"), call_as("owner_supervisor")
    far = call_as("region_analyst")
    address = f"/groups/{shelf.group.public_id}/"
    assert far.get(address).status_code == 404
    made = analyst.post("/sharing-changes/", body_of(shelf, analyst, "region"))
    assert made.status_code == 201, made.content
    change = made.json()
    assert (change["kind"], change["record"]) == ("groups", str(shelf.group.public_id))
    decide = f"/sharing-changes/{change['id']}/decide/"
    decision = {"decision": "approve", "version": change["version"], "reason": "Agreed"}
    assert analyst.post(decide, decision).status_code == 403
    assert far.post(decide, decision).status_code == 404
    assert boss.ids("/sharing-changes/?state=proposed") == {change["id"]}
    done = boss.post(decide, decision)
    assert done.status_code == 200, done.content
    assert done.json()["state"]["value"] == "approved"
    assert far.get(address).status_code == 200


def test_narrower_stands_at_once(shelf: Shelf, call_as: CallAs) -> None:
    analyst, far = call_as("owner_analyst"), call_as("nca_officer")
    body = body_of(shelf, analyst, "organisation")
    kept = analyst.post("/sharing-changes/", body)
    assert kept.status_code == 201, kept.content
    assert kept.json()["until_on"]
    assert far.get(f"/groups/{shelf.group.public_id}/").status_code == 404
    assert far.ids("/sharing-changes/") == set()
    person = {
        **body,
        "kind": "people",
        "record": str(shelf.nominal.public_id),
        "version": analyst.json(f"/nominals/{shelf.nominal.public_id}/")["version"],
    }
    assert analyst.post("/sharing-changes/", person).status_code == 204
    assert far.get(f"/nominals/{shelf.nominal.public_id}/").status_code == 404


def test_what_is_wrong_is_named(shelf: Shelf, call_as: CallAs) -> None:
    analyst, other = call_as("owner_analyst"), call_as("other_analyst")
    body = body_of(shelf, analyst, "force")
    assert analyst.post("/sharing-changes/", body).status_code == 400
    stale = analyst.post(
        "/sharing-changes/", {**body, "sharing": "region", "version": 99}
    )
    assert stale.status_code == 412
    assert other.post("/sharing-changes/", body).status_code == 404
    reader = call_as("owner_analyst", scopes=["groups:read"])
    assert reader.post("/sharing-changes/", body).status_code == 403


def test_reports_need_the_scopes_of_reports(shelf: Shelf, call_as: CallAs) -> None:
    """Whoever may change groups may not for that open, or list, what reports say."""
    address = f"/reports/{shelf.report.public_id}/"
    body = {
        "kind": "reports",
        "record": str(shelf.report.public_id),
        "version": call_as("owner_analyst").json(address)["version"],
        "sharing": "region",
        "reason": "Joint work",
    }
    groups = call_as("owner_analyst", ["groups:read", "groups:write"])
    decider = call_as("owner_analyst", ["groups:read", "intel:decide"])
    for wanted in ("organisation", "region"):
        refused = groups.post("/sharing-changes/", {**body, "sharing": wanted})
        assert refused.status_code == 403
        assert "intel:decide" in refused.json()["message"]
    made = decider.post("/sharing-changes/", body)
    assert made.status_code == 201, made.content
    one = f"/sharing-changes/{made.json()['id']}/"
    decision = {"decision": "approve", "version": 1, "reason": "Agreed"}
    boss = call_as("owner_supervisor", ["groups:read", "groups:write"])
    assert boss.post(f"{one}decide/", decision).status_code == 403
    assert boss.ids("/sharing-changes/") == set()
    assert boss.get(one).status_code == 404
    reading = call_as("owner_supervisor", ["groups:read", "intel:read"])
    assert reading.ids("/sharing-changes/") == {made.json()["id"]}
    assert reading.post(f"{one}decide/", decision).status_code == 403
    second = call_as("owner_supervisor", ["intel:decide"])
    done = second.post(f"{one}decide/", decision)
    assert done.status_code == 200, done.content
    group = {**body_of(shelf, call_as("owner_analyst"), "region")}
    assert decider.post("/sharing-changes/", group).status_code == 403
