"""Bands: overrides by two people, an end, nobody's own, and one report that holds it."""

import datetime
from typing import Any

import pytest

from accounts.access import acting_for, viewer_of
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.scope import system
from scoring.actions import bands, judgements
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.exceptions import (
    BadExpiry,
    NotProposed,
    OverrideNeedsExpiry,
    OwnConfirmation,
    RestsOnOneReport,
)
from scoring.models import BandDecision
from scoring.scores import band_as_seen, none_counts, score_of
from tests.factories.scoring import ATTRIBUTES, DAY, DRUGS, World, today
from tests.integration.scoring.conftest import Read
from tests.integration.scoring.test_judgements import Drain, judge

pytestmark = pytest.mark.django_db
SOON = 30 * DAY


@pytest.fixture
def group(world: World) -> CrimeGroup:
    return world.group(world.label(), "durham")


def supervisor(world: World, **more: Any) -> User:
    return world.reader(
        "", organisation="durham", role=more.pop("role", Role.FORCE_SUPERVISOR), **more
    )


def confirm(group: CrimeGroup, by: Viewer, **more: Any) -> BandDecision:
    values = {"band": INSUFFICIENT, "reason": "Too little is known", **more}
    with acting_for(by, route="test"):
        return bands.confirm(by=by, group=group, **values)


def approve(decision: BandDecision, by: Viewer) -> BandDecision:
    with acting_for(by, route="test"):
        return bands.approve(by=by, decision=decision)


def proposed(world: World, group: CrimeGroup, **more: Any) -> tuple[Viewer, Any]:
    by = viewer_of(supervisor(world))
    return by, confirm(group, by, band="1a", expires_on=today() + SOON, **more)


def computed(group: CrimeGroup, by: Viewer) -> str:
    with acting_for(by, route="test"):
        return band_as_seen(by, group, PRIMARY).band


# Overrides


def test_an_override_counts_once_another_person_approved_it(
    world: World, group: CrimeGroup, drain: Drain
) -> None:
    by, decision = proposed(world, group)
    other = viewer_of(supervisor(world))
    drain()
    for reader in (by, other):
        with acting_for(reader, route="test"):
            seen = score_of(reader, group, PRIMARY)
            assert (seen.confirmed_band, seen.computed_band) == ("", INSUFFICIENT)
    approve(decision, other)
    drain()
    with acting_for(by, route="test"):
        seen = score_of(by, group, PRIMARY)
        assert (seen.confirmed_band, seen.computed_band) == ("1a", INSUFFICIENT)
        assert seen.confirmed is not None
        assert seen.confirmed.approved_by_id == other.user_id
    events = AuditEvent.objects.filter(object_type="scoring.BandDecision")
    assert [one.actor_id for one in events.order_by("id")] == [
        by.user_id,
        other.user_id,
    ]


def test_nobody_approves_what_they_proposed(world: World, group: CrimeGroup) -> None:
    by, decision = proposed(world, group)
    with pytest.raises(OwnConfirmation, match="another person"):
        approve(decision, by)
    decision.refresh_from_db()
    assert not decision.is_settled


@pytest.mark.parametrize(
    ("organisation", "role"),
    [("durham", Role.FORCE_ANALYST), ("northumbria", Role.FORCE_SUPERVISOR)],
)
def test_only_who_may_confirm_may_approve(
    world: World, group: CrimeGroup, organisation: str, role: Role
) -> None:
    _, decision = proposed(world, group)
    by = world.viewer("", organisation=organisation, role=role)
    with pytest.raises(AppError) as caught:
        approve(decision, by)
    assert caught.value.status == 403


def test_a_hidden_override_is_not_found(world: World, group: CrimeGroup) -> None:
    by = world.viewer("a", organisation="durham", role=Role.FORCE_SUPERVISOR)
    world.claim(group, world.label("a"))
    decision = confirm(group, by, band="1a", expires_on=today() + SOON)
    with pytest.raises(NotFound):
        approve(decision, viewer_of(supervisor(world)))


def test_only_the_newest_is_approved_and_only_once(
    world: World, group: CrimeGroup
) -> None:
    _, first = proposed(world, group)
    _, second = proposed(world, group)
    other = viewer_of(supervisor(world))
    with pytest.raises(NotProposed):
        approve(first, other)
    approve(second, other)
    with pytest.raises(NotProposed):
        approve(second, viewer_of(supervisor(world)))


def test_an_expired_proposal_is_not_approved(world: World, group: CrimeGroup) -> None:
    _, decision = proposed(world, group)
    with acting_as(system("test")):
        BandDecision.objects.filter(pk=decision.pk).update(expires_on=today())
    with pytest.raises(NotProposed):
        approve(decision, viewer_of(supervisor(world)))


def test_an_override_needs_an_end(world: World, group: CrimeGroup) -> None:
    with pytest.raises(OverrideNeedsExpiry) as caught:
        confirm(group, viewer_of(supervisor(world)), band="1a")
    assert caught.value.field == "expires_on"


def test_a_decision_ends_within_the_policy(
    world: World, group: CrimeGroup, settings: Any
) -> None:
    by = viewer_of(supervisor(world))
    last = bands.latest_end()
    assert last - today() in (datetime.timedelta(days) for days in (365, 366))
    confirm(group, by, expires_on=last)
    with pytest.raises(BadExpiry, match="12 months"):
        confirm(group, by, expires_on=last + DAY)
    settings.LONGEST_DECISION_MONTHS = 3
    with pytest.raises(BadExpiry, match="3 months"):
        confirm(group, by, expires_on=last)


# Nobody's own


