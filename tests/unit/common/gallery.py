"""Every component as it is used, with texts that would break out of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from groups.network.budget import within
from groups.network.chart import Link, LinkKind, Node, NodeKind, chart_of
from groups.views.network_drawing import drawing
from ocgmap.common.forms import ErrorLink, GovukForm
from ocgmap.common.templatetags.charts import tile_map, trend_line, waterfall
from ocgmap.common.templatetags.govuk import heat_table

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
    "contents": [{"sections": [(EVIL, EVIL)]}],
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
    "waterfall": [
        waterfall(EVIL, []),
        waterfall(
            EVIL,
            [
                {"label": EVIL, "start": 0, "end": 4},
                {"label": EVIL, "start": 4, "end": 1, "is_change": True},
            ],
        ),
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
