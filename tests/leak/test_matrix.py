"""Everyone × every state of a record × every address and method, in the long form.

What is expected comes from the pure policy: what one may see, and what one may do with
it. The short form of the same table is `test_routes`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.test import override_settings
from django.urls import resolve

from accounts.models import User
from ocgmap.bootstrap.paths import ROOT
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.inside import Inside
from tests.leak.answers import masked
from tests.leak.askers import ABSENT, BLIND, Asker, Askers
from tests.leak.conftest import everyone
from tests.leak.knowledge import Knowledge
from tests.leak.options import Figure
from tests.leak.paths import path_of
from tests.leak.routes import ROUTES, Route
from tests.leak.states import States, disposed_ids
from tests.leak.test_routes import check_refused, check_silent, lacks, may
from tests.world import PEOPLE, Manifest

pytestmark = pytest.mark.leak
DISABLED = "region_analyst"
# Whose session was opened by a password alone, and where such a session is led.
LED, ENROL = "owner_supervisor", "/accounts/2fa/"
PRINCIPALS = (*(one for one in PEOPLE if one not in BLIND), *BLIND)
# Nothing that an address answers to these depends on more than to GET and POST: they are
# asked about what is hidden and what is absent.
OTHERS = ("put", "patch", "delete", "head", "options")
OPENAPI = Path(ROOT / "docs" / "openapi.yaml")
# What a step may say of a record that one may change, for what state it is in.
REFUSED = {403, 404}
CHUNK = 20


@pytest.fixture
def everybody(
    inside: Inside,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
) -> Iterator[Askers]:
    """Let everyone ask in a process that may also close an account."""
    with inside(leak_database, "worker"), transaction.atomic():
        yield everyone(sessions, knowledge, manifest)
        transaction.set_rollback(True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Go over the table in parts, so that several cores may share them."""
    if "names" in metafunc.fixturenames:
        every = list(ROUTES)
        parts = [every[at : at + CHUNK] for at in range(0, len(every), CHUNK)]
        is_full = metafunc.config.getoption("leak_full")
        metafunc.parametrize("names", parts if is_full else [["groups:detail"]])


class Cells:
    """Counts the cells that were asked, and keeps those that failed."""

    def __init__(self) -> None:
        self.number = 0
        self.failed: list[str] = []

    def check(self, is_right: bool, what: str) -> None:
        self.number += 1
        if not is_right:
            self.failed.append(what)

    def silent(self, askers: Askers, who: str, answer: Any, ids: Any) -> bool:
        try:
            check_silent(askers, who, answer, ids)
        except AssertionError:
            return False
        return True


def test_matrix(names: list[str], everybody: Askers, figure: Figure) -> None:
    cells = Cells()
    with acting_as(system("test")):
        states = States(everybody, disposed_ids())
    for name in names:
        for who in PRINCIPALS:
            if who in BLIND:
                ask_blind(cells, everybody, who, name)
            else:
                ask_all(cells, states, who, name)
    with acting_as(system("test")):
        email = f"{DISABLED}@test.example"
        User.objects.filter(email=email).update(is_active=False)
    closed = Asker(
        "stranger", everybody[DISABLED].browser, everybody.manifest.tokens[DISABLED]
    )
    for name in names:
        ask_closed(cells, everybody, closed, name)
    with override_settings(REQUIRE_MFA=True):
        for name in names:
            ask_without_factor(cells, everybody, name)
    figure("matrix", matrix_cells=cells.number, matrix_failures=len(cells.failed))
    told = "\n".join(cells.failed[:40])
    assert not cells.failed, f"{len(cells.failed)} of {cells.number} cells\n{told}"


def ask_all(cells: Cells, states: States, who: str, name: str) -> None:
    """Ask about one record of each state, seen and hidden, with every method."""
    route, askers = ROUTES[name], states.askers
    for state, is_seen, ids in states.chosen(who, route):
        path = path_of(name, route, ids)
        for method in ("get", "post"):
            answer = askers[who].ask(method, path)
            what = f"{who} {method} {name} {state} {answer.status_code}"
            right = cells.silent(askers, who, answer, ids)
            if is_seen:
                right &= is_as_policy_says(askers, who, route, method, ids, answer)
            else:
                right &= is_as_absent(askers, who, name, method, ids, answer)
            cells.check(right, what)
        if not is_seen:
            for method in OTHERS:
                answer = askers[who].ask(method, path)
                right = is_as_absent(askers, who, name, method, ids, answer)
                cells.check(right, f"{who} {method} {name} {state}")


