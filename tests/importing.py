"""Send a file, let it be checked, say “import”: for tests of imports."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from intelligence.actions import import_work, imports
from intelligence.models import ImportJob, ImportOutcome, Report, Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.intelligence import ReturnFactory
from tests.factories.returns import csv_file

Send = Callable[..., ImportJob]
Confirm = Callable[..., ImportJob]


def everything() -> Any:
    return acting_as(system("test"))


@pytest.fixture
def ret(db: None) -> Return:
    with everything():
        return ReturnFactory()


def now(job: ImportJob) -> ImportJob:
    with everything():
        return ImportJob.objects.select_related("owner", "returned_in").get(pk=job.pk)


def work_off() -> None:
    while import_work.step():
        pass


@pytest.fixture
def send(acting: As, ret: Return) -> Send:
    """Send rows as a file and let them be checked."""

    def sent(*rows: Any, who: str = "owner_analyst", content: bytes = b"") -> ImportJob:
        with acting(who) as by, transaction.atomic():
            job, _ = imports.upload(
                by=by, ret=ret, name="april.csv", content=content or csv_file(*rows)
            )
        work_off()
        return now(job)

    return sent


@pytest.fixture
def confirm(acting: As) -> Callable[..., ImportJob]:
    """Say “import” and let it be worked off."""

    def confirmed(
        job: ImportJob, who: str = "owner_analyst", *, leave_out: bool = False
    ) -> ImportJob:
        with acting(who) as by, transaction.atomic():
            imports.confirm(
                by=by, job=job, version=job.version, leave_refused_out=leave_out
            )
        work_off()
        return now(job)

    return confirmed


def totals(job: ImportJob) -> tuple[str, int, int, int, int]:
    return job.state, job.rows, job.accepted, job.duplicates, job.refused


def problems_of(job: ImportJob) -> list[tuple[int, str, str]]:
    step = "write" if job.is_writing else "check"
    with everything():
        rows = ImportOutcome.objects.filter(job=job, step=step).order_by("number")
        return [(one[0], one[1], one[3]) for row in rows for one in row.problems]


def count_reports() -> int:
    with everything():
        return Report.objects.count()
