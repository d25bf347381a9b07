"""Tricks at the edge: one plain answer, nothing written, and a row in the audit."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from accounts.models import AuditEvent
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import audited
from tests.integration.api.conftest import Caller, call_as, shelf_of

__all__ = ["audited", "call_as", "shelf_of"]
CallAs = Callable[..., Caller]
ClientAs = Callable[[str], Client]
Audited = Callable[..., list[AuditEvent]]
FORGED = (
    "00000000-0000-0000-0000-000000000000",
    str(uuid.UUID(int=2**128 - 1)),
    "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e",
)


def refusals(audited: Audited) -> list[tuple[int | None, Any]]:
    return [(row.actor_id, row.detail) for row in audited(kind="refusal")]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("place", ["/groups/{}/", "/people/{}/", "/reports/{}/"])
def test_forged_id_is_absent_and_recorded(
    forged: str, place: str, client_as: ClientAs, audited: Audited
) -> None:
    client = client_as("owner_analyst")
    answers = [client.get(place.format(one)) for one in (forged, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert forged not in answers[0].content.decode().split("<main")[1]
    found = refusals(audited)
    assert [detail for _, detail in found] == [{"status": 404}] * 2
    assert all(actor for actor, _ in found)


@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "a" * 4_000, "%00", signing.dumps(["1"]), "..", "null", "-1"],
    ids=["x", "AAAA", "long", "nought", "signed", "dots", "null", "negative"],
)
def test_tampered_cursor_is_refused_in_the_same_words(
    cursor: str, call_as: CallAs, audited: Audited
) -> None:
    refused = call_as("owner_analyst").get(f"/groups/?cursor={cursor}")
    assert refused.status_code == 400
    assert refused.json()["code"] == "bad_cursor"
    assert refused.json()["message"].endswith("follow `next` as it is given.")
    assert len(audited(kind="consultation")) == 0


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil", "a b"]
)
def test_strange_host_is_refused(db: None, host: str) -> None:
    for path in ("/accounts/login/", "/groups/", "/api/v1/groups/"):
        answer = Client().get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host",
        "X-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "Forwarded",
        "X-Forwarded-User",
        "Remote-User",
    ],
)
def test_headers_that_others_obey_change_nothing(
    header: str, client_as: ClientAs
) -> None:
    value = "DELETE" if "Method" in header else "/groups/new/"
    stranger = Client().get("/groups/", headers={header: value})
    assert stranger["Location"] == "/accounts/login/?next=/groups/"
    page = client_as("owner_analyst").get("/groups/", headers={header: value})
    assert page.status_code == 200
    assert "Groups" in page.content.decode()


def test_forwarded_address_of_anybody_moves_no_token(
    call_as: CallAs, audited: Audited
) -> None:
    caller = call_as("owner_analyst", networks=["10.0.0.0/8"])
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        refused = caller.get("/groups/", headers={name: "10.0.0.1"})
        assert refused.status_code == 401, name


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 100_000 + "]" * 100_000, id="deep list"),
        pytest.param('{"a":' * 50_000 + "1" + "}" * 50_000, id="deep object"),
        pytest.param('{"text": 1e999999}', id="endless number"),
        pytest.param('{"text": NaN}', id="no number"),
        pytest.param('{"a": 1, "a": 2}', id="twice the same"),
        pytest.param('{"text": "\\ud800"}', id="half a character"),
        pytest.param("9" * 10_000, id="long number"),
        pytest.param("null", id="nothing"),
        pytest.param('"text"', id="text"),
        pytest.param("{", id="cut off"),
        pytest.param("\x00", id="null character"),
    ],
)
def test_odd_json_is_refused_and_writes_nothing(
    body: str, call_as: CallAs, audited: Audited
) -> None:
    refused = call_as("owner_analyst").post("/reports/", body)
    assert refused.status_code == 400, refused.content
    assert set(refused.json()) == {"code", "message", "details"}
    assert audited(kind="collection") == []


def test_fields_that_are_not_ones_to_give_are_refused(
    call_as: CallAs, shelf_of: Callable[..., Any], audited: Audited
) -> None:
    shelf = shelf_of("owner_analyst", "durham")
    caller, group = call_as("owner_analyst"), shelf.group
    given = {
        "access_class": 1,
        "owner": "nca",
        "version": 99,
        "created_by": 1,
        "merged_into": str(uuid.uuid4()),
        "public_id": str(uuid.uuid4()),
        "id": 1,
    }
    for field, value in given.items():
        body = {"version": group.version, "reason": "x", field: value}
        answer = caller.send(
            "PATCH",
            f"/groups/{group.public_id}/",
            data=json.dumps(body),
            content_type="application/json",
        )
        assert answer.status_code in {400, 405, 412}, (field, answer.content)
    with acting_as(system("test")):
        same = CrimeGroup.objects.get(pk=group.pk)
    assert (same.version, same.owner_id, same.public_id) == (
        group.version,
        group.owner_id,
        group.public_id,
    )


def test_account_is_not_changed_by_fields_that_its_forms_lack(
    client_as: ClientAs, make_user: Callable[[str], Any]
) -> None:
    client, user = client_as("owner_analyst"), make_user("owner_analyst")
    more = {
        "role": "nca_officer",
        "clearance": "9",
        "organisation": "1",
        "is_active": "",
    }
    client.post("/shortcuts/", {"single_keys": "off", **more})
    with acting_as(system("test")):
        same = type(user).objects.get(pk=user.pk)
    assert same.shortcuts_off
    for name in ("role", "clearance", "organisation_id", "is_active"):
        assert getattr(same, name) == getattr(user, name)


def test_a_session_key_of_ones_own_making_is_nobody(db: None) -> None:
    for key in ("a" * 32, "../../etc", "' or 1=1 --", ""):
        client = Client()
        client.cookies["ocgmap-session"] = key
        assert client.get("/groups/").status_code == 302
        client.post("/accounts/login/", {"login": "x@y.example", "password": "x"})
        assert client.cookies["ocgmap-session"].value != "a" * 32
