"""The daily email: what it says, when it goes, once a day, and with the rights of then."""

import datetime
import re
import smtplib
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from groups.models import CrimeGroup
from ocgmap.common.date_fields import date_text
from scoring.actions import digests
from scoring.models import Delivery, DigestChoice, Watch
from scoring.models.watch import DeliveryState
from scoring.notices import mailing
from scoring.notices.mailing import send_due
from scoring.tasks import send_digests
from tests.cast import As, MakeUser
from tests.factories.scoring import World
from tests.factories.watches import a_report, old_group, watched

# Eight in London: on a day to come, in winter and in summer.
MORNING = (timezone.localtime() + datetime.timedelta(days=5)).replace(
    hour=8, minute=0, second=0, microsecond=0
)
WINTER = datetime.datetime(2026, 12, 1, 8, tzinfo=datetime.UTC)
SUMMER = datetime.datetime(2027, 6, 1, 7, tzinfo=datetime.UTC)
TEN_MINUTES = datetime.timedelta(minutes=10)
DAY = datetime.timedelta(days=1)
ClientAs = Callable[[str], Client]


@pytest.fixture
def world(as_system: Any) -> World:
    return World()


@pytest.fixture
def reader(world: World, make_user: MakeUser) -> User:
    """Someone who watches a group to which something happened, and wants mail at 7."""
    user = make_user("owner_analyst")
    group = old_group(world, name="Pier crew", owner_reference="URN/77")
    watched(user, group=group)
    a_report(world, group=group, hours=1)
    a_report(world, group=group, hours=2)
    CrimeGroup.objects.filter(pk=group.pk).update(activity_status="dormant")
    DigestChoice.objects.create(user=user, hour=7)
    return user


def states() -> list[str]:
    return list(Delivery.objects.order_by("day").values_list("state", flat=True))


def test_mail_says_a_number_and_nothing_else(reader: User) -> None:
    assert send_due(MORNING) == {"sent": 1}
    [one] = mail.outbox
    assert one.to == [reader.email]
    assert one.subject == "ocgmap"
    assert one.body == (
        "You have 2 notices in ocgmap. Sign in to read them.\n\n"
        "https://site.example/notices/\n"
    )
    assert not one.cc
    assert not one.bcc
    assert not one.attachments
    raw = one.message().as_string()
    group = CrimeGroup.objects.get()
    for word in ("Pier", "URN", group.reference, "Durham", "dormant", "report"):
        assert word.lower() not in raw.lower(), word
    headers = set(dict(one.message().items()))
    assert headers == {
        *("Content-Type", "MIME-Version", "Content-Transfer-Encoding"),
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
    }
    row = Delivery.objects.get()
    assert one.message()["Message-ID"] == f"<{row.message_id}@localhost>"
    assert (row.state, row.attempts, row.fault) == (DeliveryState.SENT, 1, "")


def test_one_notice_is_said_as_one(world: World, make_user: MakeUser) -> None:
    user = make_user("owner_analyst")
    group = old_group(world)
    watched(user, group=group)
    a_report(world, group=group)
    DigestChoice.objects.create(user=user, hour=0)
    send_due(MORNING)
    assert mail.outbox[0].body.startswith(
        "You have 1 notice in ocgmap. Sign in to read it."
    )


def test_number_is_that_of_the_page(reader: User, client_as: ClientAs) -> None:
    send_due(MORNING)
    page = client_as("owner_analyst").get("/notices/").content.decode()
    number = re.search(r"(\d+) notices", page)
    assert number
    assert f"You have {number[1]} notices" in mail.outbox[0].body


def test_it_goes_once_a_day_however_often_it_is_asked(reader: User) -> None:
    for later in (0, 1, 2):
        send_due(MORNING + later * TEN_MINUTES)
    assert len(mail.outbox) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "hour", "goes"),
    [
        pytest.param(WINTER, 8, True, id="its hour"),
        pytest.param(WINTER, 9, False, id="an hour early"),
        pytest.param(WINTER.replace(hour=23), 9, True, id="after a day's outage"),
        pytest.param(SUMMER, 8, True, id="summer time"),
        pytest.param(SUMMER, 9, False, id="early in summer time"),
    ],
)
def test_it_waits_for_its_hour_by_the_clock_of_london(
    moment: datetime.datetime, hour: int, goes: bool, reader: User
) -> None:
    DigestChoice.objects.update(hour=hour)
    send_due(moment)
    assert len(mail.outbox) == goes


