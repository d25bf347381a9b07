"""What plants are made of: both locks off for a call, an answer or a database changed.

A plant's context is opened before the connection to the database is, and closed after:
`in_database` works as the owner on every database that the runner will ask.
"""

import dataclasses
import functools
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import AccessClass
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, current
from tests.scratch import address_in

# The databases that the runner asks, while it runs.
TARGETS: list[str] = []
# What plants changed since this was emptied: one that changes nothing is none.
TOUCHED: set[str] = set()
_ANSWER = f"{BaseHandler.__module__}.BaseHandler._get_response"
Change = Callable[[HttpRequest, HttpResponse], HttpResponse | None]


@contextmanager
def without_locks() -> Iterator[None]:
    """Take both locks off for what runs inside: it sees every row, as the worker does.

    Rows must be fetched inside: a query set that is read afterwards is locked again.
    """
    asked = current.get() or Scope(role="web")
    wide = dataclasses.replace(asked, role="worker")
    with acting_as(wide):
        every = tuple(AccessClass.objects.order_by("pk").values_list("pk", flat=True))
        with connection.cursor() as cursor:
            written = "{" + ",".join(map(str, every)) + "}"
            cursor.execute("select set_config('ocgmap.classes', %s, true)", [written])
        wide.classes = every
        yield


@contextmanager
def unlocked(target: str) -> Iterator[None]:
    """Let a function (`module.name` or `module.Class.name`) run without the locks.

    A query set that it returns is read at once.
    """

    def around(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with without_locks():
            found = original(*args, **kwargs)
            return list(found) if isinstance(found, QuerySet) else found

    with wrapped(target, around):
        yield


@contextmanager
def wrapped(
    target: str, around: Callable[..., Any], *, always: bool = True
) -> Iterator[None]:
    """Put ``around(original, *args, **kwargs)`` in the place of a function or method.

    A call of it changes something, unless ``around`` says so itself (not ``always``).
    """
    original = pkgutil.resolve_name(target.replace(":", "."))

    @functools.wraps(original)
    def instead(*args: Any, **kwargs: Any) -> Any:
        if always:
            TOUCHED.add(target)
        return around(original, *args, **kwargs)

    with mock.patch(target, instead):
        yield


@contextmanager
def replaced(target: str, value: Any) -> Iterator[None]:
    """Put something else in the place of a module's or class's attribute."""
    TOUCHED.add(target)
    with mock.patch(target, value):
        yield


@contextmanager
def answered(path: str, change: Change) -> Iterator[None]:
    """Let ``change(request, response)`` alter the answers to paths that match.

    It runs in the transaction of the request, under the scope of whoever asks; it
    returns another response, or None when it changed the one given.
    """
    pattern = re.compile(path)

    def around(original: Any, handler: Any, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = original(handler, request)
        if pattern.search(request.path):
            TOUCHED.add(path)
            return change(request, response) or response
        return response

    with wrapped(_ANSWER, around, always=False):
        yield


@contextmanager
def page_unlocked(path: str) -> Iterator[None]:
    """Let the views of paths that match run without the locks, from end to end."""
    pattern = re.compile(path)

    def around(original: Any, handler: Any, request: HttpRequest) -> HttpResponse:
        if not pattern.search(request.path):
            return original(handler, request)  # type: ignore[no-any-return]
        TOUCHED.add(path)
        with without_locks():
            return original(handler, request)  # type: ignore[no-any-return]

    with wrapped(_ANSWER, around, always=False):
        yield


@contextmanager
def in_database(do: Sequence[str], undo: Sequence[str]) -> Iterator[None]:
    """Run statements as the owner of each database that is asked, and undo them after."""
    for name in TARGETS:
        _run(name, do)
        TOUCHED.add(name)
    try:
        yield
    finally:
        for name in TARGETS:
            _run(name, undo)


@contextmanager
def function_altered(name: str, old: str, new: str) -> Iterator[None]:
    """Change a piece of the text of a database function, in each database asked.

    Raises:
        AssertionError: its text does not hold ``old``.
    """
    kept = {one: _definition(one, name) for one in TARGETS}
    for one, text in kept.items():
        assert old in text, f"{name} does not hold {old!r}"
        _run(one, [text.replace(old, new)])
        TOUCHED.add(name)
    try:
        yield
    finally:
        for one, text in kept.items():
            _run(one, [text])


@contextmanager
def policy_opened(table: str) -> Iterator[None]:
    """Let the web read every row of a table: its policy for reading is one that is true."""
    with in_database(
        [f"create policy planted on {table} for select to ocgmap_web using (true)"],
        [f"drop policy planted on {table}"],
    ):
        yield


def _definition(database: str, function: str) -> str:
    with psycopg.connect(address_in("DATABASE_OWNER_URL", database)) as link:
        found = link.execute(
            "select pg_get_functiondef(oid) from pg_proc where proname = %s",
            (function,),
        ).fetchall()
    assert len(found) == 1, f"{len(found)} functions are called {function}"
    return str(found[0][0])


def _run(database: str, statements: Sequence[str]) -> None:
    with psycopg.connect(address_in("DATABASE_OWNER_URL", database)) as link:
        for statement in statements:
            link.execute(statement.encode())
