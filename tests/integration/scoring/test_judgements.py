"""Decisions of people: who may make them, what they carry, what they move."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from accounts import audit
from accounts.access import acting_for
from accounts.exceptions import NotOwner, RightMissing
from accounts.models import AuditEvent
from accounts.permissions import can
from accounts.roles import Role
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.scope import system
from scoring import permissions
from scoring.actions import bands, judgements
from scoring.engine import INSUFFICIENT, UnknownNameError
from scoring.exceptions import UnknownBand
from scoring.models import BandDecision, Judgement, JudgementCitation
from scoring.outbox import DrainResult
from tests.factories.scoring import DRUGS, World, today
from tests.integration.scoring.conftest import Read

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def group(world: World) -> CrimeGroup:
    return world.group(world.label(), "durham")


def judge(world: World, group: CrimeGroup, by: Any, **more: Any) -> Judgement:
    values = {"attribute": DRUGS, "level": "low", "rationale": "Seen", **more}
    with acting_for(by, route="test"):
        return judgements.judge(by=by, group=group, **values)


@pytest.mark.parametrize(
    ("organisation", "role", "error"),
    [
        ("durham", Role.FORCE_ANALYST, None),
        ("durham", Role.FORCE_SUPERVISOR, None),
        ("durham", Role.PARTNER_READER, RightMissing),
        ("northumbria", Role.FORCE_SUPERVISOR, NotOwner),
        ("nerocu", Role.ROCU_LEAD, None),
        ("nerocu", Role.ROCU_ANALYST, NotOwner),
        ("yhrocu", Role.ROCU_LEAD, NotOwner),
        ("nca", Role.NCA_OFFICER, NotOwner),
    ],
)
def test_who_may_judge(
    world: World,
    group: CrimeGroup,
    organisation: str,
    role: Role,
    error: type[Exception] | None,
) -> None:
    by = world.viewer("", organisation=organisation, role=role)
    if error is None:
        judgement = judge(world, group, by)
        judgement.refresh_from_db()
        assert judgement.created_by_id == by.user_id
        return
    with pytest.raises(error):
        judge(world, group, by)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize(
    ("organisation", "role", "may"),
    [
        ("durham", Role.FORCE_ANALYST, False),
        ("durham", Role.FORCE_SUPERVISOR, True),
        ("northumbria", Role.FORCE_SUPERVISOR, False),
        ("nerocu", Role.ROCU_LEAD, True),
        ("nca", Role.NCA_OFFICER, False),
    ],
)
def test_who_may_confirm(
    world: World, group: CrimeGroup, organisation: str, role: Role, may: bool
) -> None:
    by = world.viewer("", organisation=organisation, role=role)
    with acting_for(by, route="test"):
        assert can(permissions.check_can_confirm, by, group) is may


def test_judgement_carries_the_join_of_what_it_cites(
    world: World, group: CrimeGroup
) -> None:
    by = world.viewer("ab", organisation="durham")
    cited = [world.report(world.label("a", 2)), world.report(world.label("b"))]
    judgement = judge(world, group, by, reports=cited)
    assert judgement.access_class.label == world.label("ab", 2)
    citations = JudgementCitation.objects.filter(judgement=judgement)
    assert {one.report_id for one in citations} == {one.pk for one in cited}


def test_hidden_report_or_group_is_not_found(world: World, group: CrimeGroup) -> None:
    by = world.viewer("", organisation="durham")
    with pytest.raises(NotFound):
        judge(world, group, by, reports=[world.report(world.label("a"))])
    with pytest.raises(NotFound):
        judge(world, world.group(world.label("a")), by)
    assert not Judgement.objects.exists()


def test_judgement_supersedes_the_newest_one_seen(
    world: World, group: CrimeGroup
) -> None:
    knows = world.viewer("a", organisation="durham")
    knows_not = world.viewer("", organisation="durham")
    first = judge(world, group, knows_not)
    hidden = judge(world, group, knows, reports=[world.report(world.label("a"))])
    third = judge(world, group, knows_not)
    assert hidden.supersedes == first
    assert third.supersedes == first, "a hidden one leaves no trace"
    with acting_for(knows_not, route="test"):
        seen = Judgement.objects.visible_to(knows_not).current()
        assert [one.pk for one in seen] == [third.pk]


def test_judgement_moves_the_figure(
    world: World, group: CrimeGroup, drain: Drain, read: Read
) -> None:
    by = world.viewer("", organisation="durham")
    world.claim(group, world.label())
    drain()
    assert read(by).unjudged == 1
    judge(world, group, by, level="nil")
    drain()
    assert read(by).unjudged == 0


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"attribute": "weather"}, UnknownNameError, "attribute"),
        ({"level": "huge"}, UnknownNameError, "level"),
        ({"rationale": " "}, AppError, "rationale"),
        ({"rationale": "x" * 4001}, AppError, "rationale"),
        ({"rationale": "Seen\u202e"}, AppError, "rationale"),
    ],
)
def test_judgement_that_cannot_stand(
    world: World,
    group: CrimeGroup,
    change: dict[str, str],
    error: type[AppError],
    field: str,
) -> None:
    by = world.viewer("", organisation="durham")
    with pytest.raises(error) as caught:
        judge(world, group, by, **change)
    assert caught.value.field == field


def confirm(group: CrimeGroup, by: Any, **more: Any) -> BandDecision:
    values = {"band": INSUFFICIENT, "reason": "Too little is known", **more}
    with acting_for(by, route="test"):
        return bands.confirm(by=by, group=group, **values)


@pytest.mark.parametrize("drained", [True, False])
def test_decision_rests_on_the_score_seen(
    world: World, group: CrimeGroup, drain: Drain, read: Read, drained: bool
) -> None:
    by = world.viewer("a", organisation="durham", role=Role.FORCE_SUPERVISOR)
    knows_not = world.viewer("", organisation="durham")
    world.claim(group, world.label("a"))
    if drained:
        drain()

    decision = confirm(group, by)

    assert decision.access_class.label == world.label("a")
    assert decision.computed_band == INSUFFICIENT
    drain()
    assert read(by).awaiting_confirmation == 0
    assert read(knows_not).awaiting_confirmation == 1, "made from what they cannot see"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"band": "9z"}, UnknownBand, "band"),
        ({"reason": ""}, AppError, "reason"),
        ({"expires_on": today()}, AppError, "expires_on"),
    ],
)
def test_decision_that_cannot_stand(
    world: World,
    group: CrimeGroup,
    change: dict[str, Any],
    error: type[AppError],
    field: str,
) -> None:
    by = world.viewer("", organisation="durham", role=Role.FORCE_SUPERVISOR)
    with pytest.raises(error) as caught:
        confirm(group, by, **change)
    assert caught.value.field == field
    assert not BandDecision.objects.exists()


def test_decision_until_a_day(world: World, group: CrimeGroup) -> None:
    by = world.viewer("", organisation="durham", role=Role.FORCE_SUPERVISOR)
    until = today() + datetime.timedelta(days=1)
    confirm(group, by, expires_on=until)
    assert BandDecision.objects.unexpired(today()).exists()
    assert not BandDecision.objects.unexpired(until).exists()


def test_decisions_are_audited(world: World, group: CrimeGroup) -> None:
    by = world.viewer("", organisation="durham", role=Role.FORCE_SUPERVISOR)
    decision, judgement = confirm(group, by), judge(world, group, by)
    written = AuditEvent.objects.filter(actor_id=by.user_id).values_list(
        "object_type", "object_ids"
    )
    assert {(kind, tuple(ids)) for kind, ids in written} == {
        ("scoring.Judgement", (judgement.pk,)),
        ("scoring.BandDecision", (decision.pk,)),
    }


@pytest.mark.parametrize("step", ["judge", "confirm"])
def test_nothing_stands_without_its_audit(
    world: World, group: CrimeGroup, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = world.viewer("", organisation="durham", role=Role.FORCE_SUPERVISOR)

    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("audit is down")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        judge(world, group, by) if step == "judge" else confirm(group, by)
    with acting_as(system("test")):
        assert not Judgement.objects.exists()
        assert not BandDecision.objects.exists()
