"""A dashboard costs the same number of queries however many groups there are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scoring import outbox
from tests.cast import MakeUser
from tests.factories.intelligence import a_group
from tests.factories.scoring import ATTRIBUTES, World, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs

pytestmark = pytest.mark.django_db
PAGES = (
    "/dashboard/national/",
    "/dashboard/region:nerocu/",
    "/dashboard/force:durham/",
    f"/dashboard/region:nerocu/?at={today():%Y-%m}-01",
    "/dashboard/national/movement/",
    "/dashboard/region:nerocu/movement/?kind=new",
    "/dashboard/force:durham/compare/",
    "/dashboard/region:nerocu/involvements/",
)


@pytest.fixture
def more_groups(as_system: Any, make_user: MakeUser) -> Callable[[int], None]:
    """Make groups of several owners, each with evidence and a person, and score them."""
    world = World()
    make_user("rocu_lead")

    def make(count: int) -> None:
        for place in range(count):
            owner = ("durham", "northumbria", "cleveland")[place % 3]
            group = a_group(owner, "all_forces", review_on=today())
            report = world.report(OPEN)
            world.claim(group, OPEN, "high", ATTRIBUTES[0], report)
            world.judgement(group, OPEN, "high", ATTRIBUTES[1], cites=[report])
            world.threat(group, OPEN)
            world.member(group, OPEN)
        outbox.drain_until_empty(seconds=60)

    return make


@pytest.mark.parametrize("url", PAGES)
def test_more_groups_need_no_more_queries(
    more_groups: Callable[[int], None], client_as: ClientAs, url: str
) -> None:
    client = client_as("rocu_lead")
    more_groups(6)
    few = _queries(client, url)
    more_groups(12)
    assert _queries(client, url) == few > 5


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