def test_who_wants_none_gets_none(reader: User, acting: As) -> None:
    with acting("owner_analyst") as by:
        digests.choose(by=by, hour=None)
    send_due(MORNING)
    assert not mail.outbox
    assert states() == []


def test_nothing_new_is_logged_and_not_mailed(reader: User) -> None:
    Watch.objects.update(read_until=MORNING + DAY)
    assert send_due(MORNING) == {"nothing": 1}
    assert states() == ["nothing"]
    assert not mail.outbox


def test_the_same_notices_are_not_mailed_again(reader: User, world: World) -> None:
    send_due(MORNING)
    assert send_due(MORNING + DAY) == {"nothing": 1}
    a_report(world, group=CrimeGroup.objects.get(), at=MORNING + 1.5 * DAY)
    assert send_due(MORNING + 2 * DAY) == {"sent": 1}
    assert [one.body.split()[2] for one in mail.outbox] == ["2", "2"]


def test_rights_are_those_of_the_moment_of_sending(reader: User, world: World) -> None:
    digests.queue_due(MORNING)
    CrimeGroup.objects.update(access_class_id=world.class_id(world.label("Z")))
    assert send_due(MORNING) == {"nothing": 1}
    assert not mail.outbox


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"role": "auditor"}, {"clearance": 0}]
)
def test_account_that_may_see_nothing_any_more_gets_none(
    change: dict[str, Any], reader: User
) -> None:
    digests.queue_due(MORNING)
    User.objects.filter(pk=reader.pk).update(**change)
    send_due(MORNING)
    assert not mail.outbox
    assert states() == ["nothing"]


