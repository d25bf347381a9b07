"""Tags that show times, dates, grades, markings and shades the same everywhere."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template.loader import render_to_string

from ocgmap.common.date_fields import PreciseDate
from ocgmap.common.records import Precision
from ocgmap.common.templatetags import govuk
from tests.markup import Markup


@pytest.mark.parametrize(
    ("instant", "text", "stamp"),
    [
        ((2026, 1, 5, 0, 5), "5 January 2026 at 12:05am", "2026-01-05T00:05:00+00:00"),
        ((2026, 7, 5, 11, 30), "5 July 2026 at 12:30pm", "2026-07-05T12:30:00+01:00"),
        ((2026, 6, 30, 23, 0), "1 July 2026 at 12:00am", "2026-07-01T00:00:00+01:00"),
    ],
    ids=["winter", "summer", "next-day"],
)
def test_time_is_shown_as_in_london(
    instant: tuple[int, int, int, int, int], text: str, stamp: str
) -> None:
    markup = Markup(govuk.local_time(datetime(*instant, tzinfo=UTC)))

    assert markup.text == text
    assert markup.all("time", datetime=stamp)


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        govuk.local_time(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault shown here


@pytest.mark.parametrize(
    ("first", "last", "precision", "text"),
    [
        ("2025-03-07", "2025-03-07", Precision.DAY, "7 March 2025"),
        ("2025-03-01", "2025-03-31", Precision.MONTH, "March 2025"),
        ("2025-01-01", "2025-12-31", Precision.YEAR, "2025"),
        ("1980-01-01", "1985-12-31", Precision.CIRCA, "About 1980 to 1985"),
        (
            "2025-03-01",
            "2025-03-09",
            Precision.CIRCA,
            "About 1 March 2025 to 9 March 2025",
        ),
    ],
)
def test_precise_date_is_shown_no_more_exact_than_it_is(
    first: str, last: str, precision: Precision, text: str
) -> None:
    span = PreciseDate(date.fromisoformat(first), date.fromisoformat(last), precision)

    assert govuk.uk_date(span) == text


def test_date_without_a_value_is_said_or_left_out() -> None:
    assert govuk.uk_date(PreciseDate(None, None, Precision.UNKNOWN)) == "Not known"
    assert govuk.uk_date(None) == govuk.local_time(None) == ""


def test_grade_is_three_codes_for_eye_and_ear() -> None:
    markup = Markup(govuk.grade(2, "B", "P"))

    assert markup.text == "2BPsource 2, assessment B, handling P"
    assert markup.all("span", aria_hidden="true")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "OFFICIAL"), (2, "OFFICIAL-SENSITIVE"), (None, "OFFICIAL-SENSITIVE")],
)
def test_unknown_marking_is_shown_as_the_strictest(value: object, text: str) -> None:
    assert govuk.marking(value) == text


def test_tag_escapes_its_text_and_knows_its_colours() -> None:
    assert "govuk-tag--green" in govuk.govuk_tag("Mapped", "green")
    assert (
        govuk.govuk_tag("<b>", "x y") == '<strong class="govuk-tag">&lt;b&gt;</strong>'
    )


def test_heat_is_by_rank_with_none_for_nought_and_darkest_for_the_most() -> None:
    rows = [{"label": "Durham", "cells": [{"value": n} for n in (0, 1, 2, 2, 900)]}]
    shown = govuk.heat_table("Groups", ["a", "b", "c", "d", "e"], rows)
    levels = [cell["level"] for cell in shown["rows"][0]["cells"]]

    assert levels == [0, 2, 4, 4, 5]
    assert [shade["text"] for shade in shown["key"]] == ["0", "1", "2", "900"]


def test_heat_of_nothing_is_pale() -> None:
    rows = [{"label": "Durham", "cells": [{"value": 0}]}]

    assert govuk.heat_table("Groups", ["a"], rows)["rows"][0]["cells"][0]["level"] == 0


@pytest.mark.parametrize(
    "cell",
    [
        {"text": "5 < 6"},
        {"text": ""},
        {"text": "Larkspur", "url": "/groups/1/?a=1&b=2"},
        {"text": "Overdue", "flag": {"text": "!", "colour": "red"}},
        {"text": "12", "url": "/x/", "figure": "groups"},
        {"lines": ["one", "two"]},
        {"tag": {"text": "Draft", "colour": "grey"}},
    ],
    ids=str,
)
def test_cell_shows_what_its_template_shows(cell: dict[str, Any]) -> None:
    template = render_to_string("_components/_cell_content.html", {"cell": cell})
    assert squeezed(govuk.cell_content(cell)) == squeezed(template)


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html).replace("> ", ">").replace(" <", "<").strip()


def test_no_cell_is_empty() -> None:
    assert govuk.cell_content(None) == ""


def test_options_are_those_of_django() -> None:
    choices = [
        ("", "None"),
        ("a&b", "<b>"),
        ("Group", [("1", "One"), ("2", "Two")]),
    ]
    widget = forms.Select(choices=choices)
    ours = widget.render("name", "2", renderer=get_default_renderer())
    theirs = widget.render("name", "2", renderer=DjangoTemplates())
    assert Markup(ours).tags == Markup(theirs).tags
    assert "".join(Markup(ours).text.split()) == "".join(Markup(theirs).text.split())
