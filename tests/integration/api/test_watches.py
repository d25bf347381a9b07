"""Watching over the API, and the notices of it."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models.audit_event import AuditKind
from scoring.models import Watch
from tests.audited import Audited, audited
from tests.cast import MakeUser
from tests.factories.scoring import World
from tests.factories.watches import a_report, old_group, watched
from tests.integration.api.conftest import Caller

__all__ = ["audited"]  # the fixture
CallAs = Callable[..., Caller]


@pytest.fixture
def world(as_system: Any, make_user: MakeUser) -> World:
    make_user("owner_analyst")
    return World()


def body_of(group: Any) -> dict[str, str]:
    return {"kind": "groups", "id": str(group.public_id)}


def test_group_is_watched_listed_and_let_go(
    world: World, call_as: CallAs, audited: Audited
) -> None:
    group = old_group(world, name="Pier crew")
    caller = call_as("owner_analyst")
    answer = caller.post("/watches/", body_of(group))
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert shown["id"] == str(group.public_id)
    assert (shown["kind"], shown["name"]) == ("groups", "Pier crew")
    assert caller.post("/watches/", body_of(group)).status_code == 201
    assert caller.ids("/watches/") == {str(group.public_id)}
    address = f"/watches/{group.public_id}/"
    assert caller.send("DELETE", address).status_code == 204
    assert caller.ids("/watches/") == set()
    assert caller.send("DELETE", address).status_code == 404
    assert audited(kind=AuditKind.ERASURE, object_type="groups.CrimeGroup")


def test_notices_are_those_of_the_page(
    world: World, call_as: CallAs, make_user: MakeUser, audited: Audited
) -> None:
    group = old_group(world)
    watched(make_user("owner_analyst"), group=group)
    a_report(world, group=group)
    group.activity_status = "dormant"
    group.save()
    found = call_as("owner_analyst").json("/notices/")
    assert found["count"] == 2
    told = {row["kind"]: row for row in found["results"]}
    assert told["reports"]["text"] == "1 new report"
    assert told["reports"]["watched"]["id"] == str(group.public_id)
    assert (told["activity_status"]["before"], told["activity_status"]["after"]) == (
        "active",
        "dormant",
    )
    [row] = audited(object_type="groups.CrimeGroup", object_ids=[group.pk])
    assert row.kind == AuditKind.CONSULTATION


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (["notices:read"], 200, 403),
        (["notices:write"], 403, 201),
        (["groups:read", "groups:write", "intel:read", "score:read"], 403, 403),
    ],
)
def test_a_token_needs_the_scope(
    scopes: list[str], reads: int, writes: int, world: World, call_as: CallAs
) -> None:
    caller = call_as("owner_analyst", scopes=scopes)
    group = old_group(world)
    assert caller.get("/watches/").status_code == reads
    assert caller.get("/notices/").status_code == reads
    assert caller.post("/watches/", body_of(group)).status_code == writes


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "cars", "id": "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"},
        {"kind": "groups", "id": "7"},
        {"kind": "groups", "id": "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e", "name": "x"},
    ],
)
def test_what_cannot_be_watched_is_refused(
    wrong: dict[str, str], world: World, call_as: CallAs
) -> None:
    assert call_as("owner_analyst").post("/watches/", wrong).status_code == 400
    assert not Watch.objects.exists()


@pytest.mark.leak
def test_hidden_and_absent_are_one_answer(world: World, call_as: CallAs) -> None:
    hidden = old_group(world, world.label("Z"))
    caller = call_as("owner_analyst")
    absent = {"kind": "groups", "id": "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"}
    answers = [caller.post("/watches/", one) for one in (body_of(hidden), absent)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not Watch.objects.exists()
