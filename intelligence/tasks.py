"""What the worker does for intelligence: woken by a hint, and by beat besides."""

from celery import shared_task

from intelligence.actions import import_work
from intelligence.actions.import_work import TASK
from ocgmap.common.queues import hint

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
