"""One import: how far it is, what is wrong with its rows, and files to take away."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from intelligence.models import Attribute, ImportJob, ImportOutcome
from intelligence.models.imports import ImportState, ImportStep
from intelligence.return_files import (
    Problem,
    Row,
    problems_csv,
    refused_csv,
    template_csv,
    template_xlsx,
)
from intelligence.return_files.problems import row_from
from intelligence.views.import_cells import PROBLEM_HEAD, problem_row, summary_of
from intelligence.views.importing import importer, job_or_404
from ocgmap.common.parameters import InvalidParameter, check_parameters

PROBLEMS_PAGE = 50
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def page(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show one import with what can be done now."""
    by = importer(request)
    check_parameters(request.GET, {"page"})
    job = job_or_404(by, public_id)
    audit.consulted("intelligence.ImportJob", [job.pk])
    context = _context(job, by, _asked(request))
    return render(request, "intelligence/import_page.html", context)


@require_safe
def fragment(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the changing part alone, for a page that asks while the worker is at it."""
    by = importer(request)
    job = job_or_404(by, public_id)
    if not job.is_active:  # until then it shows figures alone
        audit.consulted("intelligence.ImportJob", [job.pk])
    return render(request, "intelligence/_import.html", _context(job, by, 1))


def _asked(request: HttpRequest) -> int:
    """Return which page of the problems is asked for.

    Raises:
        InvalidParameter: it is no number of a page.
    """
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:7]) <= 999_999):
        raise InvalidParameter(
            "page: This is no page. Give a number from 1.", field="page"
        )
    return int(given[:7])


def _context(job: ImportJob, by: Viewer, number: int) -> dict[str, Any]:
    """Return what the template of one import takes."""
    here = reverse("intelligence:import", args=[job.public_id])
    # While it is under way the problems would only move under the reader's eyes.
    problems = [] if job.is_active else _problems(job, by, number)
    is_more = len(problems) > PROBLEMS_PAGE
    return {
        "job": job,
        "summary": summary_of(job),
        "problem_head": PROBLEM_HEAD,
        "problems": [problem_row(one) for one in problems[:PROBLEMS_PAGE]],
        "next_url": f"{here}?page={number + 1}" if is_more else "",
        "previous_url": f"{here}?page={number - 1}" if number > 1 else "",
        "poll_url": f"{here}state/" if job.is_active else "",
        "is_checked": job.state == ImportState.CHECKED,
        "is_stopped": job.state == ImportState.STOPPED,
        "is_refused": job.state == ImportState.REFUSED,
        "may_discard": job.state in _DISCARDABLE
        and not (job.is_writing and job.position),
    }


_DISCARDABLE = (ImportState.CHECKED, ImportState.STOPPED, ImportState.REFUSED)


def _outcomes(job: ImportJob, by: Viewer) -> Any:
    """Return the outcomes of the step at which the job is, in the order of rows."""
    step = ImportStep.WRITE if job.is_writing else ImportStep.CHECK
    rows = ImportOutcome.objects.visible_to(by).filter(job=job, step=step)
    return rows.order_by("number")


def _problems(job: ImportJob, by: Viewer, number: int) -> list[Problem]:
    """Return the problems of one page, and one more where another page follows."""
    rows = _outcomes(job, by)
    skip, found = (number - 1) * PROBLEMS_PAGE, list[Problem]()
    for pk, count in rows.values_list("pk", "problem_count"):
        if skip >= count:
            skip -= count
            continue
        held = rows.filter(pk=pk).values_list("problems", flat=True).get()
        found += [Problem(*one) for one in held[skip:]]
        skip = 0
        if len(found) > PROBLEMS_PAGE:
            break
    return found[: PROBLEMS_PAGE + 1]


@require_safe
def problems_file(request: HttpRequest, public_id: object) -> HttpResponse:
    """Hand out all problems as a file."""
    return _file(request, public_id, "problems", _problems_content)


@require_safe
def refused_file(request: HttpRequest, public_id: object) -> HttpResponse:
    """Hand back the refused rows, to be corrected and sent again."""
    return _file(request, public_id, "refused", _refused_content)


def _problems_content(outcomes: Iterator[ImportOutcome]) -> bytes:
    return problems_csv(
        Problem(*one) for outcome in outcomes for one in outcome.problems
    )


def _refused_content(outcomes: Iterator[ImportOutcome]) -> bytes:
    return refused_csv(pair for outcome in outcomes for pair in _refused(outcome))


def _refused(outcome: ImportOutcome) -> Iterator[tuple[Row, str]]:
    said: dict[int, list[str]] = {}
    for one in (Problem(*stored) for stored in outcome.problems):
        place = f"{one.column}: " if one.column else ""
        said.setdefault(one.row, []).append(f"{place}{one.rule} {one.cure}")
    for stored in outcome.refused_rows:
        row = row_from(stored)
        yield row, " ".join(said.get(row.number, []))


def _file(
    request: HttpRequest,
    public_id: object,
    name: str,
    content: Callable[[Iterator[ImportOutcome]], bytes],
) -> HttpResponse:
    by = importer(request)
    job = job_or_404(by, public_id)
    audit.record(
        AuditKind.DISCLOSURE,
        "intelligence.ImportJob",
        [job.pk],
        detail={"file": name, "refused": job.refused},
    )
    body = content(_outcomes(job, by).iterator(chunk_size=20))
    return _download(body, CSV, f"import-{name}.csv")


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out the template as CSV or as a workbook with notes."""
    importer(request)
    if kind == "csv":
        return _download(template_csv(), CSV, "return-template.csv")
    attributes = dict(Attribute.objects.values_list("key", "meaning"))
    return _download(template_xlsx(attributes), XLSX, "return-template.xlsx")


def _download(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
