"""Tasks of scoring: they are woken by hints and find their work in the database.

Their queue is named by the app's routes (`ocgmap.celery`).
"""

import structlog
from celery import shared_task
from django.utils import timezone

from ocgmap.common.acting import acting_as
from ocgmap.common.queues import hint
from ocgmap.common.scope import system
from scoring import outbox
from scoring.actions import second_scorings, what_if_work
from scoring.actions.what_ifs import TASK
from scoring.notices.mailing import send_due
from scoring.reconciling import reconcile as compare_everything

_LONGEST_SECONDS = 20.0
# Short, so that the drain gets its turn.
_TURN_SECONDS = 5.0
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
    name="scoring.draw_second_scorings", acks_late=True, ignore_result=True
)
def draw_second_scorings() -> None:
    """Draw of what was mapped since: a share of each region's is scored twice."""
    with acting_as(system("task scoring.draw_second_scorings")):
        second_scorings.draw()


@shared_task(  # type: ignore[untyped-decorator]
    name=TASK, acks_late=True, ignore_result=True
)
def work_off_what_ifs() -> None:
    """Work comparisons of versions off, or for so long that others get a turn."""
    _, is_more = what_if_work.work(seconds=_TURN_SECONDS)
    if is_more:
        hint(TASK)


@shared_task(  # type: ignore[untyped-decorator]
    name="scoring.send_digests", acks_late=True, ignore_result=True
)
def send_digests() -> None:
    """Send the daily emails that are due, or for so long that others get a turn."""
    send_due(seconds=_LONGEST_SECONDS)
