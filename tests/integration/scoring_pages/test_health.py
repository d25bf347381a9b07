"""Health: for monitors and for people, with nothing of anyone's records."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from ocgmap.version import VERSION
from scoring.models import Heartbeat

KEYS = {
    "status",
    "database",
    "broker",
    "worker_seen_seconds",
    "last_drain_seconds",
    "version",
}


@pytest.fixture
def drained_ago(db: None) -> object:
    def beat(seconds: float) -> None:
        with acting_as(system("test")):
            for name in ("drain", "worker"):
                at = timezone.now() - datetime.timedelta(seconds=seconds)
                Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": at})

    return beat


def test_a_service_that_drains_is_well(drained_ago: object) -> None:
    drained_ago(5)  # type: ignore[operator]
    response = Client().get("/health/")
    found = response.json()
    assert response.status_code == 200
    assert found.keys() == KEYS
    assert found["status"] == "ok"
    assert found["database"] == "ok"
    assert found["broker"] == "ok"
    assert found["version"] == VERSION
    assert 0 <= found["last_drain_seconds"] < 60
    assert 0 <= found["worker_seen_seconds"] < 60


def test_a_drain_that_stands_still_is_told(drained_ago: object) -> None:
    drained_ago(600)  # type: ignore[operator]
    response = Client().get("/health/")
    assert response.status_code == 503
    assert response.json()["status"] == "degraded"
    page = Client().get("/status/").content.decode()
    assert "Scores are not being brought up to date" in page


def test_a_service_that_never_drained_is_not_well(db: None) -> None:
    with acting_as(system("test")):
        Heartbeat.objects.all().delete()
    response = Client().get("/health/")
    assert response.status_code == 503
    assert response.json()["last_drain_seconds"] is None


@pytest.mark.parametrize(
    "url",
    ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/b.sock", "", "nonsense"],
)
def test_a_lost_broker_is_told_and_stops_nothing(
    drained_ago: object, settings: object, url: str
) -> None:
    settings.BROKER_URL = url  # type: ignore[attr-defined]
    drained_ago(1)  # type: ignore[operator]
    response = Client().get("/health/")
    assert response.status_code == 200
    assert response.json()["broker"] == "unavailable"


def test_people_get_a_page_without_signing_in(drained_ago: object) -> None:
    drained_ago(1)  # type: ignore[operator]
    page = Client().get("/status/").content.decode()
    assert "Service status" in page
    assert "Records are stored, and scores follow them" in page
