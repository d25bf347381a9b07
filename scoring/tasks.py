"""Tasks of scoring: they are woken by hints and find their work in the database.

Their queue is named by the app's routes (`ocgmap.celery`).
"""

import structlog
from celery import shared_task
from django.utils import timezone

from scoring import outbox
from scoring.notices.mailing import send_due
from scoring.reconciling import reconcile as compare_everything

_LONGEST_SECONDS = 20.0
# Below the broker's `visibility_timeout`, after which the task would be given out again.
_LONGEST_RECONCILE_SECONDS = 840
logger = structlog.get_logger(__name__)


@shared_task(  # type: ignore[untyped-decorator]
    name="scoring.drain", acks_late=True, ignore_result=True
)
def drain() -> None:
    """Drain the outbox until it is empty, or for so long that others get a turn."""
    outbox.beat("worker")
    outbox.drain_until_empty(seconds=_LONGEST_SECONDS)


@shared_task(  # type: ignore[untyped-decorator]
    name="scoring.sweep_windows", acks_late=True, ignore_result=True
)
def sweep_windows() -> None:
    """Mark what time alone has changed, and rescore it."""
    outbox.sweep(timezone.localdate())
    outbox.drain_until_empty(seconds=_LONGEST_SECONDS)


@shared_task(  # type: ignore[untyped-decorator]
    name="scoring.reconcile",
    acks_late=True,
    ignore_result=True,
    time_limit=_LONGEST_RECONCILE_SECONDS,
)
def reconcile() -> None:
    """Recompute everything by another path and raise the alarm if anything differs.

    The alarm is a line in the log and a figure: the heartbeat `reconcile` goes on, that
    of `reconcile_clean` stays behind. `manage.py reconcile` names the differences.
    """
    found = compare_everything()
    counts = {
        "checked": found.checked,
        "pending": found.pending,
        "differences": len(found.differences),
    }
    if found.differences:
        logger.error("alarm: the picture differs from its sources", **counts)
    else:
        logger.info("reconciled", **counts)
        outbox.beat("reconcile_clean")
    outbox.beat("reconcile")


@shared_task(  # type: ignore[untyped-decorator]
    name="scoring.send_digests", acks_late=True, ignore_result=True
)
def send_digests() -> None:
    """Send the daily emails that are due, or for so long that others get a turn."""
    send_due(seconds=_LONGEST_SECONDS)
