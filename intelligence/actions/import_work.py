"""Work imports off, part by part: each part and its progress commit together.

A job is claimed by locking its row, past those that are locked. Everything is read and
written as the person whom the job runs as, as they stand at that moment, and without
what only they hold: what comes of it, all of their organisation reads.
"""

import logging
import time
import traceback
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import acting_for, organisation_viewer_of
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from intelligence.actions import import_rows, imports, returns
from intelligence.actions.import_rows import Verdict
from intelligence.exceptions import Refused
from intelligence.models import ImportFile, ImportJob, ImportOutcome, ImportPart
from intelligence.models.imports import ENDED, ImportState, ImportStep
from intelligence.permissions import check_can_import
from intelligence.return_files import FileRefused, Row, mark_repeats, read
from intelligence.return_files.problems import row_from
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system

logger = logging.getLogger(__name__)

TASK = "intelligence.work_off_imports"
PART_ROWS = 200
# A file of up to so many rows is written in one transaction: all of it or nothing.
WHOLE_ROWS = 1_000
MOST_FAILURES = 3
MOST_READINGS = 6


class _RefusedLate(Refused):
    """A row that passed the check is refused now, and the file is to be taken whole."""


def work(*, seconds: float) -> tuple[int, bool]:
    """Work imports off for so long; return how many steps, and whether more wait."""
    until = time.monotonic() + seconds
    count = 0
    clear_ended()
    while step():
        count += 1
        if time.monotonic() >= until:
            return count, True
    if count:
        clear_ended()
    return count, False


def step(job_id: int | None = None) -> bool:
    """Take one step of one job, of this one if it is named; false: there is none.

    A fault of the program is logged and counted; a job with too many is stopped.
    """
    with acting_as(system("imports")):
        claimed: list[int] = []
        try:
            return _stepped(job_id, claimed)
        except Exception as error:
            if not claimed:
                raise
            logger.error("import %s failed: %s", claimed[0], _place(error))  # noqa: TRY400 - a traceback may hold what rows say
            _count_failure(claimed[0])
    return True


def _stepped(job_id: int | None, claimed: list[int]) -> bool:
    """Take the step; reading is counted in a transaction of its own before.

    A file that kills the process that reads it leaves no exception behind.
    """
    with transaction.atomic():
        job = _claim(job_id)
        if job is None:
            return False
        claimed.append(job.pk)
        if job.state != ImportState.READING:
            _advance(job)
            return True
    _count_failure(job.pk, most=MOST_READINGS)
    with transaction.atomic():
        again = _claim(job.pk)
        if again is not None:
            _advance(again)
    return True


