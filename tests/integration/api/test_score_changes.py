"""What moved a score, and what is known now of a past day, over the API."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from groups.models import CrimeGroup
from scoring import outbox
from scoring.engine import Cause
from scoring.models import PictureLine
from tests.cast import MakeUser
from tests.factories.scoring import DRUGS, World, today
from tests.integration.api.conftest import Caller

pytestmark = pytest.mark.django_db
Calls = Callable[..., Caller]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world(as_system: Any, make_user: MakeUser) -> World:
    make_user("owner_analyst")
    return World()


@pytest.fixture
def moved(world: World) -> CrimeGroup:
    """A group that stood for thirty days, and of which a report came late today."""
    group = world.group(world.label())
    world.claim(group, world.label(), "high", "expertise")
    outbox.drain_until_empty(seconds=60)
    PictureLine.objects.update(valid_from=timezone.now() - 30 * DAY)
    world.claim(group, world.label(), "high", DRUGS, received_on=today() - 20 * DAY)
    outbox.drain_until_empty(seconds=60)
    return group


@pytest.mark.parametrize("address", ["score-change", "known-now"])
def test_the_parts_add_up_and_name_the_report(
    moved: CrimeGroup, call_as: Calls, address: str
) -> None:
    found = call_as("owner_analyst").json(f"/groups/{moved.public_id}/{address}/")
    assert found["change"] == found["after"]["value"] - found["before"]["value"] > 0
    assert sum(part["change"] for part in found["parts"]) == found["change"]
    assert [part["cause"] for part in found["parts"]] == [str(one) for one in Cause]
    [new] = [part for part in found["parts"] if part["change"]]
    assert new["cause"] == "new"
    [step] = new["steps"]
    assert (step["before"], step["after"]) == ("unknown", "high")
    [report] = step["reports"]
    row = AuditEvent.objects.filter(object_type="intelligence.Report").latest("id")
    assert len(row.object_ids) == 1
    assert report["reference"].startswith("R-")


def test_a_day_without_a_score_has_no_change(moved: CrimeGroup, call_as: Calls) -> None:
    day = today() - 400 * DAY
    caller = call_as("owner_analyst")
    for query in (f"score-change/?from={day}", f"known-now/?as_at={day}"):
        found = caller.json(f"/groups/{moved.public_id}/{query}")
        assert found == {"before": None, "after": None, "change": None, "parts": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("score-change/?from=2026-02-30", "from"),
        ("score-change/?from=2026-03-02&to=2026-03-01", "from"),
        ("score-change/?to=2999-01-01", "to"),
        ("score-change/?to=0001-01-03", "to"),
        ("known-now/?as_at=0001-01-03", "as_at"),
        ("score-change/?since=2026-01-01", "since"),
        ("known-now/?as_at=2999-01-01", "as_at"),
        ("known-now/?as_at=today", "as_at"),
        ("known-now/?at=2026-01-01", "at"),
    ],
)
def test_a_wrong_day_is_refused_by_name(
    moved: CrimeGroup, call_as: Calls, query: str, field: str
) -> None:
    answer = call_as("owner_analyst").get(f"/groups/{moved.public_id}/{query}")
    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_today_is_not_over(moved: CrimeGroup, call_as: Calls) -> None:
    query = f"known-now/?as_at={today()}"
    answer = call_as("owner_analyst").get(f"/groups/{moved.public_id}/{query}")
    assert answer.status_code == 400
    assert "a day that is over" in answer.content.decode()
