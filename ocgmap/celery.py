"""The Celery app: it carries hints only; what must be done stands in PostgreSQL."""

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings
from django.db import connections

from ocgmap.common.queues import Queue
from ocgmap.schedule import beat_schedule

# A web request that sends a hint must not wait for a broken broker; a worker waits.
# Without `max_retries` a new connection is tried again and again for six seconds.
_PATIENCE: dict[str, float] = (
    {"socket_timeout": 0.2, "socket_connect_timeout": 0.2, "max_retries": 0}
    if settings.PROCESS == "web"
    else {"socket_connect_timeout": 3}
)

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
