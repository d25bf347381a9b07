"""Programs take the steps that people take on the pages, under the same rules."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Organisation
from accounts.models.api_token import TokenScope
from accounts.roles import Role
from groups.actions import people
from groups.models import CrimeGroup, Membership
from intelligence.models import Assurance, AssuranceRule, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

NOBODYS = "00000000-0000-4000-8000-000000000000"
Shelves = Callable[..., Shelf]
CallAs = Callable[..., Caller]


def patch(caller: Caller, address: str, body: dict[str, Any]) -> Any:
    return caller.send(
        "PATCH", address, data=json.dumps(body), content_type="application/json"
    )


@pytest.fixture
def supervisor(call_as: CallAs) -> Caller:
    return call_as("owner_supervisor")


@pytest.fixture
def shelf(shelf_of: Shelves) -> Shelf:
    return shelf_of("owner_analyst", "durham")


def version_of(caller: Caller, address: str) -> int:
    return int(caller.json(address)["version"])


def test_group_is_changed_from_the_version_that_was_seen(
    supervisor: Caller, shelf: Shelf
) -> None:
    address = f"/groups/{shelf.group.public_id}/"
    seen = version_of(supervisor, address)
    change = {"version": seen, "reason": "As renamed", "name": "Elm crew"}
    done = patch(supervisor, address, change)
    assert done.status_code == 200, done.content
    assert done.json()["name"] == "Elm crew"
    assert done.json()["version"] == seen + 1
    stale = patch(supervisor, address, {**change, "name": "Oak crew"})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert supervisor.json(address)["name"] == "Elm crew"
    wrong = patch(supervisor, address, {**change, "colour": "red"})
    assert wrong.status_code == 400
    assert "colour" in wrong.json()["details"]["fields"]


def test_group_goes_through_its_states(
    supervisor: Caller, call_as: CallAs, shelf: Shelf
) -> None:
    analyst = call_as("owner_analyst")
    address = f"/groups/{shelf.group.public_id}/"
    nothing = supervisor.post(f"{address}state/", {"version": 1, "reason": "So"})
    assert nothing.status_code == 400
    for who, state in ((analyst, "submitted"), (supervisor, "mapped")):
        if supervisor.json(address)["record_state"]["value"] == state:
            continue
        body = {
            "version": version_of(who, address),
            "record_state": state,
            "reason": "Ready",
        }
        done = who.post(f"{address}state/", body)
        assert done.status_code == 200, done.content
        assert done.json()["record_state"]["value"] == state
    back = {"version": version_of(supervisor, address), "reason": "So"}
    refused = supervisor.post(f"{address}state/", {**back, "record_state": "draft"})
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


def test_nobody_maps_what_they_submitted(supervisor: Caller, shelf: Shelf) -> None:
    address = f"/groups/{shelf.group.public_id}/"
    for state in ("returned", "submitted", "mapped"):
        body = {
            "version": version_of(supervisor, address),
            "record_state": state,
            "reason": "Ready",
        }
        answer = supervisor.post(f"{address}state/", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_submission")
    assert supervisor.json(address)["record_state"]["value"] == "submitted"


def test_analyst_does_not_map(call_as: CallAs, shelf: Shelf) -> None:
    analyst = call_as("owner_analyst")
    address = f"/groups/{shelf.group.public_id}/"
    for state, status in (("submitted", 200), ("mapped", 403), ("returned", 403)):
        body = {
            "version": version_of(analyst, address),
            "record_state": state,
            "reason": "Mine",
        }
        assert analyst.post(f"{address}state/", body).status_code == status


def test_membership_is_corrected_ended_and_withdrawn(
    supervisor: Caller, shelf: Shelf
) -> None:
    [row] = supervisor.json(f"/memberships/?group={shelf.group.public_id}")["results"]
    address = f"/memberships/{row['id']}/"
    body = {"version": row["version"], "reason": "Seen to lead"}
    done = patch(supervisor, address, {**body, "standing": "principal"})
    assert done.status_code == 200, done.content
    victim = patch(
        supervisor,
        address,
        {**body, "version": done.json()["version"], "dpa_category": "victim"},
    )
    assert victim.status_code == 400
    today = datetime.date.today().isoformat()  # noqa: DTZ011
    ended = supervisor.post(
        f"{address}end/",
        {"version": done.json()["version"], "reason": "Left", "to_on": today},
    )
    assert (ended.status_code, ended.json()["to_on"]) == (200, today)
    gone = supervisor.post(
        f"{address}withdraw/",
        {"version": ended.json()["version"], "reason": "Another person"},
    )
    assert gone.status_code == 204
    assert supervisor.get(address).status_code == 404
    with acting_as(system("test")):
        kept = Membership.objects.get(public_id=row["id"])
        assert kept.withdrawn_reason == "Another person"


def test_transfer_takes_two_sides(
    supervisor: Caller, call_as: CallAs, make_user: MakeUser, shelf_of: Shelves
) -> None:
    make_user("north", "northumbria", Role.FORCE_SUPERVISOR)
    north = call_as("north")
    group = shelf_of("owner_analyst", "durham", sharing="region").group
    address = f"/groups/{group.public_id}/"
    body = {"receiver": "northumbria", "reason": "They moved"}
    nobody = supervisor.post(f"{address}transfers/", {**body, "receiver": "nowhere"})
    assert nobody.status_code == 400
    made = supervisor.post(f"{address}transfers/", body)
    assert made.status_code == 201, made.content
    transfer = f"/transfers/{made.json()['id']}/"
    decision = {"version": made.json()["version"], "reason": "Agreed"}
    own = supervisor.post(f"{transfer}decide/", {**decision, "decision": "accept"})
    assert own.status_code == 403
    assert north.ids("/transfers/?state=proposed") == {made.json()["id"]}
    taken = north.post(f"{transfer}decide/", {**decision, "decision": "accept"})
    assert taken.status_code == 200, taken.content
    assert taken.json()["state"]["value"] == "accepted"
    assert north.json(address)["owner"]["code"] == "northumbria"


def test_bulk_change_is_foreseen_then_made(supervisor: Caller, shelf: Shelf) -> None:
    address = f"/groups/{shelf.group.public_id}/"
    known = {
        "id": str(shelf.group.public_id),
        "version": version_of(supervisor, address),
    }
    absent = {"id": "00000000-0000-4000-8000-000000000000", "version": 1}
    body = {
        "groups": [known, absent],
        "change": {"tier": "regional"},
        "reason": "Tasked",
        "dry_run": True,
    }
    foreseen = supervisor.post("/groups/bulk/", body)
    assert foreseen.status_code == 200, foreseen.content
    assert [bool(one["changes"]) for one in foreseen.json()["results"]] == [True, False]
    assert foreseen.json()["results"][1]["refusal"]
    assert version_of(supervisor, address) == known["version"]
    made = supervisor.post("/groups/bulk/", {**body, "dry_run": False})
    assert made.status_code == 200, made.content
    assert supervisor.json(address)["tier"]["value"] == "regional"
    for dry_run in (True, False):
        stale = supervisor.post("/groups/bulk/", {**body, "dry_run": dry_run}).json()
        assert "changed it" in stale["results"][0]["refusal"]
    for wrong in ({"groups": [known, known]}, {"change": {}}):
        refused = supervisor.post("/groups/bulk/", {**body, **wrong})
        assert refused.status_code == 400
        assert set(refused.json()["details"]["fields"]) == set(wrong)


def test_report_is_withdrawn_with_a_reason(supervisor: Caller, shelf: Shelf) -> None:
    address = f"/reports/{shelf.report.public_id}/"
    body = {"version": version_of(supervisor, address)}
    assert supervisor.post(f"{address}withdraw/", body).status_code == 400
    done = supervisor.post(f"{address}withdraw/", {**body, "reason": "Wrong person"})
    assert done.status_code == 200, done.content
    with acting_as(system("test")):
        assert Report.objects.get(pk=shelf.report.pk).state == "withdrawn"
    again = supervisor.post(
        f"{address}withdraw/", {"version": done.json()["version"], "reason": "Again"}
    )
    assert again.status_code == 409


def test_group_is_merged_and_split_off(
    supervisor: Caller, shelf: Shelf, shelf_of: Shelves
) -> None:
    survivor = shelf_of("owner_analyst", "durham").group
    address = f"/groups/{shelf.group.public_id}/"
    body = {"version": version_of(supervisor, address), "reason": "One group"}
    unknown = supervisor.post(f"{address}merge/", {**body, "into": NOBODYS})
    assert unknown.status_code == 400
    assert "into" in unknown.json()["details"]["fields"]
    into = {"into": str(survivor.public_id)}
    done = supervisor.post(f"{address}merge/", {**body, **into})
    assert done.status_code == 200, done.content
    assert done.json()["merged_into"]["id"] == str(survivor.public_id)
    body["version"] += 1
    again = supervisor.post(f"{address}merge/", {**body, **into})
    assert (again.status_code, again.json()["code"]) == (403, "merged_away")
    split = supervisor.post(f"{address}split/", body)
    assert split.status_code == 200, split.content
    assert split.json()["merged_into"] is None
    assert supervisor.post(f"{address}split/", body).status_code == 409


def test_each_step_needs_its_scope(call_as: CallAs, shelf: Shelf) -> None:
    reader = call_as(
        "owner_supervisor",
        [TokenScope.GROUPS_READ, TokenScope.INTEL_READ, TokenScope.INTEL_SUBMIT],
    )
    group, report = shelf.group.public_id, shelf.report.public_id
    for address in (
        f"/groups/{group}/state/",
        f"/groups/{group}/transfers/",
        "/groups/bulk/",
        f"/reports/{report}/withdraw/",
        f"/reports/{report}/assure/",
    ):
        assert reader.post(address, {}).status_code == 403, address
    assert patch(reader, f"/groups/{group}/", {}).status_code == 403
    with acting_as(system("test")):
        assert CrimeGroup.objects.get(pk=shelf.group.pk).version == shelf.group.version


def test_hidden_and_absent_are_one_answer(call_as: CallAs, shelf_of: Shelves) -> None:
    hidden = shelf_of("owner_analyst", "durham", sharing="organisation")
    other = call_as("other_analyst")
    absent = "00000000-0000-4000-8000-000000000000"
    for form in ("/groups/{}/state/", "/groups/{}/transfers/"):
        found = other.post(form.format(hidden.group.public_id), {})
        none = other.post(form.format(absent), {})
        assert found.status_code == none.status_code == 404
        assert found.content == none.content
    found = patch(other, f"/groups/{hidden.group.public_id}/", {})
    assert found.status_code == 404


def test_involvement_is_corrected(supervisor: Caller, shelf: Shelf) -> None:
    [row] = supervisor.json(f"/involvements/?group={shelf.group.public_id}")["results"]
    address = f"/involvements/{row['id']}/"
    body = {"version": row["version"], "reason": "Two reports"}
    changes = {"from_on": "2024-01-01", "precision": "year", "rationale": "Drives"}
    done = patch(supervisor, address, {**body, **changes})
    assert done.status_code == 200, done.content
    now = done.json()
    assert (now["from_on"], now["rationale"]) == ("2024-01-01", "Drives")
    assert now["precision"]["value"] == "year"
    assert patch(supervisor, address, {**body, **changes}).status_code == 412
    body["version"] = now["version"]
    assert patch(supervisor, address, {**body, "kind": "victim"}).status_code == 400
    assert patch(supervisor, address, {**body, "rationale": ""}).status_code == 400


def test_membership_is_not_opened_beside_an_open_one(
    supervisor: Caller, shelf: Shelf, acting: As
) -> None:
    [row] = supervisor.json(f"/memberships/?group={shelf.group.public_id}")["results"]
    address = f"/memberships/{row['id']}/"
    today = datetime.date.today().isoformat()  # noqa: DTZ011
    body = {"version": row["version"], "reason": "Left"}
    ended = supervisor.post(f"{address}end/", {**body, "to_on": today}).json()
    with acting("owner_analyst") as by:
        people.add_member(
            by=by, group=shelf.group, nominal=shelf.nominal, dpa_category="suspect"
        )
    body["version"] = ended["version"]
    refused = patch(supervisor, address, {**body, "to_on": None})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_recorded")
    assert "end it first" in refused.json()["details"]["fields"]["to_on"][0]


@pytest.fixture
def waiting(shelf_of: Shelves) -> Shelf:
    """Records of Durham whose report awaits assurance."""
    with acting_as(system("test")):
        AssuranceRule.objects.create(
            body=Organisation.objects.get(code="nerocu"),
            is_required=True,
            from_on=datetime.date(2024, 1, 1),
            reason="Trial",
        )
    return shelf_of("owner_analyst", "durham")


def test_assurer_passes_a_report_once(waiting: Shelf, call_as: CallAs) -> None:
    assurer = call_as("rocu_assurer")
    address = f"/reports/{waiting.report.public_id}/"
    body = {"version": version_of(assurer, address), "outcome": "passed"}
    stale = assurer.post(f"{address}assure/", {**body, "version": 99})
    assert stale.status_code == 412
    done = assurer.post(f"{address}assure/", body)
    assert done.status_code == 200, done.content
    assert done.json()["state"]["value"] == "submitted"
    body["version"] = done.json()["version"]
    assert assurer.post(f"{address}assure/", body).status_code == 409
    with acting_as(system("test")):
        assert Assurance.objects.get().report_id == waiting.report.pk


def test_assurer_returns_with_a_reason(waiting: Shelf, call_as: CallAs) -> None:
    assurer = call_as("rocu_assurer")
    address = f"/reports/{waiting.report.public_id}/"
    body = {"version": version_of(assurer, address), "outcome": "returned"}
    assert assurer.post(f"{address}assure/", body).status_code == 400
    done = assurer.post(f"{address}assure/", {**body, "reason": "Names a source"})
    assert done.status_code == 200, done.content
    assert done.json()["state"]["value"] == "returned"
    assert done.json()["state_reason"] == "Names a source"


def test_assuring_needs_right_place_and_another_person(
    waiting: Shelf, call_as: CallAs, shelf_of: Shelves
) -> None:
    body = {"version": 1, "outcome": "passed"}
    address = f"/reports/{waiting.report.public_id}/assure/"
    assert call_as("owner_supervisor").post(address, body).status_code == 403
    assert call_as("other_assurer").post(address, body).status_code == 404
    own = shelf_of("owner_assurer", "durham").report
    refused = call_as("owner_assurer").post(f"/reports/{own.public_id}/assure/", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_report")
    with acting_as(system("test")):
        assert not Assurance.objects.exists()
