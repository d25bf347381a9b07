"""What is counted before it is let through, asked for twice at the same moment."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.access import acting_for, viewer_of
from accounts.actions import large_exports
from accounts.exceptions import InvalidExport
from accounts.models import LargeExport, Organisation, User
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.exceptions import InvalidRecord
from intelligence.actions import sight
from intelligence.models import SightRequest
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.identifiers import new_group_reference
from ocgmap.common.scope import system

pytestmark = pytest.mark.django_db(transaction=True)

WAIT_SECONDS = 30
# Long enough for one that does not wait to be through.
A_MOMENT_SECONDS = 2


class Asking(threading.Thread):
    """One request; it may keep its transaction open after it was let through."""

    def __init__(self, by: Viewer, step: Callable[[Viewer], object]) -> None:
        super().__init__(daemon=True)
        self.by, self.step = by, step
        self.refusal: AppError | None = None
        self.passed, self.opened = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with acting_for(self.by, route="test"), transaction.atomic():
                self.step(self.by)
                self.passed.set()
                assert self.opened.wait(WAIT_SECONDS)
        except AppError as error:
            self.refusal = error
        finally:
            connection.close()


def a_supervisor() -> Viewer:
    with acting_as(system("test")), transaction.atomic():
        user = User.objects.create(
            email="twice@test.example",
            name="Twice",
            organisation=Organisation.objects.get(code="durham"),
            role=Role.FORCE_SUPERVISOR,
        )
        return viewer_of(user)


def asked_at_once(by: Viewer, step: Callable[[Viewer], object]) -> list[AppError]:
    """Return the refusals where a second request comes before the first is committed."""
    first, second = Asking(by, step), Asking(by, step)
    second.opened.set()
    first.start()
    assert first.passed.wait(WAIT_SECONDS)
    second.start()
    second.join(A_MOMENT_SECONDS)
    first.opened.set()
    for one in (first, second):
        one.join(WAIT_SECONDS)
        assert not one.is_alive()
    return [one.refusal for one in (first, second) if one.refusal]


def ask_to_see(by: Viewer) -> object:
    return sight.ask(by=by, reference=new_group_reference(), reason="At the door")


def test_the_last_request_of_the_day_is_made_once() -> None:
    by = a_supervisor()
    for _ in range(sight.MOST_A_DAY - 1):
        with acting_for(by, route="test"), transaction.atomic():
            ask_to_see(by)
    [refusal] = asked_at_once(by, ask_to_see)
    assert isinstance(refusal, InvalidRecord)
    with acting_as(system("test")), transaction.atomic():
        assert SightRequest.objects.count() == sight.MOST_A_DAY


def test_a_large_export_is_asked_for_once() -> None:
    by, list_id = a_supervisor(), uuid.uuid4()

    def ask(one: Viewer) -> object:
        return large_exports.ask(by=one, list_id=list_id, lines=900, reason="Review")

    [refusal] = asked_at_once(by, ask)
    assert isinstance(refusal, InvalidExport)
    with acting_as(system("test")), transaction.atomic():
        assert LargeExport.objects.count() == 1