def _place(error: Exception) -> str:
    """Return the type of an error and where it was raised, with nothing of a row."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.name}, line {frame.lineno}"


def clear_ended() -> None:
    """Delete the files and rows of jobs that have ended; the reports hold them now."""
    with acting_as(system("imports")), transaction.atomic():
        files = ImportFile.objects.filter(job__state__in=ENDED)
        jobs = list(
            files.select_for_update(of=("self",), skip_locked=True).values_list(
                "job_id", flat=True
            )[:10]
        )
        if jobs:
            ImportPart.objects.filter(job_id__in=jobs).delete()
            ImportFile.objects.filter(job_id__in=jobs).delete()
            audit.record(
                AuditKind.ERASURE,
                "intelligence.ImportFile",
                jobs,
                reason="the import has ended",
            )


def _claim(job_id: int | None) -> ImportJob | None:
    """Return the job that waited longest, locked; None if there is none to be had."""
    rows = ImportJob.objects.active().select_related("owner", "returned_in", "runs_as")
    if job_id is not None:
        rows = rows.filter(pk=job_id)
    locked = rows.select_for_update(of=("self",), skip_locked=True)
    return locked.order_by("changed_at", "pk").first()


def _advance(job: ImportJob) -> None:
    """Take the job's next step under its person's own scope, or stop it."""
    viewer = organisation_viewer_of(job.runs_as)
    try:
        if not job.runs_as.is_active:
            raise Refused(
                "runs_as",
                "The account that this import runs as is disabled.",
                "Someone else of the organisation can let it go on.",
            )
        with (
            acting_for(viewer, route=f"import {job.public_id}"),
            transaction.atomic(),
        ):
            check_can_import(viewer, job.owner)
            imports.check_not_nil(job.returned_in)
            _STEPS[ImportState(job.state)](job, viewer)
    except FileRefused as error:
        _end(job, ImportState.REFUSED, error)
    except _RefusedLate as error:
        _check_again(job) if job.rows <= WHOLE_ROWS else _end(
            job, ImportState.STOPPED, error
        )
    except AppError as error:
        _end(job, ImportState.STOPPED, error)


def _end(job: ImportJob, state: ImportState, error: AppError) -> None:
    """Stop the job or refuse its file, and say why; what is committed stays."""
    stopped_at = job.state if state == ImportState.STOPPED else ""
    ImportJob.objects.filter(pk=job.pk).update(
        state=state,
        stopped_at=stopped_at,
        state_reason=error.message,
        finished_at=timezone.now(),
    )
    audit.record(
        AuditKind.ALTERATION,
        "intelligence.ImportJob",
        [job.pk],
        detail={"state": state, "code": error.code},
    )


def _check_again(job: ImportJob) -> None:
    """Go back to the check: what it said is no longer so, and nothing was written."""
    ImportOutcome.objects.filter(job=job).delete()
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportState.CHECKING, position=0, accepted=0, duplicates=0, refused=0
    )


def _count_failure(job_id: int, *, most: int = MOST_FAILURES) -> None:
    with transaction.atomic():
        rows = ImportJob.objects.filter(pk=job_id)
        rows.update(failures=F("failures") + 1)
        job = rows.select_for_update().get()
        if job.failures >= most and job.is_active:
            _end(
                job,
                ImportState.STOPPED,
                AppError(
                    "The import failed several times by a fault of this system. Its "
                    "operators find it in the log. It can be let go on."
                ),
            )


def _read(job: ImportJob, by: Viewer) -> None:
    """Read the whole file into parts, in one transaction."""
    kept = ImportFile.objects.visible_to(by).get(job=job)
    rows = mark_repeats(read(zlib.decompress(bytes(kept.content))))
    count = number = 0
    for part in _parts(rows):
        ImportPart.objects.create(
            job=job,
            owner_id=job.owner_id,
            access_class_id=job.access_class_id,
            number=number,
            rows=[row.as_json() for row in part],
        )
        number += 1
        count += len(part)
    _update(job, by, state=ImportState.CHECKING, rows=count, parts=number, failures=0)


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(islice(rows, PART_ROWS)):
        yield part


def _check(job: ImportJob, by: Viewer) -> None:
    """Check the next part, which writes nothing but its outcome."""
    verdict = import_rows.check_rows(by=by, job=job, rows=_rows(job, by))
    _note(job, by, ImportStep.CHECK, verdict)
    if job.position == job.parts:
        _update(job, by, state=ImportState.CHECKED)


def _write(job: ImportJob, by: Viewer) -> None:
    """Write the next part, or all of a file that is small enough."""
    while True:
        verdict = import_rows.write_rows(by=by, job=job, rows=_rows(job, by))
        if verdict.refused and not job.leaves_refused_out:
            raise _late(verdict)
        _note(job, by, ImportStep.WRITE, verdict)
        if job.position == job.parts:
            _finish(job, by)
            return
        if job.rows > WHOLE_ROWS:
            return


def _late(verdict: Verdict) -> _RefusedLate:
    first = verdict.problems[0]
    return _RefusedLate(
        "file",
        f"Row {first.row} passed the check and is refused now: {first.rule}",
        "The rows before it are imported. Let the import go on without the refused "
        "rows, or correct what has changed first.",
    )


def _finish(job: ImportJob, by: Viewer) -> None:
    """Enter in the register of returns that the file came in, and end the job."""
    ret = job.returned_in
    if ret.received_at is None:
        count = returns.report_count(ret, by=by)
        returns.receive(
            by=by,
            ret=ret,
            counts={"reports": count} if count else {},
            file_digest=job.digest,
        )
    else:
        returns.recount(by=by, ret=ret)
    _update(job, by, state=ImportState.DONE, finished_at=timezone.now())
    audit.record(
        AuditKind.COLLECTION,
        "intelligence.ImportJob",
        [job.pk],
        detail={
            "rows": job.rows,
            "accepted": job.accepted,
            "duplicates": job.duplicates,
            "refused": job.refused,
        },
    )


def _rows(job: ImportJob, by: Viewer) -> Sequence[Row]:
    part = ImportPart.objects.visible_to(by).get(job=job, number=job.position)
    return [row_from(stored) for stored in part.rows]


def _note(job: ImportJob, by: Viewer, which: ImportStep, verdict: Verdict) -> None:
    """Keep what became of a part, and count it."""
    if verdict.refused:
        ImportOutcome.objects.create(
            job=job,
            owner_id=job.owner_id,
            access_class_id=job.access_class_id,
            step=which,
            number=job.position,
            problem_count=len(verdict.problems),
            problems=[one.as_json() for one in verdict.problems],
            refused_rows=[row.as_json() for row in verdict.refused],
        )
    _update(
        job,
        by,
        position=job.position + 1,
        accepted=job.accepted + verdict.accepted,
        duplicates=job.duplicates + verdict.duplicates,
        refused=job.refused + len(verdict.refused),
    )


def _update(job: ImportJob, by: Viewer, **columns: object) -> None:
    ImportJob.objects.visible_to(by).filter(pk=job.pk).update(**columns)
    for name, value in columns.items():
        setattr(job, name, value)


_STEPS = {
    ImportState.READING: _read,
    ImportState.CHECKING: _check,
    ImportState.WRITING: _write,
}
