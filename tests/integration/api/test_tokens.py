"""Who may call: live tokens, of the right scope, from the right network."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import ApiToken, AuditEvent
from accounts.models.api_token import TokenScope
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import MakeUser
from tests.integration.api.conftest import EVERY_SCOPE, Caller

pytestmark = pytest.mark.django_db

NEEDS = {
    "/groups/": TokenScope.GROUPS_READ,
    "/nominals/": TokenScope.GROUPS_READ,
    "/memberships/": TokenScope.GROUPS_READ,
    "/involvements/": TokenScope.GROUPS_READ,
    "/reports/": TokenScope.INTEL_READ,
    "/assessments/": TokenScope.SCORE_READ,
    "/picture/": TokenScope.SCORE_READ,
}
FOR_ANY = ("/", "/organisations/", "/codes/", "/schemes/", "/schema/")


@pytest.mark.parametrize("address", NEEDS)
def test_each_resource_needs_its_scope_and_no_other(
    address: str, call_as: Callable[..., Caller]
) -> None:
    needed = NEEDS[address]
    others = [scope for scope in EVERY_SCOPE if scope != needed]
    assert call_as("owner_analyst", [needed]).get(address).status_code == 200
    refused = call_as("owner_analyst", others).get(address)
    assert refused.status_code == 403
    assert refused.json()["code"] == "permission_denied"
    assert needed in refused.json()["message"]


@pytest.mark.parametrize("address", FOR_ANY)
def test_reference_data_is_for_any_token(
    address: str, call_as: Callable[..., Caller]
) -> None:
    for scope in EVERY_SCOPE:
        assert call_as("owner_analyst", [scope]).get(address).status_code == 200


def test_submitting_needs_its_own_scope(call_as: Callable[..., Caller]) -> None:
    reader = call_as("owner_analyst", [TokenScope.INTEL_READ])
    assert reader.post("/reports/", {}).status_code == 403
    writer = call_as("owner_analyst", [TokenScope.INTEL_SUBMIT])
    assert writer.post("/reports/", {}).status_code == 400
    assert writer.get("/receipts/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_not_allowed(
    method: str, call_as: Callable[..., Caller]
) -> None:
    response = call_as("owner_analyst").send(method, "/groups/")
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"


def _refused(caller: Caller, **extra: str) -> None:
    response = caller.get("/groups/", **extra)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "token_refused"
    assert response.json()["details"] == {}


def test_expired_token_is_refused(call_as: Callable[..., Caller]) -> None:
    caller = call_as("owner_analyst", days=1)
    assert caller.get("/groups/").status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, seconds=1)):
        _refused(caller)


def test_revoked_token_is_refused(
    call_as: Callable[..., Caller], make_user: MakeUser
) -> None:
    caller = call_as("owner_analyst")
    assert caller.token
    with acting_as(system("test")):
        ApiToken.objects.filter(pk=caller.token.pk).update(
            revoked_at=timezone.now(), revoked_by=make_user("administrator")
        )
    _refused(caller)


def test_token_of_a_closed_account_is_refused(
    call_as: Callable[..., Caller], make_user: MakeUser
) -> None:
    caller = call_as("owner_analyst")
    with acting_as(system("test")):
        user = make_user("owner_analyst")
        user.is_active = False
        user.save()
    _refused(caller)


def test_token_from_another_network_is_refused(call_as: Callable[..., Caller]) -> None:
    caller = call_as("owner_analyst", networks=["10.1.0.0/16"])
    assert caller.get("/groups/", REMOTE_ADDR="10.1.2.3").status_code == 200
    _refused(caller, REMOTE_ADDR="10.2.0.1")
    _refused(caller, REMOTE_ADDR="::1")


def refusals(most: int) -> list[AuditEvent]:
    """Return the newest refusals, the newest first."""
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(kind="refusal").order_by("-id")
        return list(rows[:most])


def test_a_refusal_says_whose_token_it_was_where_the_secret_was_right(
    call_as: Callable[..., Caller],
) -> None:
    caller = call_as("owner_analyst", networks=["10.1.0.0/16"])
    assert caller.token
    user = caller.token.user
    _refused(caller, REMOTE_ADDR="10.2.0.1")
    _refused(Caller(f"Bearer ocgm_{caller.token.prefix}.wrong"))
    unknown, named = refusals(2)
    assert (named.object_type, named.object_ids) == (
        "accounts.ApiToken",
        [caller.token.pk],
    )
    assert (named.actor_id, named.organisation_id) == (user.pk, user.organisation_id)
    assert named.detail == {"status": 401}
    assert (unknown.object_type, unknown.object_ids) == ("request", [])
    assert unknown.actor_id is None


def test_a_call_without_its_officer_says_whose_token_it_was(
    call_as: Callable[..., Caller],
) -> None:
    caller = call_as("owner_analyst")
    assert caller.token
    with acting_as(system("test")):
        ApiToken.objects.filter(pk=caller.token.pk).update(is_interactive=True)
    assert caller.get("/groups/").json()["code"] == "on_behalf_of_missing"
    [row] = refusals(1)
    assert (row.object_ids, row.actor_id) == ([caller.token.pk], caller.token.user_id)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ocgm_", "Bearer ocgm_abc.def", "Basic abc", "ocgm_a.b", "é"],
)
def test_what_is_no_token_is_refused(header: str, db: None) -> None:
    _refused(Caller(header))


def test_a_session_opens_nothing_but_the_schema(
    client_as: Callable[[str], object],
) -> None:
    client = client_as("owner_analyst")
    assert client.get("/api/v1/schema/").status_code == 200  # type: ignore[attr-defined]
    assert client.get("/api/v1/groups/").status_code == 401  # type: ignore[attr-defined]


def test_addresses_without_their_slash_say_so(call_as: Callable[..., Caller]) -> None:
    response = call_as("owner_analyst").post("/groups/search", {"text": "Yard"})
    assert response.status_code == 404
    assert "end with a slash" in response.json()["message"]


def test_scopes_open_what_their_texts_and_the_guide_say(
    call_as: Callable[..., Caller],
) -> None:
    """Groups come with their score; its reasons and the picture need more."""
    assert "current score" in TokenScope.GROUPS_READ.label
    guide = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+:[a-z]+)` \| (.+) \|$", guide, re.MULTILINE))
    assert set(rows) == set(TokenScope.values)
    assert "current score" in rows["groups:read"]

    reads = call_as("owner_analyst", scopes=["groups:read"])
    assert reads.get("/groups/?band=1a").status_code == 200
    for address in ("/assessments/", "/picture/"):
        assert reads.get(address).status_code == 403
        assert address.strip("/") in rows["score:read"]
        scores = call_as("owner_analyst", scopes=["score:read"])
        assert scores.get(address).status_code == 200
    assert scores.get("/groups/").status_code == 403
