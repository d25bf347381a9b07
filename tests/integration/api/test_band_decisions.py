"""Decisions on bands over the API: the same rules as on the pages, by their codes."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import AuditEvent
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions.reference import load_schemes
from scoring.engine import INSUFFICIENT
from scoring.models import BandDecision
from tests.cast import MakeUser
from tests.factories.scoring import ATTRIBUTES, DAY, World, today
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db
CallAs = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.api.decisions.hint", lambda *_: None)


@pytest.fixture
def shelf(shelf_of: Callable[..., Shelf]) -> Shelf:
    found = shelf_of("owner_analyst", "durham")
    with acting_as(system("test")):
        load_schemes()
    return found


def body(shelf: Shelf, **more: Any) -> dict[str, Any]:
    return {
        "group": str(shelf.group.public_id),
        "band": INSUFFICIENT,
        "reason": "Too little is known.",
        **more,
    }


def soon() -> str:
    return (today() + 30 * DAY).isoformat()


def test_a_band_is_confirmed(shelf: Shelf, call_as: CallAs) -> None:
    answer = call_as("owner_supervisor").post("/band-decisions/", body(shelf))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["band"], made["computed_band"]) == (INSUFFICIENT, INSUFFICIENT)
    assert made["is_settled"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"band": "1a"}, 400, "override_needs_expiry"),
        ({"band": "9z"}, 400, "unknown_band"),
        ({"expires_on": "2020-01-01"}, 400, "bad_expiry"),
        ({"expires_on": "2999-01-01"}, 400, "bad_expiry"),
        ({"reason": " "}, 400, "invalid"),
        ({"group": str(uuid.UUID(int=4))}, 404, "not_found"),
        ({"nonsense": 1}, 400, "invalid"),
    ],
)
def test_what_cannot_stand_is_refused(
    shelf: Shelf, call_as: CallAs, change: dict[str, Any], status: int, code: str
) -> None:
    answer = call_as("owner_supervisor").post("/band-decisions/", body(shelf, **change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with acting_as(system("test")):
        assert not BandDecision.objects.exists()


def test_only_with_the_scope_and_the_right(shelf: Shelf, call_as: CallAs) -> None:
    reading = call_as("owner_supervisor", ["score:read", "groups:write"])
    assert reading.post("/band-decisions/", body(shelf)).status_code == 403
    assert (
        call_as("owner_analyst").post("/band-decisions/", body(shelf)).status_code
        == 403
    )
    hidden = call_as("other_analyst").post("/band-decisions/", body(shelf))
    assert hidden.status_code == 404


def test_an_override_is_approved_by_another(shelf: Shelf, call_as: CallAs) -> None:
    by, lead = call_as("owner_supervisor"), call_as("rocu_lead")
    given = body(shelf, band="1a", expires_on=soon())
    made = by.post("/band-decisions/", given).json()
    assert (made["is_override"], made["is_settled"]) == (True, False)
    answer = {"decision": made["id"]}
    own = by.post("/band-decisions/approvals/", answer)
    assert (own.status_code, own.json()["code"]) == (403, "own_confirmation")
    other = call_as("other_analyst").post("/band-decisions/approvals/", answer)
    absent = {"decision": str(uuid.UUID(int=4))}
    nothing = call_as("other_analyst").post("/band-decisions/approvals/", absent)
    assert (other.status_code, other.content) == (404, nothing.content)
    found = lead.post("/band-decisions/approvals/", answer)
    assert found.status_code == 201, found.content
    assert found.json()["is_settled"]
    again = lead.post("/band-decisions/approvals/", answer)
    assert (again.status_code, again.json()["code"]) == (409, "not_proposed")


def test_a_band_on_one_report_names_it_until_the_caller_knows(
    shelf: Shelf, call_as: CallAs
) -> None:
    world = World()
    with acting_as(system("test")):
        report = world.report(world.label())
        group = CrimeGroup.objects.get(pk=shelf.group.pk)
        for key in ATTRIBUTES[:9]:
            world.claim(group, group.access_class.label, attribute=key, report=report)
    caller = call_as("owner_supervisor")
    made = caller.post("/band-decisions/", body(shelf, band="1a", expires_on=soon()))
    band = made.json()["computed_band"]
    answer = caller.post("/band-decisions/", body(shelf, band=band))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "rests_on_one_report")
    assert told["details"]["rests_on"] == {
        "id": str(report.public_id),
        "reference": report.reference,
        "grading": "1AP",
    }
    assert told["details"]["band_without"] == INSUFFICIENT
    with acting_as(system("test")):
        shown = AuditEvent.objects.filter(object_type="intelligence.Report")
        assert any(report.pk in one.object_ids for one in shown)
    known = body(shelf, band=band, knows_it_rests_on_one_report=True)
    assert caller.post("/band-decisions/", known).status_code == 201


def test_whoever_submitted_it_is_refused(
    shelf: Shelf, call_as: CallAs, make_user: MakeUser
) -> None:
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=shelf.group.pk).update(
            submitted_by=make_user("owner_supervisor")
        )
    answer = call_as("owner_supervisor").post("/band-decisions/", body(shelf))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_confirmation")
    assert "lead of its region" in answer.json()["message"]
