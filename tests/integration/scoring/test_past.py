"""The past of the picture: no two lines at once, none to come, none that contradicts."""

import datetime
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.access import acting_for
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring import picture
from scoring.models import PictureLine
from scoring.outbox import DrainResult, drain_until_empty
from scoring.reconciling import Difference, reconcile
from tests.factories.scoring import DAY, World, as_worker, primary

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def group(world: World, drain: Drain) -> CrimeGroup:
    """A group with one line a scheme, open since yesterday."""
    world.reader("")
    group = world.group(world.label())
    world.member(group, world.label())
    drain()
    PictureLine.objects.update(valid_from=timezone.now() - DAY)
    assert reconcile().differences == []
    return group


def line_of(group: CrimeGroup) -> PictureLine:
    return PictureLine.objects.get(group=group, scheme_version=primary(), valid_to=None)


def plant(group: CrimeGroup, **changes: Any) -> PictureLine:
    """Copy the group's open line, changed."""
    line = line_of(group)
    line.pk = None
    for name, value in changes.items():
        setattr(line, name, value)
    line.save(force_insert=True)
    return line


def differences() -> list[Difference]:
    return reconcile().differences


@pytest.mark.parametrize(
    "days",
    [
        pytest.param((-400, 1), id="around it"),
        pytest.param((-400, -0.5), id="into it"),
        pytest.param((-0.5, -0.1), id="within it"),
    ],
)
def test_no_line_stands_beside_another(
    group: CrimeGroup, days: tuple[float, float]
) -> None:
    since, until = (timezone.now() + DAY * number for number in days)
    with (
        pytest.raises(IntegrityError, match="scoring_pictureline_no_overlap"),
        transaction.atomic(),
    ):
        plant(group, memberships=999, valid_from=since, valid_to=until)


def test_line_may_end_as_the_next_begins(group: CrimeGroup) -> None:
    start = line_of(group).valid_from
    plant(group, valid_from=start - DAY, valid_to=start)
    assert differences() == []


def test_line_in_the_future_is_named(group: CrimeGroup) -> None:
    later = timezone.now() + DAY
    PictureLine.objects.filter(pk=line_of(group).pk).update(valid_from=later)
    [found] = differences()
    assert (found.kind, found.group, found.found) == (
        "future",
        group.reference,
        f"{later.isoformat()} to open",
    )


def test_line_that_closes_in_the_future_is_named(group: CrimeGroup) -> None:
    line, later = line_of(group), timezone.now() + DAY
    PictureLine.objects.filter(pk=line.pk).update(valid_to=later)
    kinds = {(one.kind, one.group) for one in differences()}
    assert kinds == {("future", group.reference), ("missing", group.reference)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("computed_band", "1a"),
        ("unknown_count", 0),
        ("attribute_count", 99),
        ("unjudged_count", 9),
    ],
)
def test_closed_line_that_contradicts_its_assessment_is_named(
    group: CrimeGroup, field: str, value: Any
) -> None:
    line = line_of(group)
    plant(
        group,
        valid_from=line.valid_from - DAY,
        valid_to=line.valid_from,
        **{field: value},
    )
    [found] = differences()
    assert (found.kind, found.group, found.label, found.scheme) == (
        "wrong",
        group.reference,
        "OFFICIAL",
        "ocgm16-local 1",
    )
    assert (found.field, found.expected) == (f"past.{field}", str(getattr(line, field)))
    assert str(found.found).startswith(f"{value} (")


def test_closed_line_of_another_group_or_scheme_is_named(
    group: CrimeGroup, world: World, drain: Drain
) -> None:
    line = line_of(group)
    other = world.group(world.label())
    drain()
    assessment = line_of(other).assessment_id
    plant(
        group,
        assessment_id=assessment,
        valid_from=line.valid_from - DAY,
        valid_to=line.valid_from,
    )
    [found] = differences()
    assert (found.field, found.expected) == ("past.group_id", str(other.pk))


def test_closed_line_of_wrong_rank_is_named(group: CrimeGroup) -> None:
    start = line_of(group).valid_from
    plant(group, rank=99, valid_from=start - DAY, valid_to=start)
    raised = {"is_raised": True, "valid_from": start - 2 * DAY, "valid_to": start}
    plant(group, **raised)
    assert [(one.field, one.expected) for one in differences()] == [
        ("past.rank", "1"),
        ("past.rank", "less than 1"),
    ]


def test_raising_a_group_leaves_each_reader_their_past(
    group: CrimeGroup, world: World, drain: Drain
) -> None:
    """Lines of lesser labels come to bear the label of the greater one."""
    knows = world.viewer("a")
    world.member(group, world.label("a"))
    drain()
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    PictureLine.objects.update(valid_from=timezone.now() - 3 * DAY)
    yesterday = timezone.localdate() - DAY
    before = _members(knows, yesterday)
    assert before == 2
    # The lesser line is the newer one, so that only its rank tells it apart.
    lesser = PictureLine.objects.filter(access_class=group.access_class_id)
    for line in lesser:
        line.delete()
        line.pk = None
        line.save(force_insert=True)

    CrimeGroup.objects.filter(pk=group.pk).update(
        access_class_id=world.class_id(world.label("a"))
    )
    drain()

    assert _members(knows, yesterday) == before
    assert differences() == []


def _members(viewer: Viewer, day: datetime.date) -> int:
    with acting_for(viewer, route="test"):
        return picture.read(viewer, picture.NATIONAL, day).memberships


_CONSTRAINT = "scoring_pictureline_no_overlap"


@pytest.fixture
def unguarded(transactional_db: None) -> Iterator[None]:
    """Take the first guard away, as its owner, so as to see the second."""
    url = urlsplit(os.environ["DATABASE_OWNER_URL"])
    name = connection.settings_dict["NAME"]
    owner = psycopg.connect(url._replace(path=f"/{name}").geturl(), autocommit=True)
    with owner:
        definition = owner.execute(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = %s",
            [_CONSTRAINT],
        ).fetchone()
        assert definition
        change = f"alter table scoring_pictureline {{}} constraint {_CONSTRAINT} {{}}"
        owner.execute(change.format("drop", ""))
        yield
        owner.execute("truncate scoring_pictureline cascade")
        owner.execute(change.format("add", definition[0]))


@pytest.mark.django_db(transaction=True)
def test_overlap_is_named_even_without_the_constraint(unguarded: None) -> None:
    with as_worker(), transaction.atomic():
        world = World()
        world.reader("")
        group = world.group(world.label())
    drain_until_empty(seconds=60)
    now = timezone.now()
    with as_worker(), transaction.atomic():
        plant(
            group,
            memberships=999,
            valid_from=now - 400 * DAY,
            valid_to=timezone.now(),
        )

    [found] = differences()

    assert (found.kind, found.group, found.scheme) == (
        "overlap",
        group.reference,
        "ocgm16-local 1",
    )
