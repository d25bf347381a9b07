"""The daily email: whether I want one, and what became of mine.

Administrators see how many mails went, waited and failed, and no account's.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.gate import asker
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.date_fields import date_text
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import check_parameters
from scoring.actions import digests
from scoring.forms import DigestForm
from scoring.models import Delivery, DigestChoice
from scoring.models.watch import DeliveryState

MOST_DAYS: Final = 30
HEAD: Final = [
    {"text": "Day"},
    {"text": "What became of it"},
    {"text": "Tries", "numeric": True},
    {"text": "When"},
    {"text": "Why, and what is next"},
]
COUNTS_HEAD: Final = [
    {"text": "Day"},
    {"text": "Done", "numeric": True},
    {"text": "Waiting", "numeric": True},
    {"text": "Failed", "numeric": True},
    {"text": "Kinds of fault"},
]
_NEXT: Final = "The next daily email counts the same notices."
COLOURS: Final = {
    DeliveryState.QUEUED: "yellow",
    DeliveryState.SENT: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.NOTHING: "grey",
}


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """Ask whether the reader wants a daily email; show what became of theirs."""
    by = asker(request)
    if request.method == "POST":
        form = DigestForm(request.POST)
        if form.is_valid():
            digests.choose(by=by, hour=form.cleaned_data["hour"])
            messages.success(request, "Your choice is saved.")
            return redirect("scoring:digest")
        return _page(request, by, form)
    check_parameters(request.GET, ())
    chosen = DigestChoice.objects.filter(user_id=by.user_id).first()
    initial = {
        "wanted": "yes" if chosen else "no",
        "hour": chosen.hour if chosen else 7,
    }
    return _page(request, by, DigestForm(initial=initial))


def _page(request: HttpRequest, by: Viewer, form: DigestForm) -> HttpResponse:
    context: dict[str, Any] = {"sends_mail": settings.MAIL != "off"}
    if by.can_view:
        context |= {
            "form": form,
            "links": error_links(form) if form.is_bound else [],
            "head": HEAD,
            "rows": _own(by),
        }
    if by.has(Right.ADMINISTER_ACCOUNTS):
        context |= {"counts_head": COUNTS_HEAD, "counts": _counts()}
    return render(request, "scoring/digest.html", context)


def _own(by: Viewer) -> list[list[dict[str, Any]]]:
    rows = Delivery.objects.filter(user_id=by.user_id).order_by("-day")[:MOST_DAYS]
    return [
        [
            {"text": date_text(one.day), "nowrap": True},
            {
                "tag": {
                    "text": one.get_state_display(),
                    "colour": COLOURS[DeliveryState(one.state)],
                }
            },
            {"text": str(one.attempts), "numeric": True},
            {"time": one.settled_at} if one.settled_at else {"text": "–"},
            {"text": _why(one)},
        ]
        for one in rows
    ]


def _why(one: Delivery) -> str:
    """Return why an email did not go, and what comes of it; empty where it went."""
    if one.state != DeliveryState.FAILED:
        return ""
    if one.fault == digests.DAY_PASSED:
        return f"Its day passed before it could be sent. {_NEXT}"
    if one.attempts < digests.MOST_ATTEMPTS and one.day == timezone.localdate():
        return "It could not be sent. It is tried again within the day."
    return f"It could not be sent. {_NEXT}"


def _counts() -> list[list[dict[str, Any]]]:
    """Return the sums of each day; the database gives them to administrators alone."""
    with connection.cursor() as cursor:
        cursor.execute("select * from scoring_delivery_counts(%s)", [MOST_DAYS])
        found = cursor.fetchall()
    return [
        [
            {"text": date_text(day), "nowrap": True},
            *({"text": f"{number:,}", "numeric": True} for number in numbers),
            {"text": ", ".join(faults) or "None"},
        ]
        for day, *numbers, faults in found
    ]
