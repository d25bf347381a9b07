"""What the worker does for accounts."""

from celery import shared_task
from django.db import connection, transaction

from accounts.actions import sessions
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system


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
