"""The plain way's worker: early acknowledgement, and just the report of its message."""

import django
from django.db import connection, transaction
from django.utils import timezone

from ocgmap.celery import app
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

django.setup()

from scoring.outbox.claiming import include  # noqa: E402 - after the set-up
from scoring.outbox.rescoring import rescore  # noqa: E402

app.conf.update(
    task_acks_late=False,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=4,
)
_TAKE = "delete from scoring_outbox where cause_id = %s returning group_id"


@app.task(name="baseline.rescore", ignore_result=True)  # type: ignore[untyped-decorator]
def rescore_groups_of(report_id: int) -> None:
    """Rescore the groups that the report touches."""
    with acting_as(system("baseline")), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [report_id])
            groups = sorted({group for (group,) in cursor.fetchall()})
        rescore(groups, timezone.localdate())
        include(groups, [(group, report_id) for group in groups])
