"""Facts inside a group or person are corrected, ended and withdrawn by programs."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models.api_token import TokenScope
from groups.actions import activities, aliases, threats
from groups.models import GroupAlias, GroupThreat, ThreatType
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.integration.api.conftest import Caller, Shelf
from tests.integration.api.test_steps import patch

pytestmark = pytest.mark.django_db

Shelves = Callable[..., Shelf]
CallAs = Callable[..., Caller]
TODAY = datetime.date.today().isoformat()  # noqa: DTZ011
ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def supervisor(call_as: CallAs) -> Caller:
    return call_as("owner_supervisor")


@pytest.fixture
def shelf(shelf_of: Shelves) -> Shelf:
    return shelf_of("owner_analyst", "durham")


def kind(code: str) -> ThreatType:
    return ThreatType.objects.get(code=code)


@pytest.fixture
def known(acting: As, shelf: Shelf) -> str:
    """Make an alias, two threats and an activity; return the address of the group."""
    with acting("owner_analyst") as by:
        about: dict[str, Any] = {"by": by, "group": shelf.group}
        aliases.add(**about, name="Elms", rationale="Heard twice")
        threats.add(**about, threat_type=kind("cyber-crime"), is_predominant=True)
        threats.add(**about, threat_type=kind("illegal-drugs"))
        activities.add(
            **about, threat_type=kind("illegal-drugs"), modus="By van", rationale="Seen"
        )
    return f"/groups/{shelf.group.public_id}/"


def test_alias_is_corrected_ended_opened_again_and_withdrawn(
    supervisor: Caller, known: str
) -> None:
    [row] = supervisor.json(known)["aliases"]
    address = f"{known}facts/aliases/{row['id']}/"
    body = {"version": row["version"], "reason": "Misheard"}
    done = patch(supervisor, address, {**body, "name": "Oaks"})
    assert done.status_code == 200, done.content
    assert supervisor.json(known)["aliases"][0]["name"] == "Oaks"
    stale = patch(supervisor, address, {**body, "name": "Ashes"})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    wrong = patch(supervisor, address, {**body, "is_predominant": True})
    assert "is_predominant" in wrong.json()["details"]["fields"]
    body["version"] = done.json()["version"]
    ended = supervisor.post(f"{address}end/", {**body, "to_on": TODAY})
    assert (ended.status_code, ended.json()["to_on"]) == (200, TODAY)
    body["version"] = ended.json()["version"]
    again = patch(supervisor, address, {**body, "to_on": None})
    assert (again.status_code, again.json()["to_on"]) == (200, None)
    body["version"] = again.json()["version"]
    assert supervisor.post(f"{address}withdraw/", body).status_code == 204
    assert supervisor.json(known)["aliases"] == []
    assert supervisor.post(f"{address}withdraw/", body).status_code == 404
    with acting_as(system("test")):
        assert (
            GroupAlias.objects.get(public_id=row["id"]).withdrawn_reason == "Misheard"
        )


def test_threat_that_is_opened_again_is_the_one_predominant(
    supervisor: Caller, known: str
) -> None:
    rows = {
        one["threat_type"]["code"]: one for one in supervisor.json(known)["threats"]
    }
    cyber, drugs = rows["cyber-crime"], rows["illegal-drugs"]
    first = f"{known}facts/threats/{cyber['id']}/"
    other = f"{known}facts/threats/{drugs['id']}/"
    why = {"reason": "As seen"}
    ended = supervisor.post(
        f"{first}end/", {**why, "version": cyber["version"], "to_on": TODAY}
    )
    chief = patch(
        supervisor,
        other,
        {**why, "version": drugs["version"], "is_predominant": True},
    )
    assert chief.status_code == 200, chief.content
    # What ended is corrected, and nothing steps back for it.
    told = patch(
        supervisor,
        first,
        {**why, "version": ended.json()["version"], "rationale": "Two reports"},
    )
    assert told.status_code == 200, told.content
    with acting_as(system("test")):
        assert GroupThreat.objects.get(public_id=drugs["id"]).is_predominant
    opened = patch(
        supervisor, first, {**why, "version": told.json()["version"], "to_on": None}
    )
    assert opened.status_code == 200, opened.content
    with acting_as(system("test")):
        rows_now = GroupThreat.objects.filter(is_predominant=True, to_on=None)
        assert [str(one.public_id) for one in rows_now] == [cyber["id"]]


def test_ended_name_is_not_opened_beside_the_same(
    supervisor: Caller, known: str, acting: As, shelf: Shelf
) -> None:
    [row] = supervisor.json(known)["aliases"]
    address = f"{known}facts/aliases/{row['id']}/"
    why = {"reason": "As seen"}
    ended = supervisor.post(
        f"{address}end/", {**why, "version": row["version"], "to_on": TODAY}
    )
    with acting("owner_analyst") as by:
        aliases.add(by=by, group=shelf.group, name="Elms")
    opened = patch(
        supervisor, address, {**why, "version": ended.json()["version"], "to_on": None}
    )
    assert opened.status_code == 409, opened.content
    assert opened.json()["code"] == "already_recorded"


def test_activity_is_withdrawn_whole_and_not_corrected_here(
    supervisor: Caller, known: str
) -> None:
    [row] = supervisor.json(known)["activities"]
    address = f"{known}facts/activities/{row['id']}/"
    body = {"version": row["version"], "reason": "Another group's"}
    assert patch(supervisor, address, body).status_code == 405
    assert supervisor.post(f"{address}withdraw/", body).status_code == 204
    assert supervisor.json(known)["activities"] == []


def test_name_of_a_person_is_corrected(
    supervisor: Caller, shelf: Shelf, acting: As
) -> None:
    with acting("owner_analyst") as by:
        aliases.add_to_person(by=by, nominal=shelf.nominal, surname="Marlowe")
    person = f"/nominals/{shelf.nominal.public_id}/"
    [row] = supervisor.json(person)["aliases"]
    done = patch(
        supervisor,
        f"{person}facts/aliases/{row['id']}/",
        {"version": row["version"], "reason": "Misspelt", "surname": "Marlow"},
    )
    assert done.status_code == 200, done.content
    assert supervisor.json(person)["aliases"][0]["surname"] == "Marlow"


def test_hidden_kind_scope_and_owner(
    call_as: CallAs, known: str, shelf_of: Shelves, acting: As
) -> None:
    supervisor = call_as("owner_supervisor")
    [row] = supervisor.json(known)["aliases"]
    address = f"{known}facts/aliases/{row['id']}/"
    body = {"version": row["version"], "reason": "No", "name": "Oaks"}
    reader = call_as("owner_supervisor", [TokenScope.GROUPS_READ])
    assert patch(reader, address, body).status_code == 403
    assert patch(call_as("nca_officer"), address, body).status_code == 403
    nowhere = [
        patch(supervisor, one, body)
        for one in (
            f"{known}facts/aliases/{ABSENT}/",
            f"{known}facts/threats/{row['id']}/",
            f"{known}facts/members/{row['id']}/",
        )
    ]
    assert {one.status_code for one in nowhere} == {404}
    hidden = shelf_of("owner_analyst", "durham", sharing="organisation")
    with acting("owner_analyst") as by:
        secret = aliases.add(by=by, group=hidden.group, name="Secret")
    other = call_as("other_analyst")
    there = f"/groups/{hidden.group.public_id}/facts/aliases/{secret.public_id}/"
    absent = f"/groups/{ABSENT}/facts/aliases/{ABSENT}/"
    found, none = patch(other, there, body), patch(other, absent, body)
    assert found.status_code == none.status_code == 404
    assert found.content == none.content
    with acting_as(system("test")):
        assert GroupAlias.objects.get(public_id=row["id"]).name == "Elms"
