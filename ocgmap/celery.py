"""The Celery app: it carries hints only; what must be done stands in PostgreSQL."""

import time
from typing import Any

import structlog
from celery import Celery
from celery.signals import (
    after_task_publish,
    heartbeat_sent,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
)
from django.conf import settings
from django.db import connections

from ocgmap.common.alive import alive
from ocgmap.common.queues import Queue
from ocgmap.schedule import beat_schedule

# A web request that sends a hint must not wait for a broken broker; a worker waits.
# Without `max_retries` a new connection is tried again and again for six seconds.
_PATIENCE: dict[str, float] = (
    {"socket_timeout": 0.2, "socket_connect_timeout": 0.2, "max_retries": 0}
    if settings.PROCESS == "web"
    else {"socket_connect_timeout": 3}
)

logger = structlog.get_logger(__name__)
app = Celery("ocgmap")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
        "health_check_interval": 25,
        **_PATIENCE,
    },
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=300,
    task_create_missing_queues=True,
    task_default_queue=Queue.DRAIN,
    task_routes={
        "scoring.*": Queue.DRAIN,
        "intelligence.*": Queue.DRAIN,
        "accounts.*": Queue.DRAIN,
    },
    task_publish_retry=False,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=10.0,
    worker_hijack_root_logger=False,
    timezone="Europe/London",
    beat_schedule=beat_schedule(settings.DRAIN_EVERY_SECONDS),
)
app.autodiscover_tasks()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def forget_inherited_connections(**_: object) -> None:
    """Drop connections inherited over a fork: closing them would kill the parent's."""
    for connection in connections.all(initialized_only=True):
        connection.connection = None


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: object) -> None:
    """Keep Celery from setting up its own: Django has set up ours (`log_config`)."""


@heartbeat_sent.connect  # type: ignore[untyped-decorator]
def worker_works(**_: object) -> None:
    """Say for the probe that the worker's main process goes round, every two seconds."""
    alive()


@after_task_publish.connect  # type: ignore[untyped-decorator]
def beat_works(**_: object) -> None:
    """Say for the probe that the broker took what beat sent, every few seconds."""
    alive()


@task_prerun.connect  # type: ignore[untyped-decorator]
def task_begins(task: Any, **_: object) -> None:
    """Note when the task began."""
    task.request.began = time.perf_counter()


@task_postrun.connect  # type: ignore[untyped-decorator]
def task_ended(task: Any, task_id: str, state: str | None, **_: object) -> None:
    """Log one line for each task: which, how it ended, how long it took."""
    began = getattr(task.request, "began", None)
    seconds = 0.0 if began is None else time.perf_counter() - began
    logger.info(
        "task",
        task=task.name,
        task_id=task_id,
        state=state or "",
        milliseconds=round(seconds * 1000, 1),
    )
