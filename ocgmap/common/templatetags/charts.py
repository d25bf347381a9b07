"""Charts drawn by the server as SVG: shades by class, every value also as text.

Load with ``{% load charts %}``. A chart stands beside a table of the same numbers.
"""

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template

from ocgmap.common.templatetags.govuk import fifths, heat_key

register = template.Library()

_SIDE = 60.0
_WIDTH = math.sqrt(3) * _SIDE
_NAMED = 3
_LINE_WIDTH, _LINE_HEIGHT, _MARGIN = 640, 150, 24
_FALL_LEFT, _FALL_RIGHT, _FALL_STEP, _FALL_BAR = 190, 590, 32, 20


@register.inclusion_tag("_components/tile_map.html")
def tile_map(caption: str, tiles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Show one hexagon a place, shaded by fifths of the values that occur.

    Each tile has ``q`` and ``r`` (odd rows pushed right, ``r`` grows northward),
    ``name``, ``value`` and ``url``, the page of the place.
    """
    shade = fifths([tile["value"] for tile in tiles])
    top = max((tile["r"] for tile in tiles), default=0)
    left = min((_column(tile) for tile in tiles), default=0)
    placed = [_placed(tile, top, left, shade[tile["value"]]) for tile in tiles]
    return {
        "caption": caption,
        "summary": _summary(caption, tiles),
        "tiles": placed,
        "width": round(max((one["x"] for one in placed), default=0) + _WIDTH / 2 + 2),
        "height": round(max((one["y"] for one in placed), default=0) + _SIDE + 2),
        "key": heat_key(shade),
    }


@register.inclusion_tag("_components/area_map.html")
def area_map(
    caption: str,
    areas: Sequence[Mapping[str, Any]],
    box: Sequence[int],
    source: str,
) -> dict[str, Any]:
    """Show the outline of each place, shaded by fifths of the values that occur.

    Each area has ``path``, ``name``, ``value`` and ``url``; ``box`` holds left, top,
    width and height of all of them, ``source`` whose outlines they are.
    """
    shade = fifths([area["value"] for area in areas])
    left, top, width, height = box
    return {
        "caption": caption,
        "summary": _summary(caption, areas),
        "areas": [{**area, "level": shade[area["value"]]} for area in areas],
        "left": left - 4,
        "top": top - 4,
        "width": width + 8,
        "height": height + 8,
        "key": heat_key(shade),
        "source": source,
    }


def _column(tile: Mapping[str, Any]) -> float:
    return float(tile["q"] + 0.5 * (tile["r"] % 2))


def _placed(
    tile: Mapping[str, Any], top: int, left: float, level: int
) -> dict[str, Any]:
    """Return a tile with its corners and where its words stand."""
    x = 2 + _WIDTH * (_column(tile) - left + 0.5)
    y = 2 + _SIDE * (1.5 * (top - tile["r"]) + 1)
    corners = (
        (x + _SIDE * math.sin(turn), y - _SIDE * math.cos(turn))
        for turn in (math.pi / 3 * corner for corner in range(6))
    )
    words = textwrap.wrap(tile["name"], 12, break_long_words=False)
    return {
        "url": tile["url"],
        "name": tile["name"],
        "value": tile["value"],
        "level": level,
        "x": round(x),
        "y": round(y),
        "points": " ".join(f"{one:.1f},{other:.1f}" for one, other in corners),
        "lines": [
            {"text": text, "y": round(y - 16 + 13 * place - 6 * (len(words) - 1))}
            for place, text in enumerate(words)
        ],
        "value_y": round(y + 22),
    }


def _summary(caption: str, tiles: Sequence[Mapping[str, Any]]) -> str:
    """Return the map in words: its largest values."""
    largest = sorted(tiles, key=lambda tile: (-tile["value"], tile["name"]))[:_NAMED]
    told = ", ".join(f"{tile['name']} {tile['value']:,}" for tile in largest)
    return f"{caption}. Most: {told}. The table beside it holds every number."


@register.inclusion_tag("_components/trend_line.html")
def trend_line(caption: str, points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Show values over time as one line from nought up; each has ``label``, ``value``."""
    highest = max((one["value"] for one in points), default=0) or 1
    step = (_LINE_WIDTH - 2 * _MARGIN) / max(len(points) - 1, 1)
    room = _LINE_HEIGHT - 2 * _MARGIN
    placed = [
        {
            **one,
            "x": round(_MARGIN + step * place, 1),
            "y": round(_MARGIN + room * (1 - one["value"] / highest), 1),
        }
        for place, one in enumerate(points)
    ]
    return {
        "caption": caption,
        "summary": _course(caption, points),
        "points": placed,
        "line": " ".join(f"{one['x']},{one['y']}" for one in placed),
        "width": _LINE_WIDTH,
        "height": _LINE_HEIGHT,
        "base": _LINE_HEIGHT - _MARGIN,
        "left": _MARGIN,
        "right": _LINE_WIDTH - _MARGIN,
    }


def _course(caption: str, points: Sequence[Mapping[str, Any]]) -> str:
    """Return the line in words: its first and last value."""
    if not points:
        return f"{caption}. No value."
    first, last = points[0], points[-1]
    return (
        f"{caption}. {first['label']}: {first['value']:,}. "
        f"{last['label']}: {last['value']:,}. The table below holds every number."
    )


@register.inclusion_tag("_components/waterfall.html")
def waterfall(caption: str, bars: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Show how a value became another: a bar each way for what moved it, in turn.

    Each bar has ``label``, ``start`` and ``end``; those that ``is_change`` say by how
    much, the others how much it is.
    """
    reach = [one[end] for one in bars for end in ("start", "end")]
    lowest, highest = min([0, *reach]), max([1, *reach])

    def place(value: float) -> float:
        share: float = (value - lowest) / (highest - lowest)
        return round(_FALL_LEFT + (_FALL_RIGHT - _FALL_LEFT) * share, 1)

    return {
        "caption": caption,
        "summary": _fallen(caption, bars),
        "bars": [_bar(one, row, place) for row, one in enumerate(bars)],
        "bar_height": _FALL_BAR,
        "width": _LINE_WIDTH,
        "height": _FALL_STEP * len(bars),
        "base": place(0),
    }


def _bar(
    one: Mapping[str, Any], row: int, place: Callable[[float], float]
) -> dict[str, Any]:
    """Return a bar with its corners, its words and where the next one begins."""
    is_change = one.get("is_change", False)
    start, end = one["start"], one["end"]
    kind = ("up" if end > start else "down") if is_change else "whole"
    y = _FALL_STEP * row + (_FALL_STEP - _FALL_BAR) // 2
    return {
        "label": one["label"],
        "text": _moved(one),
        "kind": kind,
        "x": min(place(start), place(end)),
        "width": round(abs(place(end) - place(start)), 1),
        "y": y,
        "end_x": place(end),
        "next_y": y + _FALL_STEP + _FALL_BAR,
        "text_y": y + 15,
    }


def _moved(one: Mapping[str, Any]) -> str:
    if one.get("is_change"):
        return f"{one['end'] - one['start']:+,}"
    return f"{one['end']:,}"


def _fallen(caption: str, bars: Sequence[Mapping[str, Any]]) -> str:
    """Return the bars in words, all of them: they are few."""
    told = ". ".join(f"{one['label']}: {_moved(one)}" for one in bars)
    return f"{caption}. {told}. The table below holds every number."
