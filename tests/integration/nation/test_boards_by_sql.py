"""Plain SQL gives the boards of a made-up nation too, as five principals see them.

The ordinary run asks a small nation; with `--leak-full` it is the whole one of 5,000
groups, which takes some minutes to make.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from scoring.quality import GAPS
from tests.inside import Inside, sign_in, with_session
from tests.integration.nation.conftest import SEED, Open, Seeded
from tests.integration.quality_sql import QualityReckoning
from tests.integration.test_crawler import opened
from tests.integration.test_dashboards_by_sql import Reckoning, shown

pytestmark = pytest.mark.leak
FIVE = (
    "analyst.durham@demo.example",
    "analyst.west-yorkshire@demo.example",
    "analyst.northumbria@demo.example",
    "lead.nerocu@demo.example",
    "nca.officer@demo.example",
)
SCOPES = ("national", "region:nerocu", "force:durham", "force:kent", "force:nca")
# Some of each must be found, or the nation would be no trial of the board.
FOUND = {"overdue", "groups-alike", "not-mentioned", "incomplete-people"}


@pytest.fixture(scope="module")
def asked_nation(
    request: pytest.FixtureRequest, open_database: Open
) -> Iterator[Seeded]:
    """The small nation of these tests, or the whole one."""
    if not request.config.getoption("--leak-full"):
        yield request.getfixturevalue("nation")
        return
    whole = open_database()
    whole.manage("seed_nation", "--seed", str(SEED))
    yield whole


@contextmanager
def as_reader(inside: Inside, nation: Seeded, who: str) -> Iterator[Client]:
    with inside(nation.link.info.dbname, "web"):
        key = sign_in(who)
        with transaction.atomic():
            yield with_session(key)
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", FIVE)
def test_every_gap(who: str, inside: Inside, asked_nation: Seeded) -> None:
    found: set[str] = set()
    with as_reader(inside, asked_nation, who) as client:
        for scope in SCOPES:
            page = opened(client, f"/quality/{scope}/").figures
            board = {key: page[key][0] for key in GAPS}
            today = timezone.localdate()
            assert (
                board == QualityReckoning(asked_nation.link, who, scope, today).gaps()
            ), scope
            found |= {key for key, number in board.items() if number}
    must = FOUND if who.startswith("nca") else set()
    assert must - found == set()
    assert found


@pytest.mark.parametrize("who", FIVE)
def test_every_figure(who: str, inside: Inside, asked_nation: Seeded) -> None:
    with as_reader(inside, asked_nation, who) as client:
        for scope in SCOPES:
            by_page = shown(opened(client, f"/dashboard/{scope}/"))
            today = timezone.localdate()
            by_sql = Reckoning(asked_nation.link, who, scope, today).figures()
            assert by_page == {key: n for key, n in by_sql.items() if n}, scope
            assert by_page or scope != "national"
