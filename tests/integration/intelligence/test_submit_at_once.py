"""The same report sent several times at the same moment: committed rows, real threads."""

import threading

import pytest
from django.db import connection, transaction

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.visibility import Viewer
from intelligence.actions import reports
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import Unprocessable
from ocgmap.common.scope import system
from tests.factories.intelligence import a_draft

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


class Sending(threading.Thread):
    """One request, waiting for the others before it starts."""

    def __init__(self, by: Viewer, barrier: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.by, self.barrier = by, barrier
        self.reference, self.is_new = "", False

    def run(self) -> None:
        try:
            self.barrier.wait(20)
            with acting_for(self.by), transaction.atomic():
                report, self.is_new = reports.submit(
                    by=self.by, draft=a_draft(), idempotency_key="once"
                )
                self.reference = report.reference
        finally:
            connection.close()


def an_analyst() -> Viewer:
    with acting_as(system("test")), transaction.atomic():
        user = User.objects.create(
            email="many@test.example",
            name="Many",
            organisation=Organisation.objects.get(code="durham"),
            role=Role.FORCE_ANALYST,
        )
        return viewer_of(user)


def test_one_report_is_made_and_each_sender_gets_it() -> None:
    by = an_analyst()
    barrier = threading.Barrier(THREADS)
    senders = [Sending(by, barrier) for _ in range(THREADS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    with acting_as(system("test")), transaction.atomic():
        reference = Report.objects.get().reference
    assert [sender.reference for sender in senders] == [reference] * THREADS
    assert sum(sender.is_new for sender in senders) == 1


def test_second_click_on_supersede_leads_to_the_report_of_the_first() -> None:
    by = an_analyst()
    with acting_for(by), transaction.atomic():
        report, _ = reports.submit(by=by, draft=a_draft())

    def supersede(text: str = "Corrected.") -> Report:
        return reports.supersede(
            by=by,
            report=report,
            draft=a_draft(text=text),
            reason="Wrong yard.",
            version=1,
            idempotency_key="once",
        )

    found: list[Report | type[Exception]] = []

    def second(text: str) -> None:
        try:
            with acting_for(by), transaction.atomic():
                found.append(supersede(text))
        except Unprocessable as error:
            found.append(type(error))
        finally:
            connection.close()

    clicks = [
        threading.Thread(target=second, args=[text], daemon=True)
        for text in ("Corrected.", "In other words.")
    ]
    with acting_for(by), transaction.atomic(), connection.cursor() as cursor:
        first = supersede()
        for click in clicks:
            click.start()
        waiting = 0
        while waiting < len(clicks):  # until both stand at the row that we hold
            cursor.execute("select count(*) from pg_locks where not granted")
            waiting = cursor.fetchone()[0]
    for click in clicks:
        click.join(30)
    assert len(found) == 2
    assert first in found
    assert Unprocessable in found
