"""What each address costs in queries: committed as data, and the same at ten times.

After a change that costs more or less, look at the change, then write the file again:
`OCGMAP_WRITE_QUERY_COUNTS=1 python3 manage.py test
tests/integration/test_query_budgets.py`.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.inside import Inside, sign_in, with_session
from tests.leak.askers import Asker, Askers
from tests.leak.knowledge import gather
from tests.leak.routes import ROUTES, Route
from tests.leak.test_routes import path_of, visible
from tests.scratch import Databases
from tests.tenfold import grow
from tests.world import PEOPLE, Manifest

FILE = Path(__file__).with_name("query_counts.json")
IS_WRITING = os.environ.get("OCGMAP_WRITE_QUERY_COUNTS") == "1"
# Who asks, by what an address needs of them.
WHO = {
    "audit": "auditor",
    "readers": "records_manager",
    "administer": "administrator",
    "assure": "rocu_assurer",
    "answers": "records_manager",
    "retain": "records_manager",
    "rule": "rocu_lead",
    "compare": "rocu_lead",
    "holder": "cell",
    "second_person": "cell",
}
USUALLY = "owner_supervisor"
# Statements that open and close a transaction inside another, and read no row.
_BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")

Counts = Mapping[str, int]
READ = {name: route for name, route in ROUTES.items() if route.get != 405}


@contextmanager
def asking(inside: Inside, database: str, manifest: Manifest) -> Iterator[Askers]:
    """Let everyone ask in a database; nothing of it is kept."""
    with inside(database, "worker"), acting_as(system("test")), transaction.atomic():
        knowledge = gather()
    people = {USUALLY, *WHO.values()}
    with inside(database, "web"):
        keys = {name: sign_in(f"{name}@test.example") for name in people}
    with inside(database, "web"), transaction.atomic():
        yield Askers(
            {
                name: Asker(name, with_session(keys[name]), manifest.tokens.get(name))
                for name in people
            },
            knowledge,
            manifest,
        )
        transaction.set_rollback(True)


def counted(askers: Askers, name: str, route: Route) -> int:
    """Return how many queries an address takes of someone who may open it.

    Asked twice: the first time notes the use of a token and fills what is kept.
    """
    who = WHO.get(route.needs, USUALLY)
    ids = visible(askers, who, route)
    assert ids is not None, f"{who} sees nothing to ask about: extend the world"
    path = path_of(name, route, ids)
    askers[who].ask("get", path)
    with CaptureQueriesContext(connection) as captured:
        response = askers[who].ask("get", path)
        if response.streaming:
            list(response.streaming_content)
    expected = {route.get, 200} if name == "health" else {route.get}
    assert response.status_code in expected, (name, who, response.status_code)
    return sum(not one["sql"].startswith(_BOOKKEEPING) for one in captured)


@pytest.fixture(scope="module")
def at_once(
    inside: Inside, databases: Databases, world_database: str, manifest: Manifest
) -> Counts:
    """Count on the world as it is."""
    with asking(inside, databases.create(world_database), manifest) as askers:
        return {name: counted(askers, name, route) for name, route in READ.items()}


@pytest.fixture(scope="module")
def tenfold(
    inside: Inside, databases: Databases, world_database: str, manifest: Manifest
) -> Counts:
    """Count on ten times the world."""
    database = databases.create(world_database)
    grow(database)
    with asking(inside, database, manifest) as askers:
        return {name: counted(askers, name, route) for name, route in READ.items()}


@pytest.fixture(scope="module")
def budgets(at_once: Counts) -> Counts:
    """Return the committed counts; written again first where that is asked for."""
    if IS_WRITING:
        text = json.dumps(dict(sorted(at_once.items())), indent=2)
        FILE.write_text(f"{text}\n", encoding="utf-8")
    found: Counts = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_every_address_has_a_budget_and_no_other(budgets: Counts) -> None:
    assert set(PEOPLE) >= {USUALLY, *WHO.values()}
    assert len(READ) > 60
    assert set(budgets) == set(READ), __doc__


@pytest.mark.parametrize("name", READ)
def test_an_address_keeps_to_its_budget(
    name: str, at_once: Counts, budgets: Counts
) -> None:
    assert name in budgets, f"{name} has no budget. {__doc__}"
    assert at_once[name] == budgets[name], (
        f"{name} takes {at_once[name]} queries, its budget is {budgets[name]}. {__doc__}"
    )


@pytest.mark.parametrize("name", READ)
def test_ten_times_the_rows_need_no_more_queries(
    name: str, at_once: Counts, tenfold: Counts
) -> None:
    assert tenfold[name] <= at_once[name], (
        f"{name} takes {at_once[name]} queries, and {tenfold[name]} at ten times the "
        "rows: fetch what the rows need together."
    )
