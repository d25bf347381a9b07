"""Every component with sample contexts: escaped, well linked, nothing inline."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string

from groups.network.budget import within
from groups.network.chart import Link, LinkKind, Node, NodeKind, chart_of
from groups.views.network_drawing import drawing
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.forms import ErrorLink, GovukForm
from ocgmap.common.templatetags.charts import tile_map, trend_line
from ocgmap.common.templatetags.govuk import heat_table
from tests.markup import Markup

EVIL = "<img src=x onerror=alert(1)>\"'&"
WHEN = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
LINK = {"text": EVIL, "url": "/a/?b=1&c=2"}
BAND = {"text": EVIL, "level": 4, "note": EVIL}
CELLS: list[dict[str, Any]] = [
    {"text": EVIL},
    {**LINK, "figure": "groups", "hidden": EVIL},
    {"tag": {"text": EVIL, "colour": "green"}},
    {"band": BAND},
    {"bar": {"value": 3, "maximum": 9, "url": "/", "figure": "x"}},
    {"time": WHEN},
    {"lines": [EVIL, EVIL]},
]
ROWS = [{"key": EVIL, "value": cell, "actions": [LINK, LINK]} for cell in CELLS]


class Question(GovukForm):
    name = forms.CharField(label=EVIL, help_text=EVIL)


def questions() -> Any:
    return forms.formset_factory(Question, extra=2)(prefix="row")


# The components and what to show them with; several contexts where they branch.
_ENDS = [
    Node("a", NodeKind.GROUP, EVIL, EVIL),
    Node("b", NodeKind.PERSON, EVIL, EVIL, "Victim or exploited"),
    Node("c", NodeKind.IDENTIFIER, EVIL, EVIL, count=3),
]
NETWORK = drawing(
    within(
        chart_of(
            _ENDS[0],
            _ENDS,
            [
                Link("ab", LinkKind.INVOLVED, "a", "b", EVIL, EVIL, EVIL),
                Link("bc", LinkKind.USES, "b", "c", EVIL, is_directed=True),
            ],
        )
    ),
    lambda node: "/",
)
GALLERY: dict[str, list[dict[str, Any]]] = {
    "alert": [
        {"text": EVIL, "kind": kind, "title": title, "url": "/", "link_text": EVIL}
        for kind in ("information", "success", "warning", "error")
        for title in ("", EVIL)
    ],
    "band": [{**BAND, "level": level} for level in range(6)],
    "bar_cell": [
        {"value": 3, "maximum": 9, "url": "/"},
        {"value": 0, "maximum": 0},
    ],
    "breadcrumbs": [{"items": [LINK, {"text": EVIL}]}],
    "check_answers": [
        {
            "sections": [{"title": EVIL, "rows": ROWS}],
            "action": "/",
            "button": EVIL,
            "declaration": EVIL,
            "csrf_token": "t0ken",
        }
    ],
    "details": [{"summary": EVIL, "lines": [EVIL]}, {"summary": EVIL, "text": EVIL}],
    "empty_state": [{"title": EVIL, "text": EVIL, "url": "/", "link_text": EVIL}],
    "error_summary": [{"links": [ErrorLink(EVIL), ErrorLink(EVIL, "id_name")]}],
    "filter_panel": [
        {"form": Question(), "action": "/", "chosen": [LINK], "clear_url": "/"}
    ],
    "formset": [{"formset": questions(), "legend": EVIL, "add_text": EVIL}],
    "freshness": [{"text": EVIL, "time": WHEN, "note": EVIL}],
    "header": [{}, {"signed_in_as": {"name": EVIL, "organisation": EVIL}}],
    "heat_table": [
        heat_table(
            EVIL,
            [EVIL, EVIL],
            [{"label": EVIL, "url": "/", "cells": [{"value": 0}, {"value": 2}]}],
        )
    ],
    "identity_bar": [
        {"name": EVIL, "reference": EVIL},
        {
            "caption": EVIL,
            "name": EVIL,
            "reference": EVIL,
            "band": BAND,
            "tier": EVIL,
            "lead_officer": EVIL,
            "marking": 2,
            "tags": [{"text": EVIL}],
        },
    ],
    "inset": [{"text": EVIL}],
    "interruption": [
        {
            "heading": EVIL,
            "paragraphs": [EVIL],
            "go_url": "/",
            "go_text": EVIL,
            "back_url": "/",
        }
    ],
    "notification_badge": [{"count": 3}, {"count": 120, "most": 99}],
    "notification_banner": [
        {
            "messages": [
                Message(constants.SUCCESS, EVIL),
                Message(constants.ERROR, EVIL),
            ]
        }
    ],
    "pagination": [{"previous_url": "/", "next_url": "/", "what": EVIL}],
    "printed": [{"name": EVIL, "organisation": EVIL, "as_at": EVIL, "made_at": WHEN}],
    "receipt": [
        {
            "id": "r1",
            "state": state,
            "about": EVIL,
            "time": WHEN,
            "milliseconds": 840,
            "age_seconds": 4,
            "poll_url": "/receipt/",
        }
        for state in (
            "queued",
            "included",
            "none",
            "set_aside",
            "awaiting",
            "returned",
        )
    ],
    "search": [
        {"action": "/", "label": EVIL, "hint": EVIL, "value": EVIL, "csrf_token": "t"}
    ],
    "service_navigation": [{"items": [{**LINK, "current": True}, LINK]}],
    "sub_navigation": [{"items": [{**LINK, "current": True}, LINK], "label": EVIL}],
    "summary_card": [
        {"title": EVIL, "rows": ROWS, "actions": [LINK]},
        {"title": EVIL, "rows": ROWS, "level": 3},
    ],
    "table": [
        {
            "caption": EVIL,
            "head": [{"text": EVIL, "numeric": True} for _ in CELLS],
            "rows": [CELLS],
            "row_headers": True,
            "dense": dense,
        }
        for dense in (True, False)
    ],
    "saved_searches": [
        {"saved": {"searches": [{"value": EVIL, "text": EVIL}], "save_url": "/"}},
        {"saved": {"searches": [], "save_url": "/"}},
    ],
    "columns": [
        {
            "columns": {
                "list_code": "groups",
                "options": [{"value": "owner", "text": EVIL, "checked": True}],
            },
            "query": EVIL,
        }
    ],
    "tag": [{"text": EVIL, "colour": "green"}, {"text": EVIL, "colour": EVIL}],
    "network_chart": [{"drawing": NETWORK}],
    "network_key": [{"key": NETWORK["key"]}],
    "network_shape": [
        {"kind": kind, "fill": EVIL, "stroke": EVIL, "is_sum": is_sum}
        for kind in ("group", "person", "identifier")
        for is_sum in (False, True)
    ],
    "network_tools": [
        {},
        {"can_expand": True, "from": EVIL, "to": EVIL, "at": EVIL},
    ],
    "tile_map": [
        tile_map(
            EVIL,
            [
                {"q": 0, "r": 0, "name": EVIL, "value": 0, "url": "/"},
                {"q": 1, "r": 1, "name": EVIL, "value": 3, "url": "/"},
            ],
        )
    ],
    "trend_line": [
        trend_line(EVIL, []),
        trend_line(EVIL, [{"label": EVIL, "value": n} for n in (1, 3)]),
    ],
    "task_list": [
        {
            "id": "tasks",
            "items": [
                {"title": EVIL, "url": "/", "hint": EVIL, "status": EVIL},
                {"title": EVIL, "status": EVIL, "colour": "teal"},
            ],
        }
    ],
    "area_map": [
        {
            "caption": EVIL,
            "summary": EVIL,
            "source": EVIL,
            "areas": [{"url": "/", "name": EVIL, "value": 3, "level": 2, "path": EVIL}],
            "key": [{"level": 2, "text": EVIL}],
        }
    ],
    "timeline": [
        {
            "level": 3,
            "months": [
                {
                    "heading": EVIL,
                    "entries": [
                        {"title": EVIL, "when": EVIL, "url": "/", "text": EVIL},
                        {
                            "title": EVIL,
                            "at": WHEN,
                            "by": EVIL,
                            "tag": {"text": EVIL, "colour": "red"},
                            "step": {
                                "why": EVIL,
                                "changes": [[{"text": EVIL}] * 3],
                            },
                        },
                    ],
                }
            ],
        }
    ],
    "tiles": [
        {
            "tiles": [
                {"value": "1,043", "label": EVIL, "url": "/", "key": "memberships"},
                {"value": "3", "label": EVIL, "key": "overdue", "note": EVIL},
            ]
        }
    ],
    "warning": [{"text": EVIL}],
}
SAMPLES = [
    pytest.param(name, context, id=f"{name}-{number}")
    for name, contexts in GALLERY.items()
    for number, context in enumerate(contexts)
]
ROOTS = [Path(root) for root in settings.TEMPLATES[0]["DIRS"]]


def show(component: str, **context: Any) -> Markup:
    return Markup(render_to_string(f"_components/{component}.html", context))


def test_every_component_is_in_the_gallery() -> None:
    found = {
        path.stem
        for path in (ROOTS[0] / "_components").glob("*.html")
        if not path.stem.startswith("_")
    }
    assert found
    assert found == set(GALLERY), "give the component a sample context above"


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_component_escapes_what_it_is_given(name: str, sample: dict[str, Any]) -> None:
    html = render_to_string(f"_components/{name}.html", sample)

    assert "<img src=x" not in html


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_component_is_well_linked_and_has_nothing_inline(
    name: str, sample: dict[str, Any]
) -> None:
    markup = show(name, **sample)

    assert markup.tags
    assert markup.faults() == []


def test_no_template_holds_inline_code_or_another_origin() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:"
        r"|(?:src|href|action)=[\"']?(?:https?:)?//",
        re.IGNORECASE,
    )
    paths = [path for root in ROOTS for path in root.rglob("*.html")]
    faults = [
        f"{path.name}: {match.group().strip()}"
        for path in paths
        for match in [inline.search(path.read_text(encoding="utf-8"))]
        if match
    ]

    assert len(paths) > len(GALLERY)
    assert faults == [], "the content security policy forbids it"


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_page_needs_no_context(name: str) -> None:
    markup = Markup(render_to_string(f"{name}.html"))

    assert markup.text.count("OFFICIAL-SENSITIVE") == 2
    assert len(markup.all("h1")) == 1
    assert markup.faults() == []


@pytest.mark.parametrize("name", ["400", "403"])
def test_error_page_says_rule_and_cure(name: str) -> None:
    error = AppError(EVIL, cure="Ask <b>again</b>.")
    html = render_to_string(f"{name}.html", {"error": error})

    assert EVIL in Markup(html).text
    assert "Ask <b>again</b>." in Markup(html).text
    assert "<img src=x" not in html


def test_absent_and_hidden_are_the_same_page() -> None:
    plain = render_to_string("404.html")

    assert render_to_string("404.html", {"error": NotFound("x")}) == plain


def test_page_has_landmarks_marking_and_skip_link() -> None:
    context = {
        "navigation": [{**LINK, "current": True}],
        "breadcrumbs": [LINK],
        "signed_in_as": {"name": "Alex Analyst", "organisation": "Durham"},
        "demonstration": True,
        "shortcuts_off": True,
        "product_version": "0.1",
    }
    markup = Markup(render_to_string("base.html", context))

    assert markup.tags[0] == ("html", {"lang": "en", "class": "govuk-template"})
    assert [len(markup.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
    assert markup.all("a", href="#main-content", class_="govuk-skip-link")
    assert markup.all("body", data_shortcuts="off")
    assert markup.all("form", method="post", action="/accounts/logout/")
    assert "Synthetic or published research data" in markup.text
    assert markup.text.count("OFFICIAL-SENSITIVE") == 2
    assert markup.faults() == []


def test_htmx_is_held_back_by_the_meta_tag() -> None:
    [meta] = Markup(render_to_string("base.html")).all("meta", name="htmx-config")

    assert '"includeIndicatorCSS": false' in meta["content"]
    assert '"noSwap": [204, 304, "4xx", "5xx"]' in meta["content"]


def test_title_tells_of_an_error() -> None:
    assert "<title>Error: " in render_to_string("base.html", {"form": Question({})})
    assert "<title>Error: " not in render_to_string("base.html", {"form": Question()})


def test_wide_table_scrolls_in_a_region_that_takes_the_keyboard() -> None:
    markup = show("table", caption="Groups", head=[], rows=[])

    assert markup.all("div", role="region", aria_label="Groups", tabindex="0")


def test_queued_receipt_asks_again_and_a_final_one_does_not() -> None:
    queued = show("receipt", id="r", state="queued", about="R", poll_url="/r/")
    final = show("receipt", id="r", state="included", about="R", poll_url="/r/")

    assert queued.all("section", hx_get="/r/", hx_trigger="every 2s")
    assert not any("hx-get" in attrs for _, attrs in final.tags)
    assert queued.all("p", role="status", aria_live="polite")
    assert final.all("p", role="status", aria_live="polite")


def test_tile_opens_its_list_and_carries_its_key() -> None:
    tile = {"value": "7", "label": "groups", "url": "/groups/", "key": "groups"}
    markup = show("tiles", tiles=[tile])

    assert markup.all("a", href="/groups/", data_figure="groups")


def test_band_is_told_apart_without_colour() -> None:
    shapes = {
        sum("app-band__bar--on" in bar["class"] for bar in markup.all("rect"))
        for markup in (show("band", text="x", level=level) for level in range(6))
    }

    assert shapes == set(range(6))


def test_current_part_is_told_to_screen_readers() -> None:
    items = [{"text": "Summary", "url": "/", "current": True}]

    assert show("sub_navigation", items=items).all("a", aria_current="page")
