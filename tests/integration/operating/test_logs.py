"""Faults, tasks, the drain and libraries: told by kind, place and number, not by words."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.tasks import ensure_audit_partitions
from ocgmap import log_config
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring import tasks
from scoring.models import Heartbeat, OutboxDead
from scoring.outbox import DrainResult, heartbeat, rescoring
from scoring.reconciling import Difference, Outcome
from tests.factories.scoring import World

pytestmark = pytest.mark.django_db
MARK = "Zqsmith"
Lines = Callable[[], list[dict[str, Any]]]
Drain = Callable[[], DrainResult]


@pytest.fixture
def text() -> Iterator[io.StringIO]:
    """All that production would write to standard error."""
    sink = io.StringIO()
    config = log_config.configured("json")
    config["handlers"]["stderr"]["stream"] = sink
    logging.config.dictConfig(config)
    yield sink
    logging.config.dictConfig(log_config.configured("json"))


@pytest.fixture
def lines(text: io.StringIO) -> Lines:
    """Return what was logged, having seen that none of it bears the mark."""

    def told() -> list[dict[str, Any]]:
        assert MARK.lower() not in text.getvalue().lower()
        return [json.loads(line) for line in text.getvalue().splitlines()]

    return told


def database_error() -> IntegrityError:
    """An error of PostgreSQL whose message quotes a row."""
    with (
        pytest.raises(IntegrityError, match=MARK) as caught,
        acting_as(system("test")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "insert into scoring_heartbeat (name, seen_at) values "
            "(%(mark)s, now()), (%(mark)s, now())",
            {"mark": MARK},
        )
    return caught.value


@pytest.mark.parametrize(
    "kind", [ValueError, KeyError, IntegrityError], ids=lambda kind: kind.__name__
)
def test_a_group_that_fails_is_told_by_its_number_and_the_kind_of_error(
    nation: World,
    drain: Drain,
    lines: Lines,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Exception],
) -> None:
    nation.reader()
    group = nation.group(nation.label(), name=f"{MARK} crew")
    error = database_error() if kind is IntegrityError else kind(f"{MARK} crew")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(rescoring, "stand", fail)
    assert set(drain().set_aside) == {group.pk}
    assert OutboxDead.objects.get().group_id == group.pk
    alarms = [one for one in lines() if one["level"] == "error"]
    assert alarms
    for alarm in alarms:
        assert alarm["event"] == "alarm: group set aside, not rescored"
        assert alarm["group_id"] == group.pk
        assert alarm["kind"] == kind.__name__
    drained = [one["set_aside"] for one in lines() if one["event"] == "drained"]
    assert sum(drained) == len(alarms)


def test_a_fault_of_a_page_is_told_by_kind_and_place(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError(f"{MARK} crew") from database_error()

    monkeypatch.setattr("ocgmap.views.health", fail)
    answer = Client(raise_request_exception=False).get(f"/status/?q={MARK}")
    assert answer.status_code == 500
    [fault] = [one for one in lines() if one["logger"] == "django.request"]
    assert fault["event"] == "a request failed"
    assert fault["fault"]["type"] == "ValueError"
    assert fault["fault"]["from"] == {"type": "IntegrityError"}
    assert any("ocgmap/views.py" in place for place in fault["fault"]["at"])
    [request] = [one for one in lines() if one["event"] == "request"]
    assert request["status"] == 500
    assert request["request_id"] == fault["request_id"]


def test_a_database_fault_is_told_by_its_code(lines: Lines) -> None:
    error = database_error()
    logging.getLogger("scoring").error("failed", exc_info=error)
    [told] = lines()
    assert told["fault"]["from"]["sqlstate"] == "23505"


def test_what_ends_a_process_is_told_without_its_words(lines: Lines) -> None:
    with pytest.raises(ValueError, match=MARK) as caught:
        int(MARK)
    log_config.last_words(caught.type, caught.value, caught.tb)
    [told] = lines()
    assert told["level"] == "critical"
    assert told["fault"]["type"] == "ValueError"


@pytest.mark.parametrize(
    ("logger", "message", "values", "expected"),
    [
        pytest.param(
            "gunicorn.error",
            "Booting worker: %s",
            (41,),
            "Booting worker: 41",
            id="number",
        ),
        pytest.param(
            "django.security", "Host %r refused", (MARK,), "Host '…' refused", id="word"
        ),
        pytest.param("lib", "100% sure", (), "100% sure", id="no values"),
        pytest.param("lib", ValueError(MARK), (), "ValueError", id="an error"),
        pytest.param(
            "celery.worker",
            "Task %(name)s got %(args)s",
            ({"name": "scoring.drain", "args": f"({MARK})"},),
            "Task scoring.drain got …",
            id="a task",
        ),
    ],
)
def test_lines_of_libraries_keep_their_fixed_text_and_numbers(
    lines: Lines, logger: str, message: Any, values: Any, expected: str
) -> None:
    logging.getLogger(logger).warning(message, *values)
    [told] = lines()
    assert told["event"] == expected
    assert told["level"] == "warning"
    assert told["logger"] == logger


def test_a_field_that_is_not_known_is_left_out(lines: Lines) -> None:
    from structlog import get_logger  # noqa: PLC0415 - set up by the fixture

    get_logger("scoring").warning("x", surname=MARK, kind=f"{MARK} said", groups=3)
    [told] = lines()
    assert "surname" not in told
    assert told["kind"] == "…"
    assert told["groups"] == 3


def test_each_task_is_one_line(lines: Lines, as_system: None) -> None:
    ensure_audit_partitions.apply()
    [told] = [one for one in lines() if one["event"] == "task"]
    assert told["task"] == "accounts.ensure_audit_partitions"
    assert told["state"] == "SUCCESS"
    assert told["milliseconds"] >= 0


def heartbeats() -> set[str]:
    return set(Heartbeat.objects.values_list("name", flat=True))


@pytest.mark.parametrize("differs", [True, False])
def test_the_nightly_reconcile_raises_the_alarm(
    lines: Lines,
    as_system: None,
    monkeypatch: pytest.MonkeyPatch,
    differs: bool,
) -> None:
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(heartbeat, "_last", {})
    found = [Difference("wrong", group=MARK, found=MARK)] if differs else []
    outcome = Outcome(checked=5, differences=found)
    monkeypatch.setattr(tasks, "compare_everything", lambda: outcome)
    tasks.reconcile()
    [told] = lines()
    assert told["differences"] == len(found)
    assert told["checked"] == 5
    assert told["level"] == ("error" if differs else "info")
    assert told["event"].startswith("alarm" if differs else "reconciled")
    clean = set() if differs else {"reconcile_clean"}
    assert heartbeats() == {"reconcile"} | clean


def test_beat_runs_the_nightly_reconcile() -> None:
    from ocgmap.schedule import beat_schedule  # noqa: PLC0415

    entry = beat_schedule(3)["reconcile"]
    assert entry["task"] == "scoring.reconcile"
    assert entry["task"] in current_app.tasks
    limit = current_app.tasks[entry["task"]].time_limit
    patience = current_app.conf.broker_transport_options["visibility_timeout"]
    assert limit < patience, "the broker would give the task out a second time"


def test_values_that_do_not_fit_their_text_leave_it_as_it_is() -> None:
    settings = log_config.configured("json")["formatters"]["line"]
    formatter = settings.pop("()")(**settings)
    record = logging.LogRecord("lib", 30, "", 0, "%d of %s", ("x", MARK), None)
    assert json.loads(formatter.format(record))["event"] == "%d of %s"
