"""A comparison of versions as its pages show it: every number opens its list."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode

from scoring.engine import CATALOGUE, INSUFFICIENT, PRIMARY
from scoring.forms.what_if import version_text
from scoring.models import WhatIf, WhatIfResult
from scoring.picture import parse_scope
from scoring.picture.what_if import Move, Outcome, Tally
from scoring.templatetags.scoring_tags import band_badge, band_text
from scoring.views.figure_tables import Cell
from scoring.views.move_rows import LEVELS

HEAD: Final[list[Cell]] = [
    {"text": "Asked"},
    {"text": "Versions"},
    {"text": "Over"},
    {"text": "State"},
]
RESULT_HEAD: Final[list[Cell]] = [
    {"text": "Group"},
    {"text": "Name"},
    {"text": "Owner"},
    {"text": "Threat"},
    {"text": "Band now"},
    {"text": "Band then"},
    {"text": "Points", "numeric": True},
    {"text": "What moves it most"},
]
MOVES: Final[Mapping[Move, str]] = {
    Move.GRAVER: "Graver",
    Move.LESS_GRAVE: "Less grave",
    Move.SAME: "Same band",
    Move.UNTOLD: "Band in one only",
}
_BANDS: Final = (*PRIMARY.bands(), INSUFFICIENT)


def titles(asked: WhatIf) -> dict[str, str]:
    """Return what was asked, in words."""
    return {
        "before": version_text(asked.before),
        "after": version_text(asked.after),
        "place": parse_scope(asked.scope).name,
    }


def job_row(asked: WhatIf) -> list[Cell]:
    """Return one line of the list of comparisons."""
    url = reverse("scoring:what_if", args=[asked.public_id])
    said = titles(asked)
    return [
        {"time": asked.created_at},
        {"text": f"{said['before']} and {said['after']}", "url": url},
        {"text": said["place"]},
        {"text": asked.get_state_display()},
    ]


def content(
    asked: WhatIf, found: Outcome, movers: Iterable[WhatIfResult]
) -> dict[str, Any]:
    """Return what the page shows of a comparison that has come to rest."""
    return {
        "groups": found.all.groups,
        "tiles": [_tile(asked, "groups", "Groups compared", found.all.groups)]
        + [
            _tile(asked, move, title, found.all.moves[move], move=str(move))
            for move, title in MOVES.items()
        ],
        "matrix": _matrix(asked, found),
        "owners": _tallies(asked, found.owners, "owner", "Owner"),
        "threats": _tallies(asked, found.threats, "threat", "Predominant threat"),
        "mover_head": RESULT_HEAD,
        "movers": [result_row(one) for one in movers],
    }


def _list_url(asked: WhatIf, **filters: str) -> str:
    url = reverse("scoring:what_if_groups", args=[asked.public_id])
    return f"{url}?{urlencode(filters)}" if filters else url


def _tile(asked: WhatIf, key: str, label: str, value: int, **filters: str) -> Cell:
    return {
        "key": str(key),
        "label": label,
        "value": f"{value:,}",
        "url": _list_url(asked, **filters),
    }


def _number(asked: WhatIf, figure: str, value: int, **filters: str) -> Cell:
    return {
        "text": f"{value:,}",
        "url": _list_url(asked, **filters),
        "figure": figure,
        "numeric": True,
    }


def _matrix(asked: WhatIf, found: Outcome) -> dict[str, Any]:
    """Return bands before by bands after, of those that any group has."""
    befores = [one for one in _BANDS if any(pair[0] == one for pair in found.bands)]
    afters = [one for one in _BANDS if any(pair[1] == one for pair in found.bands)]
    return {
        "head": [
            {"text": "Band now, and then"},
            *({"text": band_text(one), "numeric": True} for one in afters),
        ],
        "rows": [
            [
                {"band": band_badge(before)},
                *(
                    _number(
                        asked,
                        f"bands.{before}.{after}",
                        found.bands[before, after],
                        before=before,
                        after=after,
                    )
                    if (before, after) in found.bands
                    else {"text": "–", "numeric": True}
                    for after in afters
                ),
            ]
            for before in befores
        ],
    }


def _tallies(
    asked: WhatIf, tallies: Iterable[Tally], name: str, title: str
) -> dict[str, Any]:
    return {
        "head": [
            {"text": title},
            {"text": "Groups", "numeric": True},
            *({"text": text, "numeric": True} for text in MOVES.values()),
        ],
        "rows": [
            [
                {"text": one.name},
                _number(
                    asked, f"{name}.{one.code}.groups", one.groups, **{name: one.code}
                ),
                *(
                    _number(
                        asked,
                        f"{name}.{one.code}.{move}",
                        one.moves[move],
                        **{name: one.code, "move": str(move)},
                    )
                    for move in MOVES
                ),
            ]
            for one in tallies
        ],
    }


def result_row(one: WhatIfResult) -> list[Cell]:
    """Return one group: both bands, both values, and what differs most."""
    url = reverse("scoring:score", args=[one.group.public_id])
    return [
        {"text": one.group.reference, "url": url, "nowrap": True},
        {"text": one.group.name},
        {"text": one.owner.short_name},
        {"text": one.threat.name if one.threat else "No threat named"},
        {"band": band_badge(one.band_before, is_short=True)},
        {"band": band_badge(one.band_after, is_short=True)},
        {"text": f"{one.value_before} to {one.value_after}", "numeric": True},
        {"lines": [_change(*change) for change in one.changes] or ["No points differ"]},
    ]


def _change(attribute: str, level: str, before: int, after: int) -> str:
    title = CATALOGUE[attribute].title
    return f"{title} ({LEVELS[level]}): {before} to {after}"
