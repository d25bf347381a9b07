"""What the worker does for intelligence: woken by a hint, and by beat besides."""

from celery import shared_task

from intelligence.actions import import_work
from intelligence.actions.import_work import TASK
from ocgmap.common.queues import hint

# Short, so that the drain, which may share the worker, gets its turn.
_LONGEST_SECONDS = 5.0


@shared_task(name=TASK, acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def work_off_imports() -> None:
    """Work imports off until none waits, or for so long that others get a turn."""
    is_more = import_work.work(seconds=_LONGEST_SECONDS)
    hint("scoring.drain")
    if is_more:
        hint(TASK)
