"""Many people over few pooled connections: nobody is given a row of anybody else's.

Every request is a transaction under somebody's scope, in which rows are read without
`visible_to`: what keeps them apart is what the transaction said of who asks. Some fail
half-way, and some are whole pages. Between them someone asks who says nothing at all.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts.access import acting_for
from groups.models import CrimeGroup, Nominal
from intelligence.models import Report
from tests.inside import Inside, with_session
from tests.leak import pooler
from tests.leak.answers import tokens_in
from tests.leak.askers import READERS
from tests.leak.knowledge import Knowledge
from tests.leak.options import Figure
from tests.scratch import address_in

pytestmark = pytest.mark.leak
LONG, SHORT = 20_000, 300
THREADS, CONNECTIONS = 16, 3
MODELS = (CrimeGroup, Nominal, Report)
PAGES = ("/groups/", "/people/", "/reports/")


class Failed(Exception):
    """A request that fails half-way."""


class Crowd:
    """Threads that ask as everyone in turn, and count what is not theirs."""

    def __init__(
        self, knowledge: Knowledge, sessions: dict[str, str], requests: int
    ) -> None:
        self.knowledge, self.sessions = knowledge, sessions
        self.each = requests // THREADS
        self.counts: Counter[str] = Counter()
        self.errors: list[BaseException] = []

    def ask(self) -> None:
        threads = [
            threading.Thread(target=self._work, args=(number,))
            for number in range(THREADS)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def _work(self, number: int) -> None:
        chance = random.Random(number)
        try:
            assert connection.settings_dict["PORT"] == pooler.PORT
            for _ in range(self.each):
                self._once(chance, chance.choice(READERS))
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            self.errors.append(error)
        finally:
            connection.close()

    def _once(self, chance: random.Random, who: str) -> None:
        drawn = chance.random()
        if drawn < 0.05:
            client = with_session(self.sessions[who])
            answer = client.get(chance.choice(PAGES))
            assert answer.status_code == 200
            foreign = tokens_in(answer) & self.knowledge.hidden_from(who)
            self.counts["pages"] += 1
        else:
            foreign = self._rows(who, fails=drawn > 0.9)
        self.counts["requests"] += 1
        self.counts["foreign"] += bool(foreign)

    def _rows(self, who: str, *, fails: bool) -> set[str]:
        """Read every row that the policies show, some of it in a savepoint that fails."""
        found: set[str] = set()
        viewer = self.knowledge.viewers[who]
        try:
            with acting_for(viewer, route="pool"), transaction.atomic():
                for model in MODELS:
                    rows = model._default_manager.values_list("public_id", flat=True)
                    found |= {str(one) for one in rows}
                _fail(is_due=fails)
        except Failed:
            self.counts["failed"] += 1
        assert found, f"{who} sees nothing"
        return found & self.knowledge.hidden_from(who)


def _fail(*, is_due: bool) -> None:
    if is_due:
        raise Failed


@contextmanager
def through(inside: Inside, database: str, folder: str) -> Iterator[None]:
    """Let this process, and its threads, reach a database through the pooler."""
    settled = connection.settings_dict
    kept = {key: settled[key] for key in ("HOST", "PORT")}
    with inside(database, "web"):
        settled |= {"HOST": folder, "PORT": pooler.PORT}
        try:
            yield
        finally:
            connection.close()
            settled |= kept


def test_pool(
    inside: Inside,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    is_leak_full: bool,
    figure: Figure,
) -> None:
    program = pooler.find_or_install() if is_leak_full else pooler.find()
    if not program and not is_leak_full:
        pytest.skip("pgbouncer is not installed; the long form installs it")
    assert program, "pgbouncer is not at hand, and cannot be installed from here"
    crowd = Crowd(knowledge, sessions, LONG if is_leak_full else SHORT)
    address = address_in("DATABASE_WEB_URL", leak_database)
    with pooler.pooled(program, address, CONNECTIONS) as folder:
        with through(inside, leak_database, folder):
            crowd.ask()
        naked = sum(
            pooler.naked_rows(folder, leak_database, model._meta.db_table)
            for model in MODELS
            for _ in range(CONNECTIONS)
        )
    counts = crowd.counts
    figure(
        "pool",
        pool_requests=counts["requests"],
        pool_foreign=counts["foreign"] + naked,
    )
    assert not crowd.errors, crowd.errors[0]
    assert counts["pages"]
    assert counts["failed"]
    assert counts["requests"] >= crowd.each * THREADS
    assert counts["foreign"] == naked == 0
