"""What moved in a scope between two days, and the figures of both side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from ocgmap.common.date_fields import date_text
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms import MovementForm, TwoDaysForm
from scoring.picture import Movement, PictureScope
from scoring.views import comparison, move_rows
from scoring.views.asking import reader
from scoring.views.figure_tables import counted, since_disposed
from scoring.views.hindsight import figures_url

PAGE_SIZE = 25


@require_safe
def movement(request: HttpRequest, scope: str) -> HttpResponse:
    """List the groups that moved, each with why and by which report."""
    by = reader(request)
    check_parameters(request.GET, {"since", "at", "kind", "cursor"})
    place = picture.parse_scope(scope)
    form = MovementForm(request.GET)
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "breadcrumbs": _crumbs(place, "Movement"),
        "made_at": timezone.now(),
    }
    if not form.is_valid():
        return render(request, "scoring/movement.html", context, status=400)
    asked = form.cleaned_data
    found = picture.movement(by, place, asked["since"], asked["at"])
    _audit(place, found)
    kind = asked["kind"]
    moves = found.of(kind)
    page = move_rows.page_of_moves(
        by, found, moves, size=PAGE_SIZE, cursor=request.GET.get("cursor", "")
    )
    context |= {
        "found": found,
        "period": period(found),
        "tiles": move_rows.tiles(place, found),
        "count": len(moves),
        "count_text": counted(len(moves), "group"),
        "disposed": since_disposed(found.disposed(kind)),
        "rows": page.rows,
        "next_url": _page_url(place, found, kind, page.next),
        "previous_url": _page_url(place, found, kind, page.previous),
        "compare_url": comparison.url(place, found),
    }
    return render(request, "scoring/movement.html", context)


@require_safe
def compare(request: HttpRequest, scope: str) -> HttpResponse:
    """Show the figures of two days side by side; each opens its list at its day."""
    by = reader(request)
    check_parameters(request.GET, {"since", "at"})
    place = picture.parse_scope(scope)
    form = TwoDaysForm(request.GET)
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "breadcrumbs": _crumbs(place, "Two days compared"),
        "made_at": timezone.now(),
    }
    if not form.is_valid():
        return render(request, "scoring/compare.html", context, status=400)
    at = form.cleaned_data["at"]
    found = picture.movement(by, place, form.cleaned_data["since"], at)
    _audit(place, found)
    context |= {
        "found": found,
        "period": period(found),
        **comparison.compared(by, place, found),
        "movement_url": move_rows.movement_url(place.key, found),
        "hindsight_url": figures_url(place, found.since),
    }
    return render(request, "scoring/compare.html", context)


def period(found: Movement) -> str:
    """Return the two moments in words."""
    until = "now" if found.until.is_now else f"the end of {date_text(found.until.day)}"
    return f"from the end of {date_text(found.since.day)} until {until}"


def _audit(place: PictureScope, found: Movement) -> None:
    audit.consulted(
        "scoring.Picture",
        [],
        scope=place.key,
        since=found.since.day.isoformat(),
        at="" if found.until.is_now else found.until.day.isoformat(),
    )


def _page_url(place: PictureScope, found: Movement, kind: str, cursor: str) -> str:
    return move_rows.movement_url(place.key, found, kind, cursor) if cursor else ""


def _crumbs(place: PictureScope, text: str) -> list[dict[str, str]]:
    url = reverse("scoring:dashboard", args=[place.key])
    return [{"text": place.name, "url": url}, {"text": text}]
