"""The drain: what it writes, what it leaves alone, and what readers then see."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TagHolder
from accounts.roles import Role
from groups.models import CrimeGroup
from intelligence.models import Report
from scoring.engine import INSUFFICIENT
from scoring.models import Assessment, Outbox, PictureLine, Profile, Receipt, ScoreHead
from scoring.models.outbox import ReceiptState
from scoring.outbox import DrainResult, heartbeat, sweep
from tests.factories.scoring import ATTRIBUTES, DRUGS, World, primary, today
from tests.integration.scoring.conftest import Read

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


def open_lines(group: CrimeGroup) -> list[PictureLine]:
    return list(
        PictureLine.objects.filter(
            group=group, valid_to__isnull=True, scheme_version=primary()
        ).order_by("rank")
    )


def test_claim_moves_the_figure_of_who_sees_it(
    world: World, drain: Drain, read: Read
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    for attribute in ATTRIBUTES[:9]:
        world.claim(group, world.label("a"), attribute=attribute)
    drain()

    assert read(knows).bands["1c"] == 1
    assert read(knows_not).bands["1c"] == 0
    assert read(knows_not).bands[INSUFFICIENT] == 1


def test_nothing_changed_writes_nothing(world: World, drain: Drain) -> None:
    world.reader("a")
    group = world.group(world.label())
    world.claim(group, world.label("a"))
    drain()
    lines = set(PictureLine.objects.values_list("id", "valid_from", "valid_to"))
    assessments = Assessment.objects.count()

    CrimeGroup.objects.filter(pk=group.pk).update(name="Other name")
    result = drain()

    assert result.groups == 1
    assert result.written.opened == result.written.closed == 0
    assert set(PictureLine.objects.values_list("id", "valid_from", "valid_to")) == lines
    assert Assessment.objects.count() == assessments


def test_a_changed_field_opens_a_line_on_the_same_assessment(
    world: World, drain: Drain
) -> None:
    world.reader()
    group = world.group(world.label(), tier="force")
    drain()
    [before] = open_lines(group)

    CrimeGroup.objects.filter(pk=group.pk).update(tier="national")
    drain()

    [after] = open_lines(group)
    before.refresh_from_db()
    assert after.tier == "national"
    assert after.assessment_id == before.assessment_id
    assert before.valid_to == after.valid_from


def test_withdrawal_lowers_and_coming_back_uses_the_latest_assessment(
    world: World, drain: Drain
) -> None:
    world.reader()
    group = world.group(world.label())
    claim = world.claim(group, world.label())
    drain()
    assert open_lines(group)[0].assessment.points[DRUGS] == 4

    Report.objects.filter(pk=claim.report_id).update(state="withdrawn")
    drain()

    assert open_lines(group)[0].assessment.points[DRUGS] == 0
    assert open_lines(group)[0].unknown_count == 16


def test_a_judgement_lowers_what_claims_say(world: World, drain: Drain) -> None:
    world.reader()
    group = world.group(world.label())
    claim = world.claim(group, world.label(), level="high")
    drain()
    assert open_lines(group)[0].unjudged_count == 1

    world.judgement(group, world.label(), level="low", cites=[claim.report])
    drain()

    [line] = open_lines(group)
    assert line.assessment.points[DRUGS] == 1
    assert line.unjudged_count == 0
    assert line.assessment.facts[0]["reports"] == [claim.report_id]


def test_members_and_threat_of_each_label(
    world: World, drain: Drain, read: Read
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    world.member(group, world.label(), standing="principal")
    world.member(group, world.label("a"))
    world.member(group, world.label("a"), to_on=today())
    world.threat(group, world.label(), "fraud")
    world.threat(group, world.label("a"), "cyber")
    drain()

    assert read(knows).memberships == 2
    assert read(knows_not).memberships == 1
    assert [code for code, n in read(knows).threats.items() if n] == ["cyber-crime"]
    assert [code for code, n in read(knows_not).threats.items() if n] == [
        "fraud-and-other-economic-crime"
    ]
    assert [line.principals for line in open_lines(group)] == [1, 1]


def test_confirmed_band_until_it_expires(
    world: World, drain: Drain, read: Read, time_machine_to: Callable[..., None]
) -> None:
    viewer = world.viewer("")
    group = world.group(world.label())
    tomorrow = today() + datetime.timedelta(days=1)
    world.decision(group, world.label(), INSUFFICIENT, expires_on=tomorrow)
    drain()
    assert read(viewer).awaiting_confirmation == 0
    assert ScoreHead.objects.get(group=group).next_change_on == tomorrow

    time_machine_to(tomorrow)
    sweep(tomorrow)
    drain()

    assert read(viewer).awaiting_confirmation == 1


def test_claim_leaves_its_window(
    world: World, drain: Drain, time_machine_to: Callable[..., None]
) -> None:
    world.reader()
    group = world.group(world.label())
    world.claim(group, world.label())
    drain()
    turns_on = ScoreHead.objects.get(group=group).next_change_on
    assert turns_on is not None

    time_machine_to(turns_on - datetime.timedelta(days=1))
    assert sweep(today()) == 0
    time_machine_to(turns_on)
    assert sweep(today()) == 1
    drain()

    assert open_lines(group)[0].unknown_count == 16


def test_raising_a_group_hides_it_at_once(
    world: World, drain: Drain, read: Read
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    drain()
    assert read(knows_not).groups == 1

    CrimeGroup.objects.filter(pk=group.pk).update(
        access_class_id=world.class_id(world.label("a"))
    )
    assert read(knows_not).groups == 0
    drain()

    assert read(knows_not).groups == 0
    assert read(knows).groups == 1


def test_raising_a_report_closes_the_lines_that_rest_on_it(
    world: World, drain: Drain, read: Read
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    other = world.group(world.label())
    claim = world.claim(group, world.label())
    drain()
    assert read(knows_not).unjudged == 1

    Report.objects.filter(pk=claim.report_id).update(
        access_class_id=world.class_id(world.label("a"))
    )
    assert read(knows_not).unjudged == 0
    assert {line.group_id for line in PictureLine.objects.at(None)} == {other.pk}
    drain()

    assert read(knows_not).unjudged == 0
    assert read(knows_not).groups == 2
    assert read(knows).unjudged == 1


def test_profile_added_later(world: World, drain: Drain, read: Read) -> None:
    world.reader("")
    group, other = world.group(world.label()), world.group(world.label())
    world.claim(group, world.label("a"))
    drain()
    assert len(open_lines(group)) == 1

    viewer = world.viewer("a")
    result = drain()

    assert read(viewer).unjudged == 1
    assert len(open_lines(group)) == 2
    assert result.groups == 1, "only the group that looks different to it"
    assert len(open_lines(other)) == 1


def test_profile_that_goes_takes_its_lines_along(world: World, drain: Drain) -> None:
    world.reader("")
    knows = world.reader("a")
    group = world.group(world.label())
    world.claim(group, world.label("a"))
    drain()
    assert len(open_lines(group)) == 2

    TagHolder.objects.filter(user=knows).delete()
    drain()

    assert len(open_lines(group)) == 1
    assert not Profile.objects.filter(tags__contains=[world.tag("a")]).exists()


def test_profiles_are_those_of_readers_on_the_day(world: World, drain: Drain) -> None:
    world.reader("a", role=Role.SYSTEM_ADMINISTRATOR)
    ended = world.reader("b")
    TagHolder.objects.filter(user=ended).update(to_on=today())
    gone = world.reader("c")
    gone.is_active = False
    gone.save()
    world.reader("d")
    drain()

    held = {tag for profile in Profile.objects.all() for tag in profile.tags}
    assert world.tag("d") in held
    assert not held & {world.tag(letter) for letter in "abc"}


def test_merged_group_has_no_line(world: World, drain: Drain) -> None:
    world.reader()
    group, into = world.group(world.label()), world.group(world.label())
    drain()
    assert open_lines(group)

    CrimeGroup.objects.filter(pk=group.pk).update(merged_into=into)
    drain()

    assert not open_lines(group)


def test_receipt_is_included_by_the_pass_that_took_its_mark(
    world: World, drain: Drain
) -> None:
    world.reader()
    group = world.group(world.label())
    claim = world.claim(group, world.label())
    receipt = Receipt.objects.get(report=claim.report_id, group=group)
    assert receipt.state == ReceiptState.QUEUED
    drain()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.INCLUDED
    assert receipt.included_at > receipt.submitted_at

    Report.objects.filter(pk=claim.report_id).update(state="withdrawn")
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.QUEUED
    drain()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.INCLUDED


def test_statements_do_not_grow_with_groups(
    world: World, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "beat", lambda name: None)
    world.reader("a")
    drain()

    def statements(groups: int) -> int:
        for _ in range(groups):
            world.claim(world.group(world.label()), world.label("a"))
        with CaptureQueriesContext(connection) as queries:
            assert drain().groups == groups
        return len(queries)

    assert statements(2) == statements(12)
    assert not Outbox.objects.exists()
