"""Send a return's file, and say what to do once it is checked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import audit
from accounts.gate import asker
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from intelligence.actions import imports, returns
from intelligence.actions.import_work import TASK
from intelligence.forms.imports import ImportForm
from intelligence.forms.states import VersionForm
from intelligence.models import ImportJob
from intelligence.models.return_register import Channel
from intelligence.permissions import check_can_import
from intelligence.views.import_cells import JOB_HEAD, job_row
from intelligence.views.reading import found_or_404
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError, PermissionDenied
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.queues import hint

PAGE_SIZE = 25
NEWEST_FIRST = Order("id", descending=True)


def importer(request: HttpRequest) -> Viewer:
    """Return who asks.

    Raises:
        RightMissing: their role imports nothing.
    """
    by = asker(request)
    check_has(by, Right.CONTRIBUTE)
    check_has(by, Right.GRADE)
    return by


def job_or_404(by: Viewer, public_id: object) -> ImportJob:
    """Return a job that ``by`` may see and work on.

    Raises:
        NotFound: it is absent or hidden; the answer is the same.
        PermissionDenied: ``by`` may not import for its owner.
    """
    rows = ImportJob.objects.visible_to(by).select_related(
        "owner", "returned_in", "runs_as"
    )
    job: ImportJob = found_or_404(rows, public_id)
    check_can_import(by, job.owner)
    return job


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the imports of the reader's organisation, the newest first."""
    by = importer(request)
    check_parameters(request.GET, {"cursor"})
    rows = ImportJob.objects.visible_to(by).select_related(
        "owner", "returned_in", "runs_as"
    )
    cursor = request.GET.get("cursor", "")
    page = page_of(rows, NEWEST_FIRST, size=PAGE_SIZE, cursor=cursor)
    audit.consulted("intelligence.ImportJob", [job.pk for job in page.rows])
    context = {
        "head": JOB_HEAD,
        "rows": [job_row(job) for job in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep the file that was sent for the worker to check."""
    by = importer(request)
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        by=by,
        too_large=getattr(request, "upload_too_large", 0),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                job, is_new = _uploaded(form, by)
        except AppError as error:
            if isinstance(error, PermissionDenied):
                raise
            form.add_app_error(error)
        else:
            hint(TASK)
            if not is_new:
                messages.warning(request, _sent_before(job))
            return redirect("intelligence:import", job.public_id)
    return render(request, "intelligence/import_form.html", {"form": form})


def _uploaded(form: ImportForm, by: Viewer) -> tuple[ImportJob, bool]:
    """Return the job of the file; a new period is entered only for a new file."""
    name, content = form.sent()
    former = imports.sent_before(by=by, owner=form.owner, content=content)
    if former is not None:
        return former, False
    ret = form.chosen or returns.register(
        by=by, owner=form.owner, channel=Channel.IMPORT, **form.period
    )
    return imports.upload(by=by, ret=ret, name=name, content=content)


def _sent_before(job: ImportJob) -> str:
    when = date_text(timezone.localdate(job.created_at))
    return (
        f"This file was sent before, on {when}, as “{job.name}”. Nothing was imported "
        "a second time. This is what became of it."
    )


@require_POST
def confirm(request: HttpRequest, public_id: object) -> HttpResponse:
    """Let the worker import what was checked."""
    leave_out = request.POST.get("leave_refused_out") == "yes"

    def step(**given: Any) -> None:
        imports.confirm(leave_refused_out=leave_out, **given)

    return _stepped(request, public_id, step, "The import has begun.")


@require_POST
def carry_on(request: HttpRequest, public_id: object) -> HttpResponse:
    """Let a stopped import go on."""
    return _stepped(request, public_id, imports.carry_on, "The import goes on.")


@require_POST
def discard(request: HttpRequest, public_id: object) -> HttpResponse:
    """End a job of which nothing was imported."""
    text = "The file is discarded. Nothing of it was imported."
    return _stepped(request, public_id, imports.discard, text)


def _stepped(
    request: HttpRequest, public_id: object, step: Callable[..., Any], text: str
) -> HttpResponse:
    """Take a step on the job as it was seen, and show what became of it."""
    by = importer(request)
    job = job_or_404(by, public_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Open the import again, and use the button there.")
        return redirect("intelligence:import", job.public_id)
    try:
        step(by=by, job=job, version=form.cleaned_data["version"])
    except AppError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, text)
        hint(TASK)
    return redirect("intelligence:import", job.public_id)
