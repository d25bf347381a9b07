"""Links between groups: what each reader counts, and where a pair leads."""

from typing import Any

import pytest
from django.urls import reverse

from groups.models import CrimeGroup, GroupLink, Membership
from tests.factories.scoring import World
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

pytestmark = pytest.mark.django_db


def at(scope: str) -> str:
    return reverse("scoring:group_links", args=[scope])


def in_both(world: World, first: CrimeGroup, second: CrimeGroup) -> None:
    """Make somebody who is a member of both groups."""
    row = world.member(first, OPEN)
    Membership.objects.create(
        group=second,
        nominal_id=row.nominal_id,
        owner=second.owner,
        asserted_by=second.owner,
        access_class_id=world.class_id(second.access_class.label),
        dpa_category="suspect",
        rationale="Seen",
    )


def linked(world: World, a: CrimeGroup, b: CrimeGroup, **more: Any) -> None:
    GroupLink.objects.create(
        a=a,
        b=b,
        kind="supply",
        owner=a.owner,
        asserted_by=a.owner,
        access_class_id=world.class_id(a.access_class.label, b.access_class.label),
        rationale="Seen",
        **more,
    )


@pytest.fixture
def joined(nation: Nation) -> Nation:
    world = nation.world
    for _ in range(2):
        in_both(world, nation.durham, nation.poor)
    in_both(world, nation.durham, nation.leeds)
    in_both(world, nation.leeds, nation.hidden)
    linked(world, nation.durham, nation.leeds)
    linked(world, nation.leeds, nation.agency)
    linked(world, nation.durham, nation.poor, withdrawn_at=None, to_on="2024-01-01")
    return nation


HARBOUR_QUIET = ("Harbour crew", "Quiet street", "2", "0")
HARBOUR_CANAL = ("Harbour crew", "Canal side", "1", "1")
CANAL_NOBODY = ("Canal side", "Nobody knows", "1", "0")
CANAL_AIRPORT = ("Canal side", "Airport line", "0", "1")


@pytest.mark.parametrize(
    ("who", "scope", "expected"),
    [
        (
            "nca_officer",
            "national",
            {HARBOUR_QUIET, HARBOUR_CANAL, CANAL_AIRPORT},
        ),
        ("nca_officer", "force:durham", {HARBOUR_QUIET, HARBOUR_CANAL}),
        ("nca_officer", "region:nerocu", {HARBOUR_QUIET, HARBOUR_CANAL}),
        (
            "other_analyst",
            "force:west-yorkshire",
            {CANAL_NOBODY, CANAL_AIRPORT},
        ),
        ("region_analyst", "national", {CANAL_AIRPORT}),
        ("region_analyst", "force:durham", set()),
    ],
)
def test_pairs_are_those_of_what_the_reader_sees(
    joined: Nation,
    client_as: ClientAs,
    who: str,
    scope: str,
    expected: set[tuple[str, ...]],
) -> None:
    answer = client_as(who).get(at(scope))
    rows = {
        tuple(cell["text"].split(" (")[0] for cell in row[:4])
        for row in answer.context["rows"]
    }
    assert {(frozenset(row[:2]), row[2:]) for row in rows} == {
        (frozenset(row[:2]), row[2:]) for row in expected
    }
    assert seen(client_as(who), at(scope)).count == len(expected)


def test_a_pair_leads_to_what_joins_it(joined: Nation, client_as: ClientAs) -> None:
    client = client_as("nca_officer")
    url = client.get(at("force:durham")).context["rows"][0][4]["url"]
    answer = client.get(url.partition("#")[0])
    shared = [row[0]["text"] for row in answer.context["shared_table"]["rows"]]
    assert len(shared) == 2
    assert answer.context["path_length"] == 1, "by the link that has ended"


def test_the_picture_holds_the_groups_of_the_table(
    joined: Nation, client_as: ClientAs
) -> None:
    nodes = client_as("nca_officer").get(at("national")).context["drawing"]["nodes"]
    assert {one["name"].split(",")[0] for one in nodes} == {
        "Group Harbour crew",
        "Group Quiet street",
        "Group Canal side",
        "Group Airport line",
    }


@pytest.mark.parametrize("query", ["page=0", "page=2", "page=x", "kind=all"])
def test_what_cannot_be_meant_is_refused(
    nation: Nation, client_as: ClientAs, query: str
) -> None:
    answer = client_as("nca_officer").get(f"{at('national')}?{query}")
    assert answer.status_code == 400
