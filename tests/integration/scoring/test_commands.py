"""The commands and tasks of scoring, as they are started."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.access import viewer_of
from accounts.models import AuditEvent
from accounts.roles import Role
from scoring import outbox, picture, tasks
from scoring.actions.reference import load_schemes
from scoring.exceptions import SchemeWasEdited
from scoring.models import (
    Heartbeat,
    Outbox,
    OutboxDead,
    PictureLine,
    Receipt,
    SchemeVersion,
)
from scoring.models.outbox import ReceiptState
from scoring.outbox import heartbeat
from tests.factories.scoring import World, as_worker
from tests.integration.scoring.conftest import Read

WAIT_SECONDS = 30.0


@pytest.fixture(autouse=True)
def beats_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_last", {})


@pytest.mark.django_db
def test_figures_are_those_of_the_dashboard(world: World, read: Read) -> None:
    reader = world.reader("")
    world.group(world.label())
    world.group(world.label("a"))
    outbox.drain_until_empty()
    out = StringIO()
    call_command("figures", user=reader.email.upper(), stdout=out)

    printed = json.loads(out.getvalue())
    assert printed == picture.figures_json(read(viewer_of(reader)))
    assert printed["groups"] == 1
    assert set(printed) == {
        *("groups", "memberships", "bands", "threats", "tiers", "overdue"),
        *("awaiting_confirmation", "regions"),
    }
    assert set(printed["regions"][0]) == {*printed, "code", "name"} - {"regions"}
    event = AuditEvent.objects.get(actor_id=reader.pk, object_type="scoring.Picture")
    assert event.detail == {"scope": "national"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"user": "nobody@test.example"}, "no active account"),
        ({"scope": "region:nowhere"}, "Choose national"),
        ({"at": "2999-01-01"}, "still to come"),
        ({"at": "yesterday"}, "YYYY-MM-DD"),
    ],
)
def test_figures_of_bad_input(
    world: World, change: dict[str, str], message: str
) -> None:
    values = {"user": world.reader("").email, "scope": "national", **change}
    arguments = [part for key, text in values.items() for part in (f"--{key}", text)]
    with pytest.raises(CommandError, match=message) as caught:
        call_command("figures", *arguments)
    assert caught.value.returncode in (1, 2)


@pytest.mark.django_db
def test_figures_of_who_may_not_view(world: World) -> None:
    user = world.reader("", role=Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(CommandError, match="right"):
        call_command("figures", user=user.email)


@pytest.mark.django_db
def test_drain_says_what_it_did(world: World) -> None:
    world.reader("")
    world.group(world.label())
    out = StringIO()
    call_command("drain", stdout=out)
    assert "2 lines opened, 0 closed, 0 set aside" in out.getvalue()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"drain"}


@pytest.mark.django_db
def test_drain_tries_again_what_was_set_aside(world: World) -> None:
    world.reader("")
    group = world.group(world.label())
    outbox.drain_until_empty()
    OutboxDead.objects.create(group_id=group.pk, error="E", tries=99, at=timezone.now())
    call_command("drain", stdout=StringIO())
    assert OutboxDead.objects.exists()
    call_command("drain", retry_dead=True, stdout=StringIO())
    assert not OutboxDead.objects.exists()


@pytest.mark.django_db
def test_tasks(world: World) -> None:
    world.reader("")
    world.group(world.label())
    tasks.drain()
    assert not Outbox.objects.exists()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"drain", "worker"}
    PictureLine.objects.all().delete()
    tasks.sweep_windows()
    assert not Outbox.objects.exists()
    for task in (tasks.drain, tasks.sweep_windows):
        assert task.ignore_result
        assert task.acks_late


@pytest.mark.django_db
def test_new_scheme_marks_every_group(world: World) -> None:
    group = world.group(world.label())
    Outbox.objects.all().delete()
    out = StringIO()
    call_command("load_schemes", stdout=out)
    assert "0 new schemes, 0 groups marked." in out.getvalue()

    SchemeVersion.objects.filter(is_primary=False).delete()
    assert (load_schemes().added, Outbox.objects.get().group_id) == (1, group.pk)
    assert SchemeVersion.objects.get(is_primary=True).name == "ocgm16-local"


@pytest.mark.django_db
def test_edited_scheme_is_refused(world: World) -> None:
    SchemeVersion.objects.filter(is_primary=True).update(digest="other")
    with pytest.raises(SchemeWasEdited, match="new version"):
        load_schemes()


@pytest.fixture
def loop() -> Iterator[subprocess.Popen[bytes]]:
    """A drain loop in a process of its own, on the test's database."""
    url = urlsplit(os.environ["DATABASE_WORKER_URL"])
    name = connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "drain", "--loop"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
            "DATABASE_WORKER_URL": url._replace(path=f"/{name}").geturl(),
        },
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


def wait_for(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with as_worker(), transaction.atomic():
            if happened():
                return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def included() -> int:
    return Receipt.objects.filter(state=ReceiptState.INCLUDED).count()


@pytest.mark.django_db(transaction=True)
def test_loop_drains_outlives_its_connection_and_stops(
    loop: subprocess.Popen[bytes],
) -> None:
    with as_worker(), transaction.atomic():
        world = World()
        world.reader("")
        group = world.group(world.label())
        world.claim(group, world.label())
    wait_for(lambda: included() == 1)

    with as_worker(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid() "
            "and usename = 'ocgmap_worker'"
        )
        assert cursor.fetchone()[0] >= 1
    with as_worker(), transaction.atomic():
        world.claim(group, world.label(), attribute="expertise")
    wait_for(lambda: included() == 2)

    loop.send_signal(signal.SIGTERM)
    assert loop.wait(WAIT_SECONDS) == 0
