"""Charts drawn by the server as SVG: shades by class, every value also as text.

Load with ``{% load charts %}``. A chart stands beside a table of the same numbers.
"""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from ocgmap.common.templatetags.govuk import fifths, heat_key

register = template.Library()

_SIDE = 60.0
_WIDTH = math.sqrt(3) * _SIDE
_NAMED = 3
_LINE_WIDTH, _LINE_HEIGHT, _MARGIN = 640, 150, 24


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
