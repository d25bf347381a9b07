"""What the worker does for groups: it forgets what nobody came back to."""

from celery import shared_task

from groups.actions import entry_drafts, pasted_lists


@shared_task(  # type: ignore[untyped-decorator]
    name="groups.forget_drafts", acks_late=True, ignore_result=True, soft_time_limit=60
)
def forget_drafts() -> None:
    """Delete drafts that nobody saved for 30 days, and lists pasted a week ago."""
    entry_drafts.forget_old()
    pasted_lists.forget_old()