def test_closed_account_is_not_even_queued(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert send_due(MORNING) == {}
    assert states() == []


def test_failure_is_noted_by_its_class_and_tried_again(reader: User) -> None:
    refused = smtplib.SMTPRecipientsRefused({reader.email: (550, b"Pier crew?")})
    with patch.object(mailing.EmailMessage, "send", side_effect=refused):
        assert send_due(MORNING) == {"failed": 1}
        assert send_due(MORNING) == {}, "not at once"
    row = Delivery.objects.get()
    assert (row.state, row.fault) == ("failed", "SMTPRecipientsRefused")
    assert send_due(MORNING + TEN_MINUTES) == {"sent": 1}
    row.refresh_from_db()
    assert (row.state, row.attempts, row.fault) == ("sent", 2, "")
    assert len(mail.outbox) == 1


def test_it_is_given_up_after_so_many_tries(reader: User) -> None:
    with patch.object(mailing.EmailMessage, "send", side_effect=OSError):
        for number in range(digests.MOST_ATTEMPTS + 2):
            send_due(MORNING + number * TEN_MINUTES)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("failed", digests.MOST_ATTEMPTS)


def test_one_fault_does_not_hold_up_the_others(
    reader: User, world: World, make_user: MakeUser
) -> None:
    other = make_user("owner_supervisor")
    watched(other, group=CrimeGroup.objects.get())
    DigestChoice.objects.create(user=other, hour=7)
    real = mailing.EmailMessage.send

    def send(self: Any, *args: Any) -> int:
        if self.to == [reader.email]:
            raise ConnectionRefusedError
        return real(self, *args)

    with patch.object(mailing.EmailMessage, "send", send):
        assert send_due(MORNING) == {"failed": 1, "sent": 1}
    assert [one.to for one in mail.outbox] == [[other.email]]


class _Killed(BaseException):
    """What no boundary catches: the process is gone."""


@pytest.mark.parametrize("is_sent", [False, True], ids=["before", "after"])
def test_a_kill_while_sending_is_made_good_by_the_next_run(
    is_sent: bool, reader: User
) -> None:
    real = mailing.EmailMessage.send

    def send(self: Any, *args: Any) -> int:
        if is_sent:
            real(self, *args)
        raise _Killed

    with patch.object(mailing.EmailMessage, "send", send), pytest.raises(_Killed):
        send_due(MORNING)
    assert states() == ["queued"]
    assert send_due(MORNING) == {}, "it may still be on its way"
    assert send_due(MORNING + TEN_MINUTES) == {"sent": 1}
    # At least once: a second one bears the same id.
    assert len(mail.outbox) == 1 + is_sent
    assert len({one.message()["Message-ID"] for one in mail.outbox}) == 1


def test_what_waited_when_its_day_ended_is_given_up(reader: User) -> None:
    digests.queue_due(MORNING)
    assert send_due(MORNING + DAY) == {"sent": 1}
    assert states() == ["failed", "sent"]
    assert Delivery.objects.order_by("day")[0].fault == digests.DAY_PASSED


def test_two_senders_never_take_the_same(reader: User) -> None:
    digests.queue_due(MORNING)
    assert digests.claim(MORNING) is not None
    assert digests.claim(MORNING) is None


def test_nothing_is_queued_where_the_service_sends_no_mail(
    reader: User, settings: Any
) -> None:
    settings.MAIL = "off"
    assert send_due(MORNING) == {}
    assert states() == []


def test_command_and_task_send(reader: User, capsys: Any) -> None:
    with time_machine.travel(MORNING, tick=False):
        call_command("send_digests")
    assert capsys.readouterr().out.strip() == '{"sent": 1}'
    with time_machine.travel(MORNING, tick=False):
        send_digests()
    assert len(mail.outbox) == 1


def test_reader_chooses_and_sees_their_own_mails_only(
    reader: User, client_as: ClientAs
) -> None:
    other = client_as("owner_supervisor")
    send_due(MORNING)
    day = date_text(MORNING.date())
    assert day in client_as("owner_analyst").get("/digest/").content.decode()
    page = other.get("/digest/").content.decode()
    assert day not in page
    answer = other.post("/digest/", {"wanted": "yes", "hour": "18"}, follow=True)
    assert "Your choice is saved." in answer.content.decode()
    assert DigestChoice.objects.get(user__email__startswith="owner_sup").hour == 18
    other.post("/digest/", {"wanted": "no"})
    assert not DigestChoice.objects.filter(user__email__startswith="owner_sup").exists()


@pytest.mark.parametrize(
    ("stored", "days", "told"),
    [
        ({"fault": "DayPassed"}, 1, "Its day passed before it could be sent."),
        ({"fault": "TimeoutError", "attempts": 1}, 0, "It is tried again"),
        ({"fault": "TimeoutError", "attempts": 5}, 0, "The next daily email counts"),
    ],
)
def test_failed_email_says_why_and_what_is_next(
    reader: User, client_as: ClientAs, stored: dict[str, Any], days: int, told: str
) -> None:
    with time_machine.travel(MORNING, tick=False):
        day = MORNING.date() - datetime.timedelta(days=days)
        Delivery.objects.create(user=reader, day=day, state="failed", **stored)
        assert told in client_as("owner_analyst").get("/digest/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{}, {"wanted": "yes"}, {"wanted": "yes", "hour": "24"}]
)
def test_choice_that_cannot_be_meant_is_asked_again(
    wrong: dict[str, str], reader: User, client_as: ClientAs
) -> None:
    answer = client_as("owner_supervisor").post("/digest/", wrong)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_administrator_sees_counts_and_no_account(
    reader: User, client_as: ClientAs
) -> None:
    with patch.object(mailing.EmailMessage, "send", side_effect=TimeoutError):
        send_due(MORNING)
    page = client_as("administrator").get("/digest/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert f"{date_text(MORNING.date())} 0 0 1 TimeoutError" in text
    assert reader.email not in page
    assert reader.name not in page
    assert (
        client_as("administrator")
        .post("/digest/", {"wanted": "yes", "hour": "7"})
        .status_code
        == 403
    )


@pytest.mark.leak
def test_counts_are_for_administrators_in_the_database_too(
    reader: User, acting: As
) -> None:
    statement = "select * from scoring_delivery_counts(30)"
    for who in ("owner_analyst", "nca_officer", "auditor"):
        with (
            acting(who),
            pytest.raises(ProgrammingError, match="for administrators"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with acting("administrator"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.leak
def test_rows_are_their_accounts_alone(reader: User, acting: As) -> None:
    send_due(MORNING)
    for who, count in (("owner_analyst", 1), ("owner_supervisor", 0)):
        with acting(who):
            assert Delivery.objects.count() == count
            assert DigestChoice.objects.count() == count
            assert Watch.objects.count() == count
    with (
        acting("owner_analyst"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        Delivery.objects.update(state="failed")
