"""The world of records, seen through both locks, and through each lock alone."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.db.base import DatabaseWrapper
from ocgmap.common.records import ProtectedQuerySet, Sees
from ocgmap.common.scope import Scope, system
from tests.inside import Inside, sign_in, with_session
from tests.leak.askers import Asker, Askers
from tests.leak.knowledge import Knowledge, gather
from tests.scratch import Databases
from tests.world import PEOPLE, Manifest

LOCKS = ("both", "first", "second")
# How many ask through both locks and through each alone in the short form: first those
# who lack what is asked for.
MOST, FEW = 4, 1
Few = Callable[[Sequence[str]], Sequence[str]]


@pytest.fixture(scope="session")
def leak_database(databases: Databases, world_database: str) -> str:
    """Name a copy of the world for these tests."""
    return databases.create(world_database)


@pytest.fixture(scope="session")
def knowledge(inside: Inside, leak_database: str) -> Knowledge:
    """Tell what each person may know."""
    with (
        inside(leak_database, "worker"),
        acting_as(system("test")),
        transaction.atomic(),
    ):
        return gather()


@pytest.fixture(scope="session")
def sessions(inside: Inside, leak_database: str) -> dict[str, str]:
    """Sign everyone in once."""
    with inside(leak_database, "web"):
        return {name: sign_in(f"{name}@test.example") for name in PEOPLE}


@pytest.fixture(params=LOCKS)
def lock(request: pytest.FixtureRequest) -> Iterator[str]:
    """Say which locks are on, and take the other one away."""
    with only(str(request.param)):
        yield str(request.param)


@contextmanager
def only(lock: str) -> Iterator[None]:
    """Take one lock away: with "first" the second, and with "second" the first.

    The first is `visible_to`. The second is the policies of the database: taken away by
    asking as the worker, to whom they show every row.
    """
    with ExitStack() as stack:
        if lock == "first":
            stack.enter_context(
                mock.patch.object(DatabaseWrapper, "apply_scope", _as_worker)
            )
        if lock == "second":
            stack.enter_context(
                mock.patch.object(ProtectedQuerySet, "visible_to", _passed_through)
            )
        yield


def _passed_through(rows: Any, viewer: Sees) -> Any:
    return rows


@pytest.fixture
def few(lock: str, is_leak_full: bool) -> Few:
    """Choose who asks: most through both locks, the first of them through one alone.

    With `--leak-full` everyone asks through each.
    """
    if is_leak_full:
        return lambda people: people
    return lambda people: people[: MOST if lock == "both" else FEW]


_apply_scope = DatabaseWrapper.apply_scope


def _as_worker(self: DatabaseWrapper, scope: Scope | None) -> None:
    shown = scope or Scope(role="web")
    stronger = dataclasses.replace(shown, role="worker")
    _apply_scope(self, stronger)
    shown.classes = stronger.classes


@pytest.fixture
def askers(
    lock: str,
    inside: Inside,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
) -> Iterator[Askers]:
    """Let everyone ask, through the locks that are on; nothing of it is kept."""
    login = "worker" if lock == "first" else "web"
    with inside(leak_database, login), transaction.atomic():
        yield everyone(sessions, knowledge, manifest)
        transaction.set_rollback(True)


def everyone(
    sessions: dict[str, str], knowledge: Knowledge, manifest: Manifest
) -> Askers:
    """Return everyone who asks, each with a browser of their own."""
    return Askers(
        {
            name: Asker(
                name, with_session(sessions.get(name, "")), manifest.tokens.get(name)
            )
            for name in [*PEOPLE, "stranger"]
        },
        knowledge,
        manifest,
    )
