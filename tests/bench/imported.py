"""What `import_rows` measures, in a process of its own that has Django set up."""

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.visibility import Viewer
from intelligence.actions import import_work, imports, reports, returns
from intelligence.actions.drafts import ReportDraft
from intelligence.models import ImportJob, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.bench.import_rows import EARLIER, ROUNDS, ROWS
from tests.factories.returns import csv_file, some_rows

Times = dict[str, list[float]]


def main() -> None:
    """Print the seconds of each kind of work as JSON."""
    by, owner = _analyst()
    times: Times = {kind: [] for kind in ("check", "write", "single", "write beside")}
    numbers = iter(range(1_000))
    for _ in range(ROUNDS):
        _imported(by, owner, next(numbers), times, "write")
        began = time.perf_counter()
        _one_by_one(by, owner, next(numbers))
        times["single"].append(time.perf_counter() - began)
    _fill(owner)
    for _ in range(ROUNDS):
        _imported(by, owner, next(numbers), times, "write beside")
    print(json.dumps(times))  # noqa: T201 - the parent reads it


def _analyst() -> tuple[Viewer, Organisation]:
    with acting_as(system("bench")), transaction.atomic():
        owner = Organisation.objects.get(code="durham")
        user = User.objects.create(
            email="a@bench.example",
            name="A",
            organisation=owner,
            role=Role.FORCE_ANALYST,
        )
        return viewer_of(user), owner


def _rows(number: int) -> Iterator[dict[str, Any]]:
    for row in some_rows(ROWS):
        reference = f"{number}-{row['owner_reference']}"
        yield {**row, "owner_reference": reference, "text": f"{row['text']} {number}"}


def _imported(
    by: Viewer, owner: Organisation, number: int, times: Times, kind: str
) -> None:
    day = date(2000, 1, 1) + timedelta(days=number)
    with acting_for(by), transaction.atomic():
        ret = returns.register(by=by, owner=owner, from_on=day, to_on=day, due_on=day)
        job, _ = imports.upload(
            by=by, ret=ret, name="x", content=csv_file(*_rows(number))
        )
    import_work.step(job.pk)
    began = time.perf_counter()
    while import_work.step(job.pk):
        pass
    times["check"].append(time.perf_counter() - began)
    with acting_for(by), transaction.atomic():
        job = ImportJob.objects.select_related("owner", "returned_in").get(pk=job.pk)
        imports.confirm(by=by, job=job, version=job.version)
    began = time.perf_counter()
    while import_work.step(job.pk):
        pass
    times[kind].append(time.perf_counter() - began)
    with acting_as(system("bench")), transaction.atomic():
        job.refresh_from_db()
        assert (job.state, job.accepted) == ("done", ROWS), job.state_reason


def _one_by_one(by: Viewer, owner: Organisation, number: int) -> None:
    for row in _rows(number):
        draft = ReportDraft(
            owner=owner,
            text=row["text"],
            received_on=date.fromisoformat(row["received_on"]),
            sharing=row["sharing"],
            source_grade=row["source_grade"],
            assessment_grade=row["assessment_grade"],
            handling=row["handling"],
            owner_reference=row["owner_reference"],
        )
        with acting_for(by), transaction.atomic():
            reports.submit(by=by, draft=draft, idempotency_key=row["owner_reference"])


def _fill(owner: Organisation) -> None:
    """Give the owner many reports, as the worker."""
    with acting_as(system("bench")), transaction.atomic():
        like = Report.objects.filter(owner=owner).values(
            "access_class_id",
            "received_on",
            "source_grade",
            "assessment_grade",
            "handling",
        )[0]
        Report.objects.bulk_create(
            (
                Report(
                    owner=owner, text=f"Earlier {n}", owner_reference=f"E-{n}", **like
                )
                for n in range(EARLIER)
            ),
            batch_size=1_000,
        )
