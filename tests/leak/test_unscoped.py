"""Code that forgot to say who asks sees nothing, or fails: it never sees all."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory

from accounts.middleware import scoped_transaction
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.celery import app
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import OutsideScope
from ocgmap.common.scope import Scope, anonymous, system
from tests.factories.intelligence import a_group
from tests.inside import Inside

pytestmark = pytest.mark.leak


@app.task(name="tests.forgetful", ignore_result=True, acks_late=True)
def forgetful() -> int:
    return CrimeGroup.objects.count()


class Forgetful(BaseCommand):
    def handle(self, *args: Any, **options: Any) -> str:
        return str(Report.objects.count())


@pytest.mark.django_db
def test_task_without_a_scope_raises() -> None:
    with pytest.raises(OutsideScope):
        forgetful.run()


@pytest.mark.django_db
def test_command_without_a_scope_raises() -> None:
    with pytest.raises(OutsideScope):
        Forgetful().run_from_argv(["manage.py", "forgetful", "--traceback"])


@pytest.mark.django_db
def test_anonymous_scope_sees_nothing() -> None:
    with acting_as(system("test")):
        a_group()
    with acting_as(anonymous()):
        assert CrimeGroup.objects.count() == 0


@pytest.mark.django_db
def test_thread_of_a_request_has_no_scope_of_its_own() -> None:
    """A thread starts with an empty context: it must say itself for whom it works."""
    caught: list[BaseException] = []

    def work() -> None:
        try:
            CrimeGroup.objects.count()
        except OutsideScope as error:
            caught.append(error)
        finally:
            connection.close()

    with acting_as(Scope(role="web")):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert caught


def test_stream_that_outlives_its_request_sees_nothing(
    inside: Inside, leak_database: str
) -> None:
    """It runs after the transaction: it must open its own."""

    def names() -> Iterator[str]:
        for row in CrimeGroup.objects.all():
            yield row.name

    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(names())

    with inside(leak_database, "web"):
        answer = scoped_transaction(view)(RequestFactory().get("/stream/"))  # type: ignore[arg-type]
        with pytest.raises(OutsideScope):
            list(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("login", ["web", "worker"])
def test_scope_ends_with_its_transaction(
    inside: Inside, leak_database: str, login: str
) -> None:
    """The next one on the same connection, with nobody acting, is nobody's."""
    with inside(leak_database, login):
        with (
            acting_as(Scope(role="web", can_view=True, clearance=2)),
            transaction.atomic(),
        ):
            CrimeGroup.objects.count()
        with transaction.atomic(), connection.cursor() as cursor:
            connection.in_atomic_block = False  # what the guard looks at
            try:
                with pytest.raises(OutsideScope):
                    cursor.execute("select count(*) from groups_crimegroup")
            finally:
                connection.in_atomic_block = True
