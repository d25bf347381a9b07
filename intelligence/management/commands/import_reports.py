"""Import a force's return from a file, by the job that the page uses."""

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from accounts.visibility import Viewer
from intelligence.actions import import_work, imports, returns
from intelligence.management.acting import acting
from intelligence.models import ImportJob, ImportOutcome, Return
from intelligence.models.imports import ImportState, ImportStep
from intelligence.models.return_register import Channel
from intelligence.return_files import Problem
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.queues import hint
from ocgmap.common.scope import system

_ROUTE = "command import_reports"
_USUAL_DAYS = 14
_ANOTHER_HAS_IT_SECONDS = 0.2


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("write the date as YYYY-MM-DD") from error


class Command(BaseCommand):
    """Check a file and import it; print what became of it as JSON."""

    help = (
        "Import a return: a CSV or XLSX file of reports (docs/returns.md). The file is "
        "checked as a whole first; when a row is refused nothing is imported, unless "
        "--leave-refused-out takes the others. The JSON names each refused row with "
        "column, rule and cure. Called again with the same file it goes on with, or "
        "shows, the import of then. Exit code 1 if rows were left out, 2 if nothing "
        "was imported."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, whose it is, and for which period."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--owner", required=True, metavar="CODE")
        parser.add_argument(
            "--from", type=_day, dest="first", required=True, metavar="YYYY-MM-DD"
        )
        parser.add_argument(
            "--to", type=_day, dest="last", required=True, metavar="YYYY-MM-DD"
        )
        parser.add_argument(
            "--due",
            type=_day,
            metavar="YYYY-MM-DD",
            help="when the return is not in the register yet; else two weeks after it",
        )
        parser.add_argument(
            "--user", metavar="EMAIL", help="who imports; else the owner's own service"
        )
        parser.add_argument("--leave-refused-out", action="store_true")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file, or say row by row what is wrong with it.

        Raises:
            CommandError: with exit code 2, and nothing was imported; or with 1, where
                rows were left out.
        """
        try:
            if options["dry_run"]:
                # One transaction around everything, which is then undone.
                with acting_as(system(_ROUTE)), transaction.atomic():
                    job_id, is_new = self._uploaded(options)
                    self._worked_off(job_id)
                    summary = _summary(job_id, is_new=is_new, is_dry=True)
                    transaction.set_rollback(True)
            else:
                summary = self._imported(options)
        except AppError as error:
            raise CommandError(
                f"{error.field or 'import'}: {error.message} Nothing was imported.",
                returncode=2,
            ) from error
        self.stdout.write(json.dumps(summary, ensure_ascii=False))
        _judge(summary)

    def _imported(self, options: dict[str, Any]) -> dict[str, Any]:
        job_id, is_new = self._uploaded(options)
        self._worked_off(job_id)
        self._confirm(job_id, options)
        self._worked_off(job_id)
        import_work.clear_ended()
        hint("scoring.drain")
        with acting_as(system(_ROUTE)), transaction.atomic():
            return _summary(job_id, is_new=is_new, is_dry=False)

    def _uploaded(self, options: dict[str, Any]) -> tuple[int, bool]:
        content = _content(options["file"])
        with acting(options["user"], options["owner"], route=_ROUTE) as (by, owner):
            job = imports.sent_before(by=by, owner=owner, content=content)
            is_new = job is None
            if job is None:
                ret = _return(by, owner, options)
                job, is_new = imports.upload(
                    by=by, ret=ret, name=options["file"].name, content=content
                )
            return job.pk, is_new

    def _confirm(self, job_id: int, options: dict[str, Any]) -> None:
        """Say “import”, where every row can be taken or the others are left out."""
        with acting(options["user"], options["owner"], route=_ROUTE) as (by, _):
            rows = ImportJob.objects.visible_to(by).select_related(
                "owner", "returned_in"
            )
            job = rows.get(pk=job_id)
            leave_out = options["leave_refused_out"]
            may_take = job.accepted and (leave_out or not job.refused)
            if job.state == ImportState.CHECKED and may_take:
                imports.confirm(
                    by=by, job=job, version=job.version, leave_refused_out=leave_out
                )

    def _worked_off(self, job_id: int) -> None:
        """Work on this job until a person must act, or it has ended.

        A worker may have it meanwhile: then this waits for what the worker does.
        """
        job = _job(job_id)
        with tqdm(unit="rows", file=self.stderr) as bar:
            while job.is_active:
                if not import_work.step(job_id):
                    time.sleep(_ANOTHER_HAS_IT_SECONDS)
                job = _job(job_id)
                bar.total, bar.n = job.rows, job.done_rows
                bar.set_description(job.get_state_display(), refresh=True)


def _job(job_id: int) -> ImportJob:
    with acting_as(system(_ROUTE)), transaction.atomic():
        return ImportJob.objects.select_related("returned_in").get(pk=job_id)


def _return(by: Viewer, owner: Any, options: dict[str, Any]) -> Return:
    """Return the entry of the period in the register, made if there is none."""
    first, last = options["first"], options["last"]
    rows = Return.objects.visible_to(by).select_related("owner")
    found = rows.filter(owner=owner, from_on=first, to_on=last).first()
    return found or returns.register(
        by=by,
        owner=owner,
        from_on=first,
        to_on=last,
        due_on=options["due"] or last + timedelta(days=_USUAL_DAYS),
        channel=Channel.IMPORT,
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{path}: The file cannot be read ({error.strerror}). Give the path of a "
            "file that you may read.",
            returncode=2,
        ) from error


def _summary(job_id: int, *, is_new: bool, is_dry: bool) -> dict[str, Any]:
    """Return what became of the file; the problems of the step that it is at."""
    job = _job(job_id)
    step = ImportStep.WRITE if job.is_writing else ImportStep.CHECK
    outcomes = ImportOutcome.objects.filter(job=job, step=step).order_by("number")
    return {
        "import": str(job.public_id),
        "state": job.state,
        "reason": job.state_reason,
        "sent_before": not is_new,
        "dry_run": is_dry,
        "rows": job.rows,
        "accepted": job.accepted,
        "duplicates": job.duplicates,
        "refused": job.refused,
        "problems": [
            Problem(*one).as_object()
            for outcome in outcomes
            for one in outcome.problems
        ],
    }


def _judge(summary: dict[str, Any]) -> None:
    """Raise where something was left out.

    Raises:
        CommandError: with exit code 1, or 2 where nothing was imported.
    """
    if summary["state"] in {ImportState.REFUSED, ImportState.STOPPED}:
        raise CommandError(summary["reason"], returncode=2)
    left_out = f"{summary['refused']} of {summary['rows']} rows are refused"
    if summary["refused"] and summary["state"] != ImportState.DONE:
        raise CommandError(f"{left_out}; nothing was imported.", returncode=2)
    if summary["refused"]:
        raise CommandError(f"{left_out} and were left out.", returncode=1)
