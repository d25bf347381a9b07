"""Watching over the API, and the notices of it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models.audit_event import AuditKind
from scoring.models import Watch
from tests.audited import Audited, audited
from tests.cast import MakeUser
from tests.factories.scoring import World
from tests.factories.watches import a_report, old_group, watched
from tests.integration.api.conftest import Caller

__all__ = ["audited"]  # the fixture
CallAs = Callable[..., Caller]
NOBODYS = "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"


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
    marked = caller.post("/notices/", {"until": "2026-01-31T12:00:00Z"})
    assert marked.status_code == (204 if writes == 201 else writes)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "cars", "id": NOBODYS},
        {"kind": "groups", "id": "7"},
        {"kind": "groups", "id": NOBODYS, "name": "x"},
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
    absent = {"kind": "groups", "id": NOBODYS}
    answers = [caller.post("/watches/", one) for one in (body_of(hidden), absent)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not Watch.objects.exists()


def test_notices_are_read_once_and_what_follows_stays(
    world: World, call_as: CallAs, make_user: MakeUser, audited: Audited
) -> None:
    group = old_group(world)
    watch = watched(make_user("owner_analyst"), group=group)
    a_report(world, group=group, hours=2)
    caller = call_as("owner_analyst")
    until = caller.json("/notices/")["until"]
    for _ in range(2):
        answer = caller.post("/notices/", {"until": until})
        assert (answer.status_code, answer.content) == (204, b"")
    assert caller.json("/notices/")["count"] == 0
    watch.refresh_from_db()
    assert watch.read_until == datetime.datetime.fromisoformat(until)
    rows = audited(kind=AuditKind.ALTERATION, object_type="scoring.Watch")
    assert [row.object_ids for row in rows] == [[watch.pk]] * 2
    a_report(world, group=group, at=timezone.now())
    assert caller.post("/notices/", {"until": until}).status_code == 204
    assert caller.json("/notices/")["count"] == 1
    caller.post("/notices/", {"until": "2999-01-01T00:00:00Z"})
    watch.refresh_from_db()
    assert watch.read_until <= timezone.now(), "never beyond now"


def test_one_thing_is_read_and_the_rest_stays(
    world: World, call_as: CallAs, make_user: MakeUser
) -> None:
    groups = [old_group(world) for _ in range(2)]
    for group in groups:
        watched(make_user("owner_analyst"), group=group)
        a_report(world, group=group)
    caller = call_as("owner_analyst")
    told = caller.json("/notices/")
    assert told["count"] == 2
    body = {"until": told["until"], **body_of(groups[0])}
    assert caller.post("/notices/", body).status_code == 204
    [left] = caller.json("/notices/")["results"]
    assert left["watched"]["id"] == str(groups[1].public_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"until": "yesterday"},
        {"until": "2026-01-31T12:00:00Z", "kind": "groups"},
        {"until": "2026-01-31T12:00:00Z", "id": NOBODYS},
        {"until": "2026-01-31T12:00:00Z", "all": True},
    ],
)
def test_what_was_read_is_said_plainly(
    wrong: dict[str, Any], world: World, call_as: CallAs
) -> None:
    assert call_as("owner_analyst").post("/notices/", wrong).status_code == 400


@pytest.mark.leak
def test_reading_what_is_hidden_is_as_reading_what_is_not_there(
    world: World, call_as: CallAs, make_user: MakeUser
) -> None:
    hidden = old_group(world, world.label("Z"))
    watch = watched(make_user("owner_analyst"), group=hidden)
    caller = call_as("owner_analyst")
    until = timezone.now().isoformat()
    answers = [
        caller.post("/notices/", {"until": until, "kind": "groups", "id": one})
        for one in (str(hidden.public_id), NOBODYS)
    ]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert caller.post("/notices/", {"until": until}).status_code == 204
    read_until = watch.read_until
    watch.refresh_from_db()
    assert watch.read_until == read_until
