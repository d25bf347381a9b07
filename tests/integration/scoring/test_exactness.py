"""What a reader is shown is exactly a function of what they may see.

Small random worlds: rows of any label on groups of any label. Two readings of one law:
a reader's figures are the engine over the rows that they see; and a world without the
rows that they cannot see shows them the same.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import acting_for, viewer_of
from accounts.models import User
from accounts.visibility import Label, Viewer
from groups.models import CrimeGroup, GroupThreat, Membership
from intelligence.models import AttributeClaim
from scoring import outbox, picture, scores
from scoring.engine import (
    PRIMARY,
    SCHEMES,
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
    score,
)
from scoring.models import Judgement, JudgementCitation
from scoring.reconciling import reconcile
from tests.factories.scoring import ATTRIBUTES, World, as_worker, today

pytestmark = [pytest.mark.django_db, pytest.mark.leak]

LETTERS = "abc"
FEW_ATTRIBUTES = ATTRIBUTES[:3]

labels = st.tuples(
    st.sets(st.sampled_from(LETTERS)).map(lambda held: "".join(sorted(held))),
    st.sampled_from([1, 2]),
)


@dataclass(frozen=True)
class Row:
    """A row of evidence: of which group, what, with which label."""

    kind: str
    group: int
    label: tuple[str, int]
    attribute: str
    level: str
    grade: tuple[int, str]
    days: int


@dataclass(frozen=True)
class Plan:
    """A world as data, so that it can be built again without some of its rows."""

    groups: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    readers: tuple[tuple[str, int], ...]


rows = st.builds(
    Row,
    kind=st.sampled_from(["claim", "claim", "judgement", "member", "threat", "band"]),
    group=st.integers(0, 1),
    label=labels,
    attribute=st.sampled_from(FEW_ATTRIBUTES),
    level=st.sampled_from(["high", "medium", "low", "nil"]),
    grade=st.tuples(st.integers(1, 3), st.sampled_from("ABCDE")),
    days=st.integers(0, 900),
)
plans = st.builds(
    Plan,
    groups=st.tuples(labels, labels),
    rows=st.lists(rows, max_size=10).map(tuple),
    readers=st.lists(labels, min_size=2, max_size=4).map(tuple),
)


@dataclass
class Built:
    """The world that a plan makes, without what `keep` leaves out."""

    plan: Plan
    keep: Label | None = None
    world: World = field(default_factory=World)
    users: list[User] = field(default_factory=list)
    groups: dict[int, CrimeGroup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for letter in LETTERS:
            self.world.tag(letter)
        self.users = [
            self.world.reader(letters, clearance=clearance)
            for letters, clearance in self.plan.readers
        ]
        for place, own in enumerate(self.plan.groups):
            if self._shown(own):
                self.groups[place] = self.world.group(self.world.label(*own))
        threats: set[tuple[int, int]] = set()
        for row in self.plan.rows:
            if row.group in self.groups and self._shown(row.label):
                self._add(row, threats)
        outbox.drain_until_empty()

    def _shown(self, label: tuple[str, int]) -> bool:
        return self.keep is None or self.keep.at_least(self.world.label(*label))

    def _add(self, row: Row, threats: set[tuple[int, int]]) -> None:
        world, group = self.world, self.groups[row.group]
        label = world.label(*row.label)
        on = today() - datetime.timedelta(days=row.days)
        if row.kind == "claim":
            world.claim(
                group,
                label,
                row.level,
                row.attribute,
                source_grade=row.grade[0],
                assessment_grade=row.grade[1],
                received_on=on,
            )
        elif row.kind == "judgement":
            world.judgement(group, label, row.level, row.attribute)
        elif row.kind == "member":
            world.member(group, label)
        elif row.kind == "band":
            world.decision(group, label, PRIMARY.bands()[row.days % 15])
        else:
            place = (group.pk, world.class_id(label, group.access_class.label))
            if place not in threats:
                world.threat(group, label, "f" if row.days % 2 else "c")
                threats.add(place)


@contextmanager
def discarded() -> Iterator[None]:
    """Run the block and take everything back, as one example after another needs."""
    with as_worker(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown(viewer: Viewer, groups: dict[int, CrimeGroup]) -> dict[str, Any]:
    """Return all that a reader is shown, without ids and times."""
    with acting_for(viewer, route="test"):
        found = picture.figures_json(picture.read(viewer, picture.NATIONAL))
        seen = CrimeGroup.objects.visible_to(viewer)
        found["scores"] = {
            place: [
                (
                    *(view.result.value, view.result.low, view.result.high),
                    view.floor,
                    *(one.factor.reason for one in view.factors),
                )
                for view in (scores.score_of(viewer, group, each) for each in SCHEMES)
            ]
            for place, group in groups.items()
            if seen.filter(pk=group.pk).exists()
        }
        return found


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans)
def test_figures_are_the_engine_over_the_rows_seen(db: None, plan: Plan) -> None:
    with discarded():
        built = Built(plan)
        for user in built.users:
            viewer = viewer_of(user)
            with acting_for(viewer, route="test"):
                figures = picture.read(viewer, picture.NATIONAL)
                assert figures.bands == _bands(viewer)
                assert figures.memberships == _memberships(viewer)
                assert sum(figures.threats.values()) == figures.groups
                assert figures.threats["none"] == _without_threat(viewer)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans, reader=st.integers(0, 1))
def test_a_world_without_hidden_rows_looks_the_same(
    db: None, plan: Plan, reader: int
) -> None:
    with discarded():
        built = Built(plan)
        viewer = viewer_of(built.users[reader])
        whole = shown(viewer, built.groups)
    with discarded():
        letters, clearance = plan.readers[reader]
        part = Built(plan, keep=World().label(letters, clearance))
        assert shown(viewer_of(part.users[reader]), part.groups) == whole


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans)
def test_reconcile_agrees(db: None, plan: Plan) -> None:
    with discarded():
        Built(plan)
        assert reconcile().differences == []


def _visible_facts(viewer: Viewer, group: CrimeGroup) -> GroupFacts:
    claims = AttributeClaim.objects.visible_to(viewer).filter(
        group=group, report__state="submitted"
    )
    cites = JudgementCitation.objects.visible_to(viewer)
    return GroupFacts(
        group_id=group.pk,
        at=today(),
        claims=tuple(
            Claim(
                claim.report_id,
                claim.attribute,
                Level(claim.level),
                claim.report.source_grade,
                claim.report.assessment_grade,
                claim.report.received_on,
            )
            for claim in claims.select_related("report")
        ),
        judgements=tuple(
            JudgementFact(
                one.pk,
                one.attribute,
                Level(one.level),
                timezone.localdate(one.decided_at),
                tuple(cites.filter(judgement=one).values_list("report_id", flat=True)),
            )
            for one in Judgement.objects.visible_to(viewer).filter(group=group)
        ),
    )


def _bands(viewer: Viewer) -> dict[str, int]:
    found = dict.fromkeys(picture.BANDS, 0)
    for group in CrimeGroup.objects.visible_to(viewer):
        found[score(_visible_facts(viewer, group), PRIMARY).band or ""] += 1
    return found


def _memberships(viewer: Viewer) -> int:
    groups = CrimeGroup.objects.visible_to(viewer)
    return Membership.objects.visible_to(viewer).filter(group__in=groups).count()


def _without_threat(viewer: Viewer) -> int:
    threats = GroupThreat.objects.visible_to(viewer).values("group_id")
    return CrimeGroup.objects.visible_to(viewer).exclude(id__in=threats).count()
