"""Reconcile names each planted fault, and nothing else."""

import datetime
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from groups.models import CrimeGroup, Membership
from scoring.models import (
    Outbox,
    OutboxDead,
    PictureLine,
    Profile,
    Receipt,
    ScoreHead,
)
from scoring.outbox import DrainResult
from scoring.reconciling import Difference, reconcile
from tests.factories.scoring import World, primary, today

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def group(world: World, drain: Drain) -> CrimeGroup:
    """A group with two labels, in order."""
    world.reader("a")
    world.reader("")
    group = world.group(world.label(), review_on=today())
    claim = world.claim(group, world.label("a"))
    world.judgement(group, world.label(), "low", "expertise")
    world.judgement(group, world.label("a"), "high", "expertise", cites=[claim.report])
    world.member(group, world.label())
    world.threat(group, world.label())
    world.decision(group, world.label())
    drain()
    assert reconcile().differences == []
    return group


def line_of(group: CrimeGroup, letters: str = "") -> PictureLine:
    [line] = PictureLine.objects.at(None).filter(
        group=group,
        scheme_version=primary(),
        access_class__requires=[] if not letters else [World().tag(letters)],
    )
    return line


def only() -> Difference:
    [one] = reconcile().differences
    return one


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("computed_band", "1a"),
        ("confirmed_band", ""),
        ("memberships", 7),
        ("principals", 7),
        ("tier", "national"),
        ("record_state", "draft"),
        ("activity_status", "archived"),
        ("unknown_count", 0),
        ("unjudged_count", 9),
        ("review_due_on", None),
        ("predominant_threat_id", None),
        ("rank", 99),
    ],
)
def test_wrong_line_is_named(group: CrimeGroup, field: str, value: Any) -> None:
    line = line_of(group, "a")
    expected = str(getattr(line, field))
    PictureLine.objects.filter(pk=line.pk).update(**{field: value})

    assert only() == Difference(
        "wrong",
        group.reference,
        "OFFICIAL test:a",
        "ocgm16-local 1",
        field,
        expected,
        str(value),
    )


def test_missing_line_is_named(group: CrimeGroup) -> None:
    PictureLine.objects.filter(pk=line_of(group).pk).update(valid_to=timezone.now())
    found = only()
    assert (found.kind, found.group, found.label, found.field) == (
        "missing",
        group.reference,
        "OFFICIAL",
        "line",
    )


def test_extra_line_is_named(group: CrimeGroup, world: World) -> None:
    line = line_of(group)
    line.pk = None
    line.access_class_id = world.class_id(world.label("bc", 2))
    line.save(force_insert=True)
    found = [one for one in reconcile().differences if one.field == "line"]
    assert [(one.kind, one.label) for one in found] == [
        ("extra", "OFFICIAL-SENSITIVE test:b test:c")
    ]


def test_line_on_another_assessment_is_named(group: CrimeGroup) -> None:
    other = line_of(group).assessment_id
    PictureLine.objects.filter(pk=line_of(group, "a").pk).update(assessment_id=other)
    fields = {one.field for one in reconcile().differences}
    assert {"assessment", "assessment.facts", "assessment.facts_digest"} <= fields


def test_lost_mark_is_named(group: CrimeGroup) -> None:
    """A change whose mark went missing: the fault that matters most."""
    Membership.objects.filter(group=group).update(standing="principal")
    assert reconcile().pending == 1
    Outbox.objects.all().delete()

    found = reconcile().differences
    assert {(one.kind, one.field, one.expected, one.found) for one in found} == {
        ("wrong", "principals", "1", "0")
    }
    assert len(found) == 4, "two labels under two schemes"


def test_head_that_is_due_too_late_is_named(group: CrimeGroup) -> None:
    ScoreHead.objects.update(next_change_on=today() + datetime.timedelta(days=9999))
    assert only().field == "head.next_change_on"
    ScoreHead.objects.update(next_change_on=None)
    assert only().field == "head.next_change_on"


