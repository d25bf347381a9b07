"""What another version of the scheme would make of the groups that the reader sees."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count as RowCount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import audit
from accounts.actions import sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.visibility import Viewer
from ocgmap.common.errors import AppError, NotFound, PermissionDenied
from ocgmap.common.keyset import Order, page_and_sums
from ocgmap.common.parameters import InvalidParameter, check_parameters
from ocgmap.common.queues import hint
from scoring.actions import what_ifs
from scoring.forms.what_if import ResultForm, WhatIfForm
from scoring.models import WhatIf
from scoring.permissions import check_can_compare
from scoring.picture.what_if import ResultFilters, biggest, outcome, results
from scoring.views import what_if_rows
from scoring.views.asking import reader

PAGE_SIZE: Final = 50
MOST_MOVERS: Final = 20
NEWEST: Final = Order("id", descending=True)


def comparer(request: HttpRequest) -> Viewer:
    """Return who asks.

    Raises:
        RightMissing: their role compares no versions.
    """
    by = reader(request)
    check_can_compare(by)
    return by


def own(by: Viewer, public_id: uuid.UUID) -> WhatIf:
    """Return a comparison of the reader's own.

    Raises:
        NotFound: it is absent or another's; the answer is the same.
    """
    rows = WhatIf.objects.visible_to(by).select_related("before", "after")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def what_ifs_page(request: HttpRequest) -> HttpResponse:
    """Show the reader's comparisons, and let the worker make another."""
    by = comparer(request)
    check_parameters(request.GET, ())
    form = WhatIfForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (address := _started(request, by, form)):
        hint(what_ifs.TASK)
        return redirect(address)
    rows = WhatIf.objects.visible_to(by).select_related("before", "after")
    shown = list(rows.order_by("-id"))
    if shown:
        audit.consulted("scoring.WhatIf", [one.pk for one in shown])
    context = {
        "form": form,
        "ticket": new_ticket(by),
        "has_two": form.fields["after"].queryset.count() > 1,  # type: ignore[attr-defined]
        "head": what_if_rows.HEAD,
        "rows": [what_if_rows.job_row(one) for one in shown],
    }
    return render(request, "scoring/what_ifs.html", context)


def _started(request: HttpRequest, by: Viewer, form: WhatIfForm) -> str:
    """Return where the form leads, once for each; what is wrong stands in the form."""
    sending = sending_of(request, by)
    try:
        if former := sent_forms.led_to(by=by, sending=sending):
            return former
        made = what_ifs.start(by=by, **form.cleaned_data)
        address = reverse("scoring:what_if", args=[made.public_id])
        sent_forms.note(by=by, sending=sending, address=address)
    except PermissionDenied:
        raise
    except AppError as error:
        form.add_app_error(error)
        return ""
    return address


@require_safe
def what_if(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how far a comparison is, or what came of it."""
    by = comparer(request)
    check_parameters(request.GET, ())
    return render(request, "scoring/what_if.html", _context(by, own(by, public_id)))


@require_safe
def fragment(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the changing part alone, for a page that asks while the worker is at it."""
    by = comparer(request)
    return render(request, "scoring/_what_if.html", _context(by, own(by, public_id)))


def _context(by: Viewer, asked: WhatIf) -> dict[str, Any]:
    """Return what the page of one comparison takes; no count while it is under way."""
    context: dict[str, Any] = {
        "asked": asked,
        "titles": what_if_rows.titles(asked),
        "poll_url": reverse("scoring:what_if_state", args=[asked.public_id])
        if asked.is_running
        else "",
    }
    if asked.is_running:
        return context
    found = outcome(by, asked)
    movers = list(biggest(by, asked, MOST_MOVERS))
    audit.consulted("scoring.WhatIf", [asked.pk])
    audit.consulted("groups.CrimeGroup", [one.group_id for one in movers])
    return context | what_if_rows.content(asked, found, movers)


@require_safe
def groups(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the groups that a number of a comparison counts, a page at a time."""
    by = comparer(request)
    check_parameters(request.GET, {*ResultForm.base_fields, "cursor"})
    asked = own(by, public_id)
    form = ResultForm(request.GET)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidParameter(f"{name}: {errors[0]}", field=name)
    rows = results(by, asked, ResultFilters(**form.cleaned_data))
    page, sums = page_and_sums(
        rows,
        NEWEST,
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
        count=RowCount("pk"),
    )
    whole = rows.select_related("group", "owner", "threat")
    by_id = whole.in_bulk([row.pk for row in page.rows])
    shown = [by_id[row.pk] for row in page.rows]
    audit.consulted("scoring.WhatIf", [asked.pk])
    audit.consulted("groups.CrimeGroup", [one.group_id for one in shown])
    context = {
        "asked": asked,
        "form": form,
        "titles": what_if_rows.titles(asked),
        "count": sums["count"],
        "head": what_if_rows.RESULT_HEAD,
        "rows": [what_if_rows.result_row(one) for one in shown],
        "next_url": _url(request, page.next),
        "previous_url": _url(request, page.previous),
    }
    return render(request, "scoring/what_if_groups.html", context)


def _url(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"


@require_POST
def carry_on(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a stopped comparison go on."""
    by = comparer(request)
    asked = own(by, public_id)
    try:
        what_ifs.carry_on(by=by, asked=asked)
    except PermissionDenied:
        raise
    except AppError as error:
        messages.error(request, error.message)
    else:
        hint(what_ifs.TASK)
    return redirect("scoring:what_if", asked.public_id)


@require_POST
def remove(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove a comparison with its results."""
    by = comparer(request)
    what_ifs.remove(by=by, asked=own(by, public_id))
    messages.success(request, "The comparison is removed.")
    return redirect("scoring:what_ifs")
