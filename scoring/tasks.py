"""Tasks of scoring: they are woken by hints and find their work in the database.

Their queue is named by the app's routes (`ocgmap.celery`).
"""

from celery import shared_task
from django.utils import timezone

from scoring import outbox

_LONGEST_SECONDS = 20.0


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
