"""Agreement and drift for supervisors: of ten and more, of what they see, of no person."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.visibility import Label
from scoring import laboratory
from scoring.models import SecondScore, SecondScoring
from tests.cast import As
from tests.factories.scoring import ATTRIBUTES, DRUGS, World
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, seen

URL = "/consistency/agreement/"


def both(world: World, first: str, second: str, label: Label = OPEN) -> SecondScore:
    """Make a group that was judged on one attribute, and its second score."""
    group = world.group(OPEN, owner="durham")
    world.judgement(group, OPEN, first, DRUGS)
    now = timezone.now()
    scoring = SecondScoring.objects.create(
        owner=group.owner,
        access_class_id=group.access_class_id,
        group=group,
        submitted_at=now,
        number=20,
        one_in=10,
        drawn_at=now,
    )
    return SecondScore.objects.create(
        owner=group.owner,
        access_class_id=world.class_id(label),
        scoring=scoring,
        levels=dict.fromkeys(ATTRIBUTES, second),
        begun_at=now,
        submitted_at=now,
    )


@pytest.fixture
def world(as_system: Any, make_user: Any) -> World:
    for name in ("owner_supervisor", "owner_analyst"):
        make_user(name)
    return World()


def test_below_ten_scores_nothing_is_told(world: World, client_as: ClientAs) -> None:
    for _ in range(9):
        both(world, "low", "medium")
    page = seen(client_as("owner_supervisor"), URL)
    assert "0.00" not in page.text
    assert page.text.count("Too few") == 4 * len(ATTRIBUTES) + 1


def test_ten_scores_are_told_with_intervals_and_no_name(
    world: World, client_as: ClientAs, acting: As
) -> None:
    for number in range(10):
        level = ("low", "medium")[number % 2]
        both(world, level, {"low": "medium", "medium": "high"}[level])
    with acting("owner_supervisor") as by:
        found = laboratory.overall(by)
    [told] = [one.agreement for one in found.attributes if one.agreement]
    assert (told.units, told.scores) == (10, 20)
    [quarter] = found.quarters
    assert quarter.drift is not None
    assert quarter.drift.value == 1
    page = seen(client_as("owner_supervisor"), URL).text
    assert "+1.00" in page
    assert "Reader" not in page


@pytest.mark.leak
def test_a_hidden_second_score_counts_for_nobody_else(world: World, acting: As) -> None:
    for _ in range(9):
        both(world, "low", "medium")
    both(world, "low", "medium", label=world.label("s"))
    with acting("owner_supervisor") as by:
        assert not any(one.agreement for one in laboratory.overall(by).attributes)


def test_it_is_for_supervisors(world: World, client_as: ClientAs) -> None:
    assert client_as("owner_analyst").get(URL).status_code == 403
    assert "drift" not in seen(client_as("owner_analyst"), "/consistency/").text
    assert "drift" in seen(client_as("owner_supervisor"), "/consistency/").text
