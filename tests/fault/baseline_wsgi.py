"""The plain way, for comparison: the message that names the report is the truth.

Like `delay_on_commit`: sent once, after the commit of a new report. The switch stands
where it stands for the real thing.
"""

from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

from ocgmap.common import queues
from ocgmap.wsgi import application as site  # sets Django up for what follows
from tests.fault.switch import die_if_set, signed

from intelligence.actions import reports  # isort: skip
from intelligence.models import Report  # isort: skip

__all__ = ["application"]

_submit = reports.submit


def _submit_and_delay(**given: Any) -> tuple[Report, bool]:
    report, is_new = _submit(**given)
    if is_new:
        transaction.on_commit(partial(_delay, report.pk))
    return report, is_new


def _delay(report_id: int) -> None:
    die_if_set()
    current_app.send_task(
        "baseline.rescore", args=[report_id], queue="drain", ignore_result=True
    )


def _no_hint(task_name: str, args: tuple[int, ...]) -> None:
    """Send nothing: the message is the only thing that wakes the baseline."""


reports.submit = _submit_and_delay
queues._send = _no_hint
application = signed(site)
