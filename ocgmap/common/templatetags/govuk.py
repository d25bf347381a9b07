"""Template tags for what every page shows the same way.

Load with ``{% load govuk %}``.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ocgmap.common.date_fields import PreciseDate, date_text
from ocgmap.common.forms import error_links
from ocgmap.common.records import Precision

register = template.Library()

LONDON = ZoneInfo("Europe/London")
TAG_COLOURS = frozenset(
    {"grey", "green", "teal", "purple", "magenta", "red", "orange", "yellow"}
)
MARKINGS = {1: "OFFICIAL", 2: "OFFICIAL-SENSITIVE"}
STRICTEST = "OFFICIAL-SENSITIVE"
HEAT_LEVELS = 5


@register.inclusion_tag("_components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Show every error of the given forms and formsets, each a link to its field."""
    return {"links": error_links(*forms)}


@register.simple_tag
def govuk_tag(text: str, colour: str = "") -> SafeString:
    """Show a status as a GOV.UK tag; an unknown colour is shown in the default one."""
    if colour in TAG_COLOURS:
        return format_html(
            '<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text
        )
    return format_html('<strong class="govuk-tag">{}</strong>', text)


@register.simple_tag
def cell_content(cell: Mapping[str, Any] | None) -> SafeString | str:
    """Show what stands in a cell: `_components/_cell_content.html` says what that may be.

    A text or a link, which most are, without opening that template: a page has hundreds.
    """
    if not cell:
        return ""
    text = cell.get("text", "")
    if isinstance(text, str) and not any(map(cell.get, _BEYOND_TEXT)):
        if url := cell.get("url"):
            return format_html('<a class="govuk-link" href="{}">{}</a>', url, text)
        return conditional_escape(text)
    return render_to_string("_components/_cell_content.html", {"cell": cell})


_BEYOND_TEXT = frozenset(
    {
        *("tag", "band", "bar", "time", "lines", "links", "checkbox", "pieces"),
        *("flag", "figure", "hidden"),
    }
)


@register.simple_tag
def select_options(optgroups: Iterable[tuple[str, list[Any], int]]) -> SafeString:
    """Show the options of a select as Django's own template would: there may be hundreds."""
    parts = []
    for group, options, _ in optgroups:
        shown = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((str(o["value"]), flatatt(o["attrs"]), o["label"]) for o in options),
        )
        parts.append(
            format_html('<optgroup label="{}">{}</optgroup>', group, shown)
            if group
            else shown
        )
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped above


@register.filter
def local_time(value: datetime | None) -> SafeString | str:
    """Show a UTC instant as Europe/London time, as GOV.UK writes it.

    Empty for None. Refuses a time without a zone, which could mean either.
    """
    if value is None:
        return ""
    if value.tzinfo is None:
        raise ValueError("local_time needs a time with a zone")
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    text = f"{date_text(local)} at {hour}:{local:%M}{half}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.filter
def uk_date(value: date | PreciseDate | None) -> str:
    """Show a date, exact or not, as GOV.UK writes it; empty for None."""
    if value is None:
        return ""
    if not isinstance(value, PreciseDate):
        return date_text(value)
    if value.first is None or value.last is None:
        return "Not known"
    text = _span_text(value.first, value.last)
    return f"About {text}" if value.precision == Precision.CIRCA else text


@register.simple_tag
def grade(source: Any, assessment: Any, handling: Any, meaning: str = "") -> SafeString:
    """Show a 3x5x2 grading as three codes that stay apart.

    They are ordinal codes, never added up. ``meaning`` adds the definitions for
    those who do not know the codes by heart.
    """
    return format_html(
        '<span class="app-grade"><span aria-hidden="true">{0}{1}{2}</span>'
        '<span class="govuk-visually-hidden">source {0}, assessment {1}, handling {2}'
        "</span></span>{3}",
        source,
        assessment,
        handling,
        f" {meaning}" if meaning else "",
    )


@register.filter
def marking(value: Any) -> str:
    """Show a marking's name; anything not known is shown as the strictest."""
    return MARKINGS.get(value, STRICTEST)


@register.filter
def drawn_svg(svg: str) -> SafeString:
    """Put a drawing of our own making (a QR code) into the page itself.

    The content security policy lets no image come from a data URI. Never for a
    drawing that holds what a person typed.
    """
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - paths only


@register.inclusion_tag("_components/heat_table.html")
def heat_table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    corner: str = "",
) -> dict[str, Any]:
    """Show counts by row and column, shaded by fifths of the values that occur.

    Each row has ``label``, perhaps ``url``, and ``cells`` with ``value`` and perhaps
    ``url``, ``figure`` (the key a test finds the number by) and ``is_total``: totals
    are not shaded, since they would outshine every count.
    """
    values = [
        cell["value"]
        for row in rows
        for cell in row["cells"]
        if not cell.get("is_total")
    ]
    shade = fifths(values)
    return {
        "caption": caption,
        "corner": corner,
        "columns": columns,
        "rows": [
            {
                **row,
                "cells": [
                    {
                        **cell,
                        "level": 0 if cell.get("is_total") else shade[cell["value"]],
                    }
                    for cell in row["cells"]
                ],
            }
            for row in rows
        ],
        "key": heat_key(shade),
    }


def fifths(values: Sequence[int]) -> dict[int, int]:
    """Return the shade of each value: 0 for none, then 1 to 5 by rank.

    Equal values get equal shades; a few distinct values spread over the scale, so
    that the highest is always the darkest.
    """
    distinct = sorted({value for value in values if value})
    count = len(distinct)
    shades = {
        value: -(-(rank * HEAT_LEVELS) // count)
        for rank, value in enumerate(distinct, start=1)
    }
    return {0: 0, **shades}


def heat_key(shade: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return what each shade that occurs stands for, lightest first."""
    key: list[dict[str, Any]] = []
    for level in sorted(set(shade.values())):
        inside = [value for value, found in shade.items() if found == level]
        low, high = min(inside), max(inside)
        text = str(low) if low == high else f"{low} to {high}"
        key.append({"level": level, "text": text})
    return key


def _span_text(first: date, last: date) -> str:
    """Return the day, the month or the year that two days enclose, else both."""
    if first == last:
        return date_text(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        same_year = first.year == last.year
        return str(first.year) if same_year else f"{first.year} to {last.year}"
    end = calendar.monthrange(first.year, first.month)[1]
    if first.day == 1 and last == first.replace(day=end):
        return f"{first:%B %Y}"
    return f"{date_text(first)} to {date_text(last)}"