def test_head_that_says_live_is_named(group: CrimeGroup) -> None:
    ScoreHead.objects.update(is_live=True)
    assert only().field == "head.is_live"


def test_group_that_was_never_drained_is_named(world: World) -> None:
    group = world.group(world.label())
    Outbox.objects.all().delete()
    found = [one for one in reconcile().differences if one.kind == "missing"]
    assert [(one.group, one.field) for one in found] == [(group.reference, "head")]


def test_profiles_are_compared(group: CrimeGroup) -> None:
    gone = Profile.objects.order_by("id").first()
    assert gone is not None
    Profile.objects.create(tags=[1, 2, 3], clearance=1)
    gone.delete()
    kinds = [
        (one.kind, one.field)
        for one in reconcile().differences
        if one.kind == "profile"
    ]
    assert sorted(kinds) == [("profile", "extra"), ("profile", "missing")]


def test_fact_that_rests_on_nothing_is_named(group: CrimeGroup) -> None:
    Membership.objects.filter(group=group).update(rationale="")
    Outbox.objects.all().delete()
    found = only()
    assert (found.kind, found.field) == ("ungrounded", "groups.Membership")
    assert found.found == str(Membership.objects.get(group=group).public_id)


def test_lost_receipt_is_named(group: CrimeGroup) -> None:
    receipt = Receipt.objects.select_related("report").get()
    Receipt.objects.all().delete()
    assert only() == Difference(
        "receipt",
        group.reference,
        field=receipt.report.reference,
        expected="a receipt",
        found="none",
    )


def test_marks_that_wait_long_are_named_and_not_compared(group: CrimeGroup) -> None:
    Membership.objects.filter(group=group).update(standing="principal")
    Profile.objects.all().delete()
    Outbox.objects.create(group_id=None, at=timezone.now())
    assert reconcile().differences == [], "the drain may yet come by"

    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    Outbox.objects.update(at=long_ago)
    outcome = reconcile()

    assert outcome.pending == 1
    assert {(one.kind, one.group, one.found) for one in outcome.differences} == {
        ("waiting", group.reference, f"waiting since {long_ago.isoformat()}"),
        ("waiting", "", f"waiting since {long_ago.isoformat()}"),
    }


def test_stranded_receipt_is_named(group: CrimeGroup) -> None:
    Receipt.objects.update(state="queued", included_at=None)
    found = only()
    assert (found.kind, found.group, found.found) == (
        "receipt",
        group.reference,
        "queued",
    )


def test_dead_letter_is_named(group: CrimeGroup) -> None:
    OutboxDead.objects.create(group_id=group.pk, error="E", at=timezone.now())
    found = only()
    assert (found.kind, found.group, found.found) == ("dead", group.reference, "E")


def test_marked_group_is_pending_and_not_compared(group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(tier="national")
    outcome = reconcile()
    assert (outcome.checked, outcome.pending, outcome.differences) == (0, 1, [])


def test_command_prints_json_and_exits_1(group: CrimeGroup) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert json.loads(out.getvalue()) == {
        "checked": 1,
        "pending": 0,
        "differences": [],
    }
    PictureLine.objects.filter(pk=line_of(group).pk).update(memberships=5)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("reconcile", stdout=out)
    assert caught.value.code == 1
    [found] = json.loads(out.getvalue())["differences"]
    assert found == {
        "kind": "wrong",
        "group": group.reference,
        "label": "OFFICIAL",
        "scheme": "ocgm16-local 1",
        "field": "memberships",
        "expected": "1",
        "found": "5",
    }


def test_reconcile_writes_nothing(group: CrimeGroup) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id_if_assigned()::text")
        before = cursor.fetchone()
        reconcile()
        cursor.execute("select pg_current_xact_id_if_assigned()::text")
        assert cursor.fetchone() == before