def is_as_policy_says(
    askers: Askers, who: str, route: Route, method: str, ids: Any, answer: Any
) -> bool:
    """Return whether whoever may is answered, and whoever may not is refused.

    What else an answer says is for the state of the record: see `test_routes`.
    """
    expected = getattr(route, method)
    if answer.status_code >= 500 and expected < 500:
        return False
    if expected in {405, 404}:
        return True
    if not may(askers, who, route, ids):
        return answer.status_code in REFUSED
    return answer.status_code not in REFUSED


def is_as_absent(
    askers: Askers, who: str, name: str, method: str, ids: Any, answer: Any
) -> bool:
    """Return whether what is hidden is answered as what is not there."""
    route = ROUTES[name]
    absent = (ABSENT, ABSENT) if route.row else (ABSENT,)
    if askers.knowledge.sees(who, ids[0]):
        absent = (ids[0], ABSENT)[: len(absent)]
    other = askers[who].ask(method, path_of(name, route, absent))
    if method in {"get", "post"}:
        expected = {405} if getattr(route, method) == 405 else {404}
        if lacks(askers, who, route):
            expected.add(403)
        if other.status_code not in expected:
            return False
    return masked(answer, *ids) == masked(other, *absent)


def ask_blind(cells: Cells, askers: Askers, who: str, name: str) -> None:
    """Ask for someone who may see nothing at all."""
    route = ROUTES[name]
    ids = any_ids(askers, route)
    for method in ("get", "post"):
        answer = askers[who].ask(method, path_of(name, route, ids))
        right = cells.silent(askers, who, answer, ids)
        if not (route.is_open or (route.for_all and who != "stranger")):
            right &= is_refused(askers[who], answer)
        cells.check(right, f"{who} {method} {name} {answer.status_code}")


def ask_closed(cells: Cells, askers: Askers, closed: Asker, name: str) -> None:
    """Ask with the session and the token of an account that was closed meanwhile."""
    route = ROUTES[name]
    ids = any_ids(askers, route)
    for method in ("get", "post"):
        answer = closed.ask(method, path_of(name, route, ids))
        right = cells.silent(askers, "stranger", answer, ids)
        if not route.is_open:
            right &= answer.status_code in {302, 401, 403, 404, 405}
        cells.check(right, f"disabled {method} {name} {answer.status_code}")


def ask_without_factor(cells: Cells, askers: Askers, name: str) -> None:
    """Ask with a session that only a password opened, where a second factor is due."""
    route, asker = ROUTES[name], askers[LED]
    ids = any_ids(askers, route)
    path = path_of(name, route, ids)
    for method in ("get", "post"):
        answer = getattr(asker.browser, method)(path)
        right = cells.silent(askers, "stranger", answer, ids)
        if not route.is_open:
            led = (answer.status_code, answer.get("Location")) == (302, ENROL)
            right &= led or answer.status_code == 401
        cells.check(right, f"without a factor {method} {name} {answer.status_code}")


def is_refused(asker: Asker, answer: Any) -> bool:
    try:
        check_refused(asker, answer, "")
    except AssertionError:
        return False
    return True


def any_ids(askers: Askers, route: Route) -> tuple[str, ...]:
    """Return the ids of some record that an address may be about."""
    if not route.about:
        return ()
    if route.row:
        row, parent = askers.manifest.rows[route.row][0]
        return parent, row
    return (next(iter(getattr(askers.manifest, route.about).values())),)


def test_every_operation_of_the_document_is_an_address_of_the_table() -> None:
    """The OpenAPI document and the resolver tell of the same addresses."""
    described = yaml.safe_load(OPENAPI.read_text())["paths"]
    assert len(described) > 50
    known = {name.partition("/")[0] for name in ROUTES}
    for path in described:
        found = resolve(path.replace("{code}", "durham").replace("{id}", ABSENT))
        assert f"api:{found.url_name}" in known, path
