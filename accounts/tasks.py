"""What the worker does for accounts."""

import structlog
from celery import shared_task
from django.db import connection, transaction

from accounts.actions import sessions
from accounts.sealing.sealer import unsealed
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

# A sealer closes a batch every second; a long transaction may hold it up.
LONGEST_UNSEALED_SECONDS = 60.0
logger = structlog.get_logger(__name__)


@shared_task(  # type: ignore[untyped-decorator]
    name="accounts.ensure_audit_partitions",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=60,
)
def ensure_audit_partitions() -> None:
    """Make the audit's partitions of this month and the next, if they are missing."""
    with (
        acting_as(system("audit partitions")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select accounts_ensure_audit_partitions()")


@shared_task(  # type: ignore[untyped-decorator]
    name="accounts.forget_sessions",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=60,
)
def forget_sessions() -> None:
    """Delete what is left of sessions that expired."""
    with acting_as(system("sessions")), transaction.atomic():
        sessions.forget_ended()


@shared_task(  # type: ignore[untyped-decorator]
    name="accounts.watch_the_seal",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=30,
)
def watch_the_seal() -> None:
    """Raise the alarm in the log if a row of the audit waits for its seal too long."""
    rows, oldest = unsealed()
    if oldest > LONGEST_UNSEALED_SECONDS:
        logger.error(
            "alarm: the audit is not sealed",
            unsealed=rows,
            oldest_unsealed_seconds=round(oldest, 1),
        )
