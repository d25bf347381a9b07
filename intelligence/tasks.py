"""What the worker does for intelligence: woken by a hint, and by beat besides."""

from celery import shared_task
from django.utils import timezone

from intelligence.actions import import_work, own_only
from intelligence.actions.import_work import TASK
from ocgmap.common.acting import acting_as
from ocgmap.common.queues import hint
from ocgmap.common.scope import system

# Short, so that the drain, which may share the worker, gets its turn.
_LONGEST_SECONDS = 5.0
# A workbook of 200,000 rows is read in one step.
_TIME_LIMIT_SECONDS = 3_600


@shared_task(  # type: ignore[untyped-decorator]
    name=TASK, acks_late=True, ignore_result=True, time_limit=_TIME_LIMIT_SECONDS
)
def work_off_imports() -> None:
    """Work imports off until none waits, or for so long that others get a turn."""
    count, is_more = import_work.work(seconds=_LONGEST_SECONDS)
    if count:
        hint("scoring.drain")
    if is_more:
        hint(TASK)


@shared_task(  # type: ignore[untyped-decorator]
    name="intelligence.sweep_sharing",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=600,
)
def sweep_sharing() -> None:
    """Share groups as usual again whose time with their owner alone is over."""
    with acting_as(system("sharing that is over")):
        try:
            own_only.sweep(timezone.localdate())
        finally:  # what was given before a fault is to be scored all the same
            hint("scoring.drain")
