"""The register of returns: what is due, what came in, nil and late."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import audit
from accounts.actions import sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.gate import asker
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.views.lists import listed
from intelligence.actions import returns
from intelligence.filters import ReturnFilterSet
from intelligence.forms.states import PeriodForm
from intelligence.models import Return
from intelligence.permissions import check_can_receive
from intelligence.views import cells
from intelligence.views.reading import found_or_404
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.keyset import Order

LATEST_FIRST = Order("due_on", descending=True)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the visible returns that the address asks for, the latest due first."""
    by = asker(request)
    check_has(by, Right.VIEW)
    rows = Return.objects.visible_to(by).select_related("owner")
    shown = listed(request, ReturnFilterSet, rows, LATEST_FIRST)
    audit.consulted("intelligence.Return", [row.pk for row in shown.page.rows])
    overdue = rows.overdue_on(timezone.localdate()).count()
    context = {
        "shown": shown,
        "form": shown.form,
        "count": shown.rows.count(),
        "returns": [_row(row, by) for row in shown.page.rows],
        "overdue": overdue,
        "overdue_text": f"{overdue} of those that you may see.",
        "overdue_url": f"{request.path}?standing=overdue",
        "may_register": can(check_has, by, Right.CONTRIBUTE),
    }
    return render(
        request, "intelligence/return_list.html", context, status=shown.status
    )


def _row(entry: Return, by: Viewer) -> dict[str, Any]:
    """Return one entry of the register as its template shows it."""
    is_open = entry.received_at is None and can(check_can_receive, by, entry)
    standing = entry.standing_on(timezone.localdate())
    return {
        "owner": entry.owner.short_name,
        "from": date_text(entry.from_on),
        "to": date_text(entry.to_on),
        "due": date_text(entry.due_on),
        "standing": cells.standing_tag(standing),
        "is_nil": entry.is_nil,
        "received": _day_of(entry.received_at),
        "channel": entry.get_channel_display() if entry.received_at else "",
        "counts": ", ".join(
            _counted(count, name.replace("_", " "))
            for name, count in entry.counts.items()
        ),
        "receive_url": _url("receive", entry) if is_open else "",
        "nil_url": _url("receive_nil", entry) if is_open else "",
    }


def _day_of(moment: datetime.datetime | None) -> str:
    """Return the day of a moment here; empty for None."""
    return date_text(timezone.localdate(moment)) if moment else ""


def _counted(count: int, names: str) -> str:
    """Return so many of what a return counts, by the plural that it is kept under."""
    return f"{count} {names.removesuffix('s') if count == 1 else names}"


def _url(name: str, entry: Return) -> str:
    return reverse(f"intelligence:{name}", args=[entry.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a period for which an organisation owes a return."""
    by = asker(request)
    check_has(by, Right.CONTRIBUTE)
    form = PeriodForm(request.POST or None, by=by)
    if form.is_valid():
        given = dict(form.cleaned_data)
        sending = sending_of(request, by)
        address = reverse("intelligence:returns")
        try:
            if not sent_forms.led_to(by=by, sending=sending):
                returns.register(by=by, owner=form.owners[given.pop("owner")], **given)
                sent_forms.note(by=by, sending=sending, address=address)
        except AppError as error:
            form.add_app_error(error)
        else:
            messages.success(request, "The return is in the register.")
            return redirect(address)
    context = {"form": form, "ticket": new_ticket(by)}
    return render(request, "intelligence/return_form.html", context)


@require_POST
def receive(
    request: HttpRequest, public_id: object, *, is_nil: bool = False
) -> HttpResponse:
    """Mark a return as received, with how many reports came in it, or as nil."""
    by = asker(request)
    check_has(by, Right.CONTRIBUTE)
    rows = Return.objects.visible_to(by).select_related("owner")
    entry: Return = found_or_404(rows, public_id)
    count = returns.report_count(entry, by=by)
    try:
        returns.receive(
            by=by,
            ret=entry,
            is_nil=is_nil,
            counts={"reports": count} if count else {},
        )
    except AppError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message)
    else:
        messages.success(
            request, "The return is nil." if is_nil else "The return is received."
        )
    return redirect("intelligence:returns")
