"""The operators' figures: what they say, and that they are for operators only."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from ocgmap.common import queues
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, system
from scoring.models import Heartbeat, Outbox, OutboxDead

SECRET = "only-for-tests-metrics-0123456789-abcdefgh"
BEARER = {"authorization": f"Bearer {SECRET}"}


@pytest.fixture(autouse=True)
def with_secret(settings: Any) -> None:
    settings.METRICS_TOKEN = SECRET


def read(client: Client | None = None) -> dict[str, float]:
    """Return each sample by name and labels."""
    answer = (client or Client()).get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"].startswith("text/plain; version=")
    return {
        " ".join(
            [sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items()))]
        ): (sample.value)
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_class_of_status() -> None:
    key = "ocgmap_requests_total method={} route={} status={}"
    status = key.format("GET", "status", "2xx")
    unknown = key.format("GET", "unmatched", "3xx")
    before = read()
    Client().get("/status/")
    Client().get("/status/")
    Client().get("/Zqsmith/")
    after = read()
    assert after[status] - before.get(status, 0) == 2
    assert after[unknown] - before.get(unknown, 0) == 1
    seconds = "ocgmap_request_seconds_count route=status"
    assert after[seconds] - before.get(seconds, 0) == 2
    assert not [name for name in after if "Zqsmith" in name]


@pytest.mark.django_db
def test_a_method_of_nobodys_standard_makes_no_name_of_its_own() -> None:
    Client().generic("ZQSMITH", "/status/")
    assert not [name for name in read() if "ZQSMITH" in name]


@pytest.mark.django_db
def test_marks_dead_letters_and_heartbeats_are_told() -> None:
    now = timezone.now()
    with acting_as(system("test")):
        Outbox.objects.all().delete()
        for minutes in (1, 5, 3):
            at = now - datetime.timedelta(minutes=minutes)
            Outbox.objects.create(group_id=1, at=at)
        OutboxDead.objects.create(group_id=7, error="Zqsmith", at=now)
        seen = now - datetime.timedelta(minutes=10)
        Heartbeat.objects.update_or_create(name="drain", defaults={"seen_at": seen})
    found = read()
    assert found["ocgmap_database_up"] == 1
    assert found["ocgmap_marks_waiting"] == 3
    assert 300 <= found["ocgmap_oldest_mark_seconds"] < 330
    assert found["ocgmap_dead_letters"] == 1
    assert 600 <= found["ocgmap_heartbeat_age_seconds part=drain"] < 630
    connections = {k: v for k, v in found.items() if "_connections login" in k}
    assert sum(connections.values()) >= 1
    assert found["ocgmap_database_connections_most"] >= sum(connections.values())
    assert found["ocgmap_database_bytes"] > 1_000_000


@pytest.mark.django_db
def test_an_empty_outbox_has_no_age() -> None:
    with acting_as(system("test")):
        Outbox.objects.all().delete()
    found = read()
    assert found["ocgmap_marks_waiting"] == 0
    assert found["ocgmap_oldest_mark_seconds"] == 0


@pytest.mark.django_db(transaction=True)
def test_hints_that_the_broker_did_not_take_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Zqsmith")

    monkeypatch.setattr(queues.current_app, "send_task", refuse)
    monkeypatch.setattr(queues.breaker, "rest_until", 0.0)
    before = read()["ocgmap_hints_lost_total"]
    queues.hint("scoring.drain")
    queues.hint("scoring.drain")  # within the pause: not even tried, and lost as well
    assert read()["ocgmap_hints_lost_total"] == before + 2
    monkeypatch.setattr(queues.breaker, "rest_until", 0.0)


@pytest.mark.django_db
def test_without_a_database_the_requests_are_told_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr("ocgmap.metrics._figures", away)
    found = read()
    assert found["ocgmap_database_up"] == 0
    assert "ocgmap_marks_waiting" not in found
    assert any(name.startswith("ocgmap_requests_total") for name in found)


@pytest.mark.django_db
def test_the_function_answers_nobody_who_is_signed_in() -> None:
    question = "select ocgmap_operating_figures()"
    with (
        acting_as(Scope(role="web")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(question)
        assert cursor.fetchone()
    for scope in (Scope(role="web", actor_id=1), Scope(role="worker", actor_id=1)):
        with (
            acting_as(scope),
            pytest.raises(DatabaseError, match="not for readers"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(question)


@pytest.mark.django_db
def test_the_web_still_cannot_read_the_outbox() -> None:
    for table in ("scoring_outbox", "scoring_outboxdead"):
        with (
            acting_as(Scope(role="web")),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"select count(*) from {table}")


@pytest.mark.django_db
def test_the_secret_opens_no_page() -> None:
    assert Client().get("/groups/", headers=BEARER).status_code == 302
    assert Client().get("/api/v1/groups/", headers=BEARER).status_code == 401
