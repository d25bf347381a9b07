"""Which returns the figures rest on, and the caveat that they ask for."""

import datetime
from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Organisation
from scoring.picture import Coverage, Figures, PictureScope, ScopeKind
from scoring.picture.queries import COVERED_DAYS
from scoring.views.figure_tables import Cell, counted, head_of

MOST_NAMED = 8


def coverage(figures: Figures, place: PictureScope) -> Cell:
    """Return the returns that the figures rest on, and the caveat they ask for.

    For now each number opens the register. The register knows no former day, and no
    list of bodies without a region: there the numbers stand alone.
    """
    found: Coverage = figures.coverage
    told = (
        ("Due within a year", found.due, ("due", "overdue", "received", "nil", "late")),
        ("Received", found.received, ("received", "nil", "late")),
        ("of these, late", found.late, ("late",)),
        ("of these, nil", found.nil, ()),
        ("Outstanding", found.outstanding, ("due", "overdue")),
    )
    rows = [
        [{"text": label}, _register(figures, place, value, standings)]
        for label, value, standings in told
    ]
    return {
        "head": head_of("Returns", "Number"),
        "rows": rows,
        "caveat": _caveat(found),
    }


def _register(
    figures: Figures, place: PictureScope, value: int, standings: Sequence[str]
) -> Cell:
    cell: Cell = {"text": f"{value:,}", "numeric": True}
    is_listed = place.kind is ScopeKind.NATIONAL or place.organisation is not None
    if not (value and standings and is_listed and figures.is_now and figures.day):
        return cell
    first = figures.day - datetime.timedelta(days=COVERED_DAYS - 1)
    query: list[tuple[str, str]] = [
        *(("standing", standing) for standing in standings),
        ("due_from", first.isoformat()),
        ("due_to", figures.day.isoformat()),
    ]
    if place.organisation is not None:
        is_region = place.kind is ScopeKind.REGION
        query.append(("region" if is_region else "owner", place.code))
    return {**cell, "url": f"{reverse('intelligence:returns')}?{urlencode(query)}"}


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
