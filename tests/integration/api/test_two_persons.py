"""Where people work through a token, no step of two persons is taken over the API.

Two persons are two accounts. Behind a token through which people work stands whoever the
call says, so one and the same could propose over it and approve in a browser.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from accounts.models import Organisation
from accounts.roles import Role
from groups.models import CrimeGroup, Transfer
from intelligence.models import Assurance, AssuranceRule, Report, SharingChange
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions.reference import load_schemes
from scoring.engine import INSUFFICIENT
from scoring.models import BandDecision
from tests.cast import MakeUser
from tests.factories.scoring import DAY, today
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db
CallAs = Callable[..., Caller]
DESCRIPTION = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"
NAMED = {"X-On-Behalf-Of": "dc.1234@durham.example"}
WHY = {"reason": "Agreed"}


@dataclass
class Stage:
    """Records of Durham, shared with its region, and who calls."""

    call_as: CallAs
    shelf: Shelf
    group: str

    def seen(self, who: str, address: str) -> Any:
        return self.call_as(who).json(address)

    def version(self, who: str, address: str) -> dict[str, Any]:
        return {"version": self.seen(who, address)["version"], **WHY}

    def done(self, who: str, address: str, body: Any) -> Any:
        answer = self.call_as(who).post(address, body)
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()


@pytest.fixture
def stage(
    call_as: CallAs, shelf_of: Callable[..., Shelf], make_user: MakeUser
) -> Stage:
    make_user("north", "northumbria", Role.FORCE_SUPERVISOR)
    shelf = shelf_of("owner_analyst", "durham", sharing="region")
    with acting_as(system("test")):
        load_schemes()
    return Stage(call_as, shelf, f"/groups/{shelf.group.public_id}/")


Asked = tuple[str, str, dict[str, Any]]  # who, the address, the body


def to_state(stage: Stage, who: str, state: str) -> Asked:
    body = {**stage.version(who, stage.group), "record_state": state}
    return who, f"{stage.group}state/", body


def submission(stage: Stage) -> Asked:
    return to_state(stage, "owner_analyst", "submitted")


def moderation(state: str) -> Callable[[Stage], Asked]:
    def ask(stage: Stage) -> Asked:
        stage.done(*submission(stage))
        return to_state(stage, "owner_supervisor", state)

    return ask


def transfer(stage: Stage) -> Asked:
    body = {"receiver": "northumbria", **WHY}
    return "owner_supervisor", f"{stage.group}transfers/", body


def transfer_decided(decision: str, who: str) -> Callable[[Stage], Asked]:
    def ask(stage: Stage) -> Asked:
        made = stage.done(*transfer(stage))
        body = {"version": made["version"], **WHY, "decision": decision}
        return who, f"/transfers/{made['id']}/decide/", body

    return ask


def sharing(kind: str, wanted: str) -> Callable[[Stage], Asked]:
    def ask(stage: Stage) -> Asked:
        record = {"groups": stage.shelf.group, "reports": stage.shelf.report}[kind]
        seen = stage.version("owner_analyst", f"/{kind}/{record.public_id}/")
        named = {"kind": kind, "record": str(record.public_id), "sharing": wanted}
        return "owner_analyst", "/sharing-changes/", {**seen, **named}

    return ask


def sharing_decided(decision: str, wanted: str = "all_forces") -> Callable[..., Asked]:
    def ask(stage: Stage) -> Asked:
        made = stage.done(*sharing("groups", wanted)(stage))
        body = {"version": made["version"], **WHY, "decision": decision}
        who = "owner_analyst" if decision == "take_back" else "owner_supervisor"
        return who, f"/sharing-changes/{made['id']}/decide/", body

    return ask


def confirmation(stage: Stage) -> Asked:
    group = str(stage.shelf.group.public_id)
    body = {"group": group, "band": INSUFFICIENT, **WHY}
    return "owner_supervisor", "/band-decisions/", body


def override(stage: Stage) -> Asked:
    who, address, body = confirmation(stage)
    until = (today() + 30 * DAY).isoformat()
    return who, address, {**body, "band": "1a", "expires_on": until}


def override_approved(stage: Stage) -> Asked:
    made = stage.done(*override(stage))
    return "rocu_lead", "/band-decisions/approvals/", {"decision": made["id"]}


def assured() -> None:
    with acting_as(system("test")):
        AssuranceRule.objects.create(
            body=Organisation.objects.get(code="nerocu"),
            is_required=True,
            from_on=datetime.date(2024, 1, 1),
            reason="Trial",
        )


def report(stage: Stage) -> Asked:
    body = {
        "text": "Seen unloading at the yard on three nights.",
        "received_on": today().isoformat(),
        "source_grade": 1,
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "region",
    }
    return "owner_analyst", "/reports/", body


def report_to_assure(stage: Stage) -> Asked:
    assured()
    return report(stage)


def assurance(stage: Stage) -> Asked:
    who, address, body = report_to_assure(stage)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    made = stage.call_as(who).post(address, body, headers=key).json()
    decision = {"version": made["version"], "outcome": "passed"}
    return "rocu_assurer", f"/reports/{made['id']}/assure/", decision


GROUP, CHANGES = "/api/v1/groups/{id}/", "/api/v1/sharing-changes/"
# By the address of the description: the steps taken there that are, or lead to, a step
# of two persons.
STEPS: dict[str, dict[str, Callable[[Stage], Asked]]] = {
    f"{GROUP}state/": {
        "submit": submission,
        "map": moderation("mapped"),
        "return": moderation("returned"),
    },
    f"{GROUP}transfers/": {"hand over": transfer},
    "/api/v1/transfers/{id}/decide/": {
        "accept": transfer_decided("accept", "north"),
        "decline": transfer_decided("decline", "north"),
        "take back": transfer_decided("take_back", "owner_supervisor"),
    },
    CHANGES: {
        "share a group": sharing("groups", "all_forces"),
        "share a report": sharing("reports", "all_forces"),
        "keep a group alone": sharing("groups", "organisation"),
    },
    f"{CHANGES}{{id}}/decide/": {
        "approve sharing": sharing_decided("approve"),
        "decline sharing": sharing_decided("decline"),
        "take sharing back": sharing_decided("take_back"),
        "keep alone for longer": sharing_decided("approve", "organisation"),
    },
    "/api/v1/band-decisions/": {"confirm": confirmation, "override": override},
    "/api/v1/band-decisions/approvals/": {"approve an override": override_approved},
    "/api/v1/reports/": {"submit to be assured": report_to_assure},
    "/api/v1/reports/{id}/assure/": {"assure": assurance},
}
# Addresses at which one person is enough, whoever they are.
ALONE = {
    f"patch {GROUP}",
    *(f"post {GROUP}{step}/" for step in ("merge", "review", "split")),
    *(f"post {GROUP}facts/{{kind}}/{{row_id}}/{step}/" for step in ("end", "withdraw")),
    f"patch {GROUP}facts/{{kind}}/{{row_id}}/",
    "patch /api/v1/nominals/{id}/facts/{kind}/{row_id}/",
    *(
        f"post /api/v1/nominals/{{id}}/facts/{{kind}}/{{row_id}}/{step}/"
        for step in ("end", "withdraw")
    ),
    *(
        f"{step} /api/v1/{kind}/{{id}}/{then}"
        for kind in ("memberships", "involvements")
        for step, then in (("patch", ""), ("post", "end/"), ("post", "withdraw/"))
    ),
    *(
        f"post /api/v1/{kind}-reviews/{{id}}/hold/"
        for kind in ("group", "nominal", "identifier", "report")
    ),
    *(f"post /api/v1/{kind}/search/" for kind in ("groups", "nominals", "identifiers")),
    "post /api/v1/groups/bulk/",
    "post /api/v1/reports/{id}/withdraw/",
    "post /api/v1/notices/",
    "post /api/v1/watches/",
    "delete /api/v1/watches/{id}/",
}
EVERY = [
    pytest.param(ask, id=name) for asks in STEPS.values() for name, ask in asks.items()
]


def standing() -> list[Any]:
    """Return all that the steps could have changed."""
    with acting_as(system("test")):
        kinds: tuple[Any, ...] = (
            *(CrimeGroup, Transfer, SharingChange, Report, BandDecision, Assurance),
        )
        return [list(one.objects.order_by("pk").values()) for one in kinds]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


@pytest.mark.parametrize("ask", EVERY)
def test_no_step_of_two_persons_through_a_shared_token(
    stage: Stage, call_as: CallAs, ask: Callable[[Stage], Asked]
) -> None:
    who, address, body = ask(stage)
    before = standing()
    for is_interactive in (True, False):
        shared = call_as(who, is_interactive=is_interactive)
        refused = shared.post(address, body, headers={**NAMED, **key()})
        assert refused.status_code == 403, refused.content
        assert refused.json()["code"] == "own_account_needed"
        assert "under your own account" in refused.json()["message"]
        assert standing() == before
    done = call_as(who).post(address, body, headers=key())
    assert done.status_code in {200, 201}, done.content
    assert standing() != before


def test_every_address_that_changes_anything_is_of_one_sort() -> None:
    """A new one is added to STEPS where it is a step of two persons, else to ALONE."""
    described = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))["paths"]
    found = {
        f"{method} {path}"
        for path, methods in described.items()
        for method in methods
        if method in {"post", "put", "patch", "delete"}
    }
    assert len(found) > 30
    assert found == ALONE | {f"post {path}" for path in STEPS}


def test_what_one_person_does_goes_on_through_a_shared_token(
    stage: Stage, call_as: CallAs
) -> None:
    shared = call_as("owner_analyst", is_interactive=True)
    submitted = shared.post(*report(stage)[1:], headers={**NAMED, **key()})
    assert submitted.status_code == 201, submitted.content
    who, address, narrower = sharing("reports", "force")(stage)
    assert who == "owner_analyst"
    stands = shared.post(address, narrower, headers=NAMED)
    assert stands.status_code == 204, stands.content
