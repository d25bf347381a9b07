"""A level far from those of groups with similar evidence is asked after, and no other."""

from typing import Any

import pytest

from groups.models import CrimeGroup
from scoring import laboratory
from scoring.models import Judgement
from tests.cast import As
from tests.factories.intelligence import a_group
from tests.factories.scoring import ATTRIBUTES, DRUGS, World
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, seen

WHY = "Two reports say so, and both are reliable."
SHOWN = ATTRIBUTES[:5]
NIL = {"level": "nil", "rationale": WHY}


def alike(world: World, owner: str, sharing: str = "all_forces") -> CrimeGroup:
    """Make a group of which five attributes are claimed, all medium."""
    group = a_group(owner, sharing, name="Alike")
    for attribute in SHOWN:
        world.claim(group, OPEN, "medium", attribute)
    return group


@pytest.fixture
def world(as_system: Any, make_user: Any) -> World:
    make_user("owner_analyst")
    return World()


@pytest.fixture
def own(world: World) -> CrimeGroup:
    """A group beside three alike ones that were judged medium and high."""
    for level in ("medium", "high", "high"):
        world.judgement(alike(world, "west-yorkshire"), OPEN, level, DRUGS)
    return alike(world, "durham")


def url_of(group: CrimeGroup) -> str:
    return f"/groups/{group.public_id}/judge/{DRUGS}/"


def test_a_level_far_from_theirs_is_asked_after(
    own: CrimeGroup, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    asked = client.post(url_of(own), NIL)
    text = asked.content.decode()
    assert asked.status_code == 200
    assert "3 groups with similar evidence were judged medium to high" in text
    assert "says_why" in text
    assert WHY in text, "what was typed is kept"
    assert text.count("Alike (G-") == 4, "three, and the one that is judged"
    assert not Judgement.objects.filter(group=own).exists()
    taken = client.post(url_of(own), {**NIL, "says_why": "on"})
    assert taken.status_code == 302
    assert Judgement.objects.get(group=own).level == "nil"
    again = seen(client, url_of(own)).text
    assert "judged medium to high, this one nil" in again


@pytest.mark.parametrize("level", ["low", "medium", "high", "unknown"])
def test_a_level_near_theirs_is_not(
    own: CrimeGroup, client_as: ClientAs, level: str
) -> None:
    answer = client_as("owner_analyst").post(url_of(own), {**NIL, "level": level})
    assert answer.status_code == 302


@pytest.mark.leak
def test_hidden_groups_ask_nothing(
    world: World, client_as: ClientAs, acting: As
) -> None:
    own = alike(world, "durham")
    for _ in range(3):
        hidden = alike(world, "west-yorkshire", "organisation")
        world.judgement(hidden, OPEN, "high", DRUGS)
    with acting("owner_analyst") as by:
        assert laboratory.neighbours_on(by, own, DRUGS) is None
    assert client_as("owner_analyst").post(url_of(own), NIL).status_code == 302


@pytest.mark.leak
def test_hidden_judgements_and_claims_count_for_nobody_else(
    own: CrimeGroup, world: World, acting: As
) -> None:
    with acting("owner_analyst") as by:
        before = laboratory.neighbours_on(by, own, DRUGS)
    assert before is not None
    other = CrimeGroup.objects.get(pk=before.ids[0])
    secret = world.label("s")
    world.judgement(other, secret, "nil", DRUGS)
    for attribute in ATTRIBUTES:
        world.claim(other, secret, "high", attribute)
    with acting("owner_analyst") as by:
        assert laboratory.neighbours_on(by, own, DRUGS) == before