def test_whoever_submitted_the_group_does_not_confirm_it(
    world: World, group: CrimeGroup
) -> None:
    user = supervisor(world)
    CrimeGroup.objects.filter(pk=group.pk).update(submitted_by=user)
    group.refresh_from_db()
    with pytest.raises(OwnConfirmation, match="lead of its region") as caught:
        confirm(group, viewer_of(user))
    assert (caught.value.status, caught.value.field) == (403, "band")
    confirm(group, viewer_of(supervisor(world)))


def test_a_supervisor_confirms_what_an_analyst_judged(
    world: World, group: CrimeGroup
) -> None:
    analyst = world.viewer("", organisation="durham")
    by = viewer_of(supervisor(world))
    for key in ATTRIBUTES:
        judge(world, group, analyst, attribute=key)
    assert confirm(group, by, band=computed(group, by)).is_settled


def test_nobody_confirms_what_they_alone_judged(
    world: World, group: CrimeGroup
) -> None:
    by = viewer_of(supervisor(world))
    for key in ATTRIBUTES:
        judge(world, group, by, attribute=key)
    with pytest.raises(OwnConfirmation, match="alone"):
        confirm(group, by, band=computed(group, by))
    lead = world.viewer("", organisation="nerocu", role=Role.ROCU_LEAD)
    confirm(group, lead, band=computed(group, lead))
    # What another confirmed is no longer newly theirs.
    assert confirm(group, by, band=computed(group, by)).is_settled


def test_a_judgement_of_another_beside_it_changes_nothing(
    world: World, group: CrimeGroup
) -> None:
    by = viewer_of(supervisor(world))
    for key in ATTRIBUTES[1:]:
        judge(world, group, by, attribute=key)
    judge(
        world, group, world.viewer("", organisation="durham"), attribute=ATTRIBUTES[0]
    )
    with pytest.raises(OwnConfirmation):
        confirm(group, by, band=computed(group, by))


def test_who_judged_alone_may_propose_but_not_approve(
    world: World, group: CrimeGroup
) -> None:
    judging, other = viewer_of(supervisor(world)), viewer_of(supervisor(world))
    for key in ATTRIBUTES:
        judge(world, group, judging, attribute=key)
    band = next(one for one in PRIMARY.bands() if one != computed(group, judging))
    end = {"band": band, "expires_on": today() + SOON}
    with pytest.raises(OwnConfirmation):
        approve(confirm(group, other, **end), judging)
    assert approve(confirm(group, judging, **end), other).is_settled


# One report


def on_one_report(world: World, group: CrimeGroup, label: Any) -> Any:
    report = world.report(label)
    for key in ATTRIBUTES[:9]:
        world.claim(group, label, attribute=key, report=report)
    return report


def test_a_band_on_one_report_is_confirmed_knowingly(
    world: World, group: CrimeGroup
) -> None:
    report, by = (
        on_one_report(world, group, world.label()),
        viewer_of(supervisor(world)),
    )
    band = computed(group, by)
    with pytest.raises(RestsOnOneReport) as caught:
        confirm(group, by, band=band)
    assert caught.value.report == report
    assert report.reference in caught.value.message
    assert caught.value.band_without == INSUFFICIENT
    assert not BandDecision.objects.exists()
    assert confirm(group, by, band=band, knows_it_rests_on_one_report=True).is_settled


def test_it_is_asked_of_what_the_decider_sees(world: World, group: CrimeGroup) -> None:
    on_one_report(world, group, world.label("a"))
    knows_not = viewer_of(supervisor(world))
    assert confirm(group, knows_not).band == INSUFFICIENT


def test_on_two_reports_nothing_is_asked(world: World, group: CrimeGroup) -> None:
    for _ in range(2):
        on_one_report(world, group, world.label())
    by = viewer_of(supervisor(world))
    assert confirm(group, by, band=computed(group, by)).is_settled


# Judgements on what never counts


@pytest.mark.parametrize(
    ("report", "is_flagged"),
    [
        ({}, False),
        ({"assessment_grade": "E"}, True),
        ({"source_grade": 3}, True),
        ({"state": "withdrawn"}, True),
    ],
)
def test_a_judgement_on_what_never_counts_is_recorded_and_flagged(
    world: World, group: CrimeGroup, report: dict[str, Any], is_flagged: bool
) -> None:
    by = world.viewer("", organisation="durham")
    cited = world.report(world.label(), **report)
    judge(world, group, by, reports=[cited])
    with acting_for(by, route="test"):
        [factor] = [
            one
            for one in score_of(by, group, PRIMARY).factors
            if one.factor.attribute == DRUGS
        ]
    assert factor.judgement is not None
    assert factor.is_unsupported is is_flagged


def test_one_that_counts_beside_it_is_support_enough(world: World) -> None:
    poor = world.report(world.label(), assessment_grade="E")
    assert none_counts([poor], PRIMARY)
    assert not none_counts([poor, world.report(world.label())], PRIMARY)
    assert not none_counts([], PRIMARY), "a judgement may cite nothing"


def test_hidden_reports_are_refused(world: World, group: CrimeGroup) -> None:
    by = world.viewer("", organisation="durham")
    hidden = world.report(world.label("a"))
    with acting_for(by, route="test"), pytest.raises(NotFound):
        judgements.judge(
            by=by,
            group=group,
            attribute=DRUGS,
            level="low",
            rationale="Seen",
            reports=[hidden],
        )


# The figures


def test_a_proposal_moves_no_figure(
    world: World, group: CrimeGroup, drain: Drain, read: Read
) -> None:
    by, decision = proposed(world, group)
    drain()
    assert read(by).awaiting_confirmation == 1
    assert not decision.is_settled
