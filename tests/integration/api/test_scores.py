"""Scores with their reasons, and the picture: exactly what the reader may see."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from groups.models import GroupLink
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring import outbox, picture
from scoring.engine import INSUFFICIENT, PRIMARY, SCHEME_KEYS
from scoring.models import PictureLine
from tests.cast import As, MakeUser
from tests.disposing import archived, disposed
from tests.factories.scoring import ATTRIBUTES, DRUGS, World
from tests.integration.api.conftest import Caller

pytestmark = pytest.mark.django_db

Calls = Callable[..., Caller]


@pytest.fixture
def world(as_system: Any, make_user: MakeUser) -> World:
    """The NCA's officer holds tag a; Durham's analyst does not."""
    made = World()
    user = make_user("nca_officer")
    made.tag("a")
    user.holdings.create(tag=made.tags["a"])
    make_user("owner_analyst")
    return made


@pytest.fixture
def drain() -> Callable[[], Any]:
    def run() -> Any:
        with acting_as(system("test")):
            return outbox.drain_until_empty()

    return run


def test_each_reader_gets_the_score_of_what_they_see(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    group = world.group(world.label())
    for attribute in ATTRIBUTES[:9]:
        world.claim(group, world.label("a"), attribute=attribute)
    drain()
    address = f"/groups/{group.public_id}/"
    knows = call_as("nca_officer").json(address)["score"]
    knows_not = call_as("owner_analyst").json(address)["score"]
    assert (knows["computed_band"], knows["unjudged"]) == ("1c", 9)
    assert knows["scheme"] == PRIMARY.key
    assert knows["awaiting_confirmation"] is True
    assert knows["confirmed_band"] is None
    assert (knows_not["computed_band"], knows_not["unjudged"]) == (INSUFFICIENT, 0)
    assert knows_not["unknown_share"] == 1.0
    for who, band in (
        ("nca_officer", "1c"),
        ("owner_analyst", "insufficient information"),
    ):
        caller = call_as(who)
        ids = {str(group.public_id)}
        assert caller.ids(f"/groups/?band={band}") == ids
        assert caller.ids(f"/groups/?band={band}&awaiting=true&confirmed=none") == ids
        assert caller.ids(f"/groups/?band={band}&awaiting=false") == set()
        other = {"1c", "insufficient information"} - {band}
        assert caller.ids(f"/groups/?band={other.pop()}") == set()


def test_a_group_is_scored_at_read_until_it_is_drained(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    group = world.group(world.label())
    world.claim(group, world.label("a"))
    caller = call_as("nca_officer")
    before = caller.json(f"/groups/{group.public_id}/")["score"]
    drain()
    after = caller.json(f"/groups/{group.public_id}/")["score"]
    assert before.pop("computed_at") is None
    assert after.pop("computed_at")
    assert before == after


def test_an_assessment_gives_reasons_and_evidence(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    group = world.group(world.label())
    open_report = world.report(world.label())
    closed_report = world.report(world.label("a"))
    world.claim(group, world.label(), "low", report=open_report)
    world.claim(group, world.label("a"), "high", "expertise", report=closed_report)
    judged = world.judgement(group, world.label(), "medium", "cohesion", [open_report])
    drain()
    seen = {}
    for who in ("nca_officer", "owner_analyst"):
        rows = call_as(who).json(f"/groups/{group.public_id}/assessments/")["results"]
        assert {row["scheme"] for row in rows} == set(SCHEME_KEYS)
        primary = next(row for row in rows if row["scheme"] == PRIMARY.key)
        seen[who] = {one["attribute"]: one for one in primary["factors"]}
        assert sum(one["points"] for one in primary["factors"]) == primary["value"]
        assert sum(axis["value"] for axis in primary["axes"]) == primary["value"]
        assert primary["floor"] <= primary["value"]
        assert all(one["reason"] for one in primary["factors"])
        [sleipnir] = [row for row in rows if row["scheme"] != PRIMARY.key]
        assert sleipnir["computed_band"] is None
        assert sleipnir["awaiting_confirmation"] is False
    knows, knows_not = seen["nca_officer"], seen["owner_analyst"]
    assert knows["expertise"]["level"]["value"] == "high"
    assert [one["id"] for one in knows["expertise"]["reports"]] == [
        str(closed_report.public_id)
    ]
    assert knows_not["expertise"]["level"]["value"] == "unknown"
    assert knows_not["expertise"]["reports"] == []
    assert knows_not[DRUGS]["unjudged"] is True
    assert knows_not["cohesion"]["judgement"] == str(judged.public_id)
    assert knows_not["cohesion"]["reports"] == [
        {"id": str(open_report.public_id), "reference": open_report.reference}
    ]


def test_an_assessment_tells_how_few_reports_its_band_hangs_on(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    group = world.group(world.label())
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            world.judgement(group, world.label(), "nil", attribute)
    weaker = world.claim(group, world.label(), "low").report
    only = world.claim(group, world.label("a"), "high").report
    drain()
    address = f"/groups/{group.public_id}/assessments/"
    seen = {
        who: {row["scheme"]: row for row in call_as(who).json(address)["results"]}
        for who in ("nca_officer", "owner_analyst")
    }
    knows = seen["nca_officer"][PRIMARY.key]
    assert knows["fragility"] == {
        "finding": "exact",
        "size": 1,
        "at_least": 1,
        "band_without": "5c",
        "judged": 15,
        "reports": [{"id": str(only.public_id), "reference": only.reference}],
    }
    assert knows["evidence_age"] == {
        "reports": 1,
        "median_days": 30,
        "oldest_days": 30,
    }
    knows_not = seen["owner_analyst"][PRIMARY.key]["fragility"]
    assert (knows_not["finding"], knows_not["size"]) == ("none", None)
    assert seen["nca_officer"]["sleipnir-2000"]["fragility"] is None
    body = call_as("owner_analyst").get(address).content.decode()
    assert weaker.reference in body
    assert only.reference not in body
    [row] = call_as("owner_analyst").json(f"/assessments/?group={group.public_id}")[
        "results"
    ]
    assert "fragility" not in row


def test_assessments_of_many_groups_under_one_scheme(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    groups = [world.group(world.label()) for _ in range(3)]
    world.claim(groups[0], world.label())
    hidden = world.group(world.label("b"))
    drain()
    caller = call_as("owner_analyst")
    for query, scheme in (
        ("", PRIMARY.key),
        ("?scheme=sleipnir-2000", "sleipnir-2000"),
    ):
        rows = caller.json(f"/assessments/{query}")["results"]
        assert {row["scheme"] for row in rows} == {scheme}
        assert [row["group"]["id"] for row in rows] == [
            str(group.public_id) for group in reversed(groups)
        ]
    one = caller.json(f"/assessments/?group={groups[0].public_id}")["results"]
    assert len(one) == 1
    for gone in (hidden.public_id, uuid.uuid4()):
        assert caller.json(f"/assessments/?group={gone}")["results"] == []
        assert caller.get(f"/groups/{gone}/assessments/").status_code == 404


def test_reasons_need_the_scope_for_scores(world: World, call_as: Calls) -> None:
    group = world.group(world.label())
    address = f"/groups/{group.public_id}/assessments/"
    assert call_as("owner_analyst", ["groups:read"]).get(address).status_code == 403
    assert call_as("owner_analyst", ["score:read"]).get(address).status_code == 200
    anonymous = Caller("").get(address)
    assert anonymous.status_code == 401


@pytest.mark.parametrize(
    "scope", ["national", "region:nerocu", "region:none", "force:durham"]
)
@pytest.mark.parametrize("who", ["nca_officer", "owner_analyst"])
def test_the_picture_is_the_dashboards_own(
    scope: str,
    who: str,
    world: World,
    drain: Callable[[], Any],
    call_as: Calls,
    make_user: MakeUser,
) -> None:
    for owner in ("durham", "police-scotland"):
        group = world.group(world.label(), owner)
        world.claim(group, world.label("a"))
        world.member(group, world.label())
        world.group(world.label("a"), owner)
    drain()
    shown = call_as(who).json(f"/picture/?scope={scope}")
    with acting_as(system("test")):
        viewer = viewer_of(make_user(who))
    with acting_for(viewer):
        figures = picture.read(viewer, picture.parse_scope(scope))
    told = picture.figures_json(figures)
    assert {name: shown[name] for name in told} == told
    assert shown["scope"] == scope
    assert shown["is_now"] is True
    assert shown["computed_at"]
    assert ("regions" in shown) is (scope == "national")
    if scope == "national":
        assert sum(one["groups"] for one in shown["regions"]) == shown["groups"]
        assert shown["groups"] == (4 if who == "nca_officer" else 2)


def test_the_picture_of_a_past_day_has_nothing_of_today(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    world.group(world.label())
    drain()
    caller = call_as("owner_analyst")
    assert caller.json("/picture/")["groups"] == 1
    past = caller.json("/picture/?as_at=2026-01-31")
    assert (past["groups"], past["as_at"], past["is_now"]) == (0, "2026-01-31", False)


def test_the_picture_of_a_past_day_says_what_was_disposed_of_since(
    world: World, drain: Callable[[], Any], call_as: Calls, acting: As
) -> None:
    group = world.group(world.label())
    drain()
    PictureLine.objects.update(valid_from=timezone.now() - datetime.timedelta(days=10))
    archived(group)
    drain()
    then = timezone.localdate() - datetime.timedelta(days=5)
    asked = (f"/picture/?as_at={then}", "/picture/", f"/picture/movement/?since={then}")
    caller = call_as("owner_analyst")
    assert [caller.json(one)["disposed"] for one in asked[:2]] == [0, 0]
    assert len(caller.json(asked[2])["results"]) == 1
    disposed(acting, group)
    past, now = (caller.json(one) for one in asked[:2])
    assert (past["groups"], past["disposed"]) == (1, 1)
    assert (now["groups"], now["disposed"]) == (0, 0)
    assert caller.json(asked[2])["results"] == [], "nothing of it is held"
    west = call_as("other_analyst").json(asked[0])
    assert west["disposed"] == past["disposed"], "its label was open to all"


def test_schemes_and_codes_are_complete(call_as: Calls) -> None:
    caller = call_as("owner_analyst")
    schemes = caller.json("/schemes/")["results"]
    assert [one["key"] for one in schemes if one["is_primary"]] == [PRIMARY.key]
    [primary] = [one for one in schemes if one["is_primary"]]
    assert len(primary["axes"][0]["factors"]) == 8
    assert primary["axes"][0]["factors"][0]["points"]["high"] == 4
    codes = caller.json("/codes/")
    assert [one["value"] for one in codes["source_grade"]] == ["1", "2", "3"]
    assert all(one["meaning"] for one in codes["assessment_grade"])
    assert "compartment" not in {one["value"] for one in codes["sharing"]}
    attributes = {one["value"] for one in codes["attribute"]}
    assert set(PRIMARY.attribute_keys()) <= attributes
    assert len(codes["threat_type"]) == 10


def test_groups_by_debt_of_review_and_by_reach(
    world: World, drain: Callable[[], Any], call_as: Calls
) -> None:
    today = timezone.localdate()
    late = {
        days: world.group(
            world.label(), review_on=today - datetime.timedelta(days=days)
        )
        for days in (0, 1, 30, 31, 181)
    }
    far = world.group(world.label(), owner="west-yorkshire")
    near = late[0]
    with acting_as(system("test")):
        GroupLink.objects.create(
            a=near,
            b=far,
            kind="supply",
            owner=near.owner,
            access_class_id=near.access_class_id,
            asserted_by=near.owner,
            rationale="Test",
        )
    drain()
    caller = call_as("nca_officer")

    def ids(*found: Any) -> set[str]:
        return {str(one.public_id) for one in found}

    assert caller.ids("/groups/?debt=30") == ids(late[1], late[30])
    assert caller.ids("/groups/?debt=90") == ids(late[31])
    assert caller.ids("/groups/?debt=more&debt=90") == ids(late[31], late[181])
    assert caller.ids("/groups/?debt=180") == set()
    assert caller.ids("/groups/?across=true") == ids(near, far)
    others = ids(*late.values()) - ids(near)
    assert caller.ids("/groups/?across=false") == others
    assert caller.ids("/groups/?across=false&debt=30") == ids(late[1], late[30])
    for query in ("debt=31", "across=yes"):
        assert caller.get(f"/groups/?{query}").status_code == 400
