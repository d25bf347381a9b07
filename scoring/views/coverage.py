"""Which returns the figures rest on, and the caveat that they ask for."""

import datetime
from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Organisation
from scoring.picture import Coverage, Figures, PictureScope, ScopeKind
from scoring.picture.queries import COVERED_DAYS
from scoring.views.figure_tables import Cell, counted, head_of

MOST_NAMED = 8


def coverage(figures: Figures, place: PictureScope) -> Cell:
    """Return the returns that the figures rest on, and the caveat they ask for.

    For now each number opens the register. The register knows no former day: of a day
    gone by the numbers stand alone.
    """
    found: Coverage = figures.coverage
    came = ("received", "nil", "late")
    told: tuple[tuple[str, str, int, dict[str, Sequence[str]]], ...] = (
        ("due", "Due within a year", found.due, {}),
        ("received", "Received", found.received, {"standing": came}),
        ("late", "of these, late", found.late, {"standing": ("late",)}),
        ("nil", "of these, nil", found.nil, {"content": ("nil",)}),
        (
            "outstanding",
            "Outstanding",
            found.outstanding,
            {"standing": ("due", "overdue")},
        ),
    )
    address = _register(figures, place)
    rows = [
        [{"text": label}, _number(key, value, address, asked)]
        for key, label, value, asked in told
    ]
    return {
        "head": head_of("Returns", "Number"),
        "rows": rows,
        "caveat": _caveat(found),
    }


def _register(figures: Figures, place: PictureScope) -> str:
    """Return the address of the returns in question, '' for a day gone by."""
    if not (figures.is_now and figures.day):
        return ""
    first = figures.day - datetime.timedelta(days=COVERED_DAYS - 1)
    query = {"due_from": first.isoformat(), "due_to": figures.day.isoformat()}
    if place.kind is not ScopeKind.NATIONAL:
        is_region = place.kind is ScopeKind.REGION
        query["region" if is_region else "owner"] = place.code
    return f"{reverse('intelligence:returns')}?{urlencode(query)}"


def _number(
    key: str, value: int, address: str, asked: Mapping[str, Sequence[str]]
) -> Cell:
    cell: Cell = {"text": f"{value:,}", "numeric": True}
    if not address:
        return cell
    more = urlencode(asked, doseq=True)
    url = f"{address}&{more}" if more else address
    return {**cell, "url": url, "figure": f"returns.{key}"}


def _caveat(found: Coverage) -> str:
    if not found.due:
        return (
            "No return is registered as due, so nothing says whether these figures are "
            "complete."
        )
    if found.is_complete:
        return ""
    missing = Organisation.objects.filter(code__in=found.missing[:MOST_NAMED])
    named = ", ".join(missing.values_list("short_name", flat=True))
    more = len(found.missing) - MOST_NAMED
    others = f" and {more} more" if more > 0 else ""
    return (
        f"{counted(found.outstanding, 'return')} of {found.due} due "
        f"{'is' if found.outstanding == 1 else 'are'} outstanding: {named}{others}."
    )
