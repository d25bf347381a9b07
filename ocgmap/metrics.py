"""Figures of the running service for its operators: requests, drain, database.

Nothing here depends on who asks, and nothing tells of one organisation's records. What
only the owner of the outbox may read comes from a function of the database that returns
sums alone and answers nobody who is signed in (`sql/operating.sql`).
"""

import json
import os
from collections.abc import Iterator
from typing import Any, Final

from django.db import Error, connection, transaction
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ocgmap.common.acting import acting_as
from ocgmap.common.errors import OutsideScope
from ocgmap.common.queues import HINTS_LOST
from ocgmap.common.scope import anonymous

OWN: Final = CollectorRegistry()
OWN.register(HINTS_LOST)
_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_REQUESTS = Counter(
    "ocgmap_requests",
    "Requests answered, by name of the address, method and class of status.",
    ["route", "method", "status"],
    registry=OWN,
)
_SECONDS = Histogram(
    "ocgmap_request_seconds",
    "Seconds from a request's arrival to its answer, by name of the address.",
    ["route"],
    buckets=_BUCKETS,
    registry=OWN,
)
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. A method of nobody's standard counts as `other`."""
    known = method if method in _METHODS else "other"
    _REQUESTS.labels(route, known, f"{status // 100}xx").inc()
    _SECONDS.labels(route).observe(seconds)


def text() -> bytes:
    """Return all figures in the text form of Prometheus. Two queries.

    Without a database only `ocgmap_database_up 0` and the requests remain.
    """
    requests = OWN
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    stored = CollectorRegistry()
    stored.register(_Stored())
    return generate_latest(requests) + generate_latest(stored)


class _Stored(Collector):
    """What the database knows, asked at each reading."""

    def collect(self) -> Iterator[Metric]:
        try:
            figures = _figures()
        except (Error, OutsideScope):
            yield _gauge("database_up", "1 when the database answers.", 0)
            return
        yield _gauge("database_up", "1 when the database answers.", 1)
        for name, words in _PLAIN.items():
            yield _gauge(name, words, figures[name])
        for name, (label, words) in _BY_NAME.items():
            family = GaugeMetricFamily(f"ocgmap_{name}", words, labels=[label])
            for key, value in sorted(figures[name].items()):
                family.add_metric([key], value)
            yield family


_PLAIN: Final = {
    "marks_waiting": "Marks in the outbox: groups to be rescored, some several times.",
    "oldest_mark_seconds": "Age of the oldest mark in the outbox; 0 when it is empty.",
    "dead_letters": "Groups set aside because they could not be rescored.",
    "audit_unsealed_rows": "Rows of the audit not sealed yet, counted to 100,000.",
    "audit_oldest_unsealed_seconds": "Age of the oldest row not sealed; 0 for none.",
    "database_connections_most": "Connections that the database takes at most.",
    "database_bytes": "Size of the database.",
}
_BY_NAME: Final = {
    "heartbeat_age_seconds": (
        "part",
        "Seconds since a part was seen; reconcile_clean: one without differences.",
    ),
    "database_connections": ("login", "Connections to the database, by login."),
}


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ocgmap_{name}", words, value=value)


def _figures() -> dict[str, Any]:
    with (
        acting_as(anonymous()),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select ocgmap_operating_figures()::text")
        found: dict[str, Any] = json.loads(cursor.fetchone()[0])
    return found
