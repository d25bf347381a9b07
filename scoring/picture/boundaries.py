"""The outlines of force areas, where a file of them is at hand at run time.

The file is no part of the project: without it there is no map of areas, and the tile
map shows every number all the same.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.conf import settings

SOURCE: Final = (
    "Source: Office for National Statistics licensed under the Open Government "
    "Licence v.3.0. Contains OS data © Crown copyright and database right 2021."
)
FILE: Final = Path("geo", "uk_police_force_areas_simplified.geojson")
# Pixels of a degree of latitude, and the latitude along which east-west is true.
SCALE: Final = 90.0
MIDDLE: Final = math.cos(math.radians(54.5))

Ring = Sequence[Sequence[float]]


def outlines() -> Mapping[str, str]:
    """Return the outline of each force area as an SVG path, by its ONS code.

    Empty where the file is absent or is none of areas. Read once.
    """
    return _read(settings.REAL_DATA / FILE)


@lru_cache(maxsize=2)
def _read(path: Path) -> Mapping[str, str]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {one["properties"]["code"]: path_of(one["geometry"]) for one in features}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def path_of(geometry: Mapping[str, Any]) -> str:
    """Return the path of a polygon or of several, in whole pixels."""
    held = geometry["coordinates"]
    polygons = [held] if geometry["type"] == "Polygon" else held
    return "".join(_ring(ring) for polygon in polygons for ring in polygon)


def _ring(ring: Ring) -> str:
    """Return a closed ring in steps from point to point; '' where none is left."""
    points = list(_distinct((_x(one[0]), _y(one[1])) for one in ring))
    if len(points) < 3:
        return ""
    steps = (
        f"{after[0] - before[0]} {after[1] - before[1]}"
        for before, after in pairwise(points)
    )
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z"


def _distinct(points: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = None
    for point in points:
        if point != last:
            yield point
        last = point


def _x(longitude: float) -> int:
    return round((longitude + 9) * MIDDLE * SCALE)


def _y(latitude: float) -> int:
    return round((61 - latitude) * SCALE)


def bounds(paths: Iterable[str]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of some outlines; noughts for none."""
    xs, ys = [0], [0]
    for number, (x, y) in enumerate(_points(paths)):
        if number == 0:
            xs, ys = [], []
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _points(paths: Iterable[str]) -> Iterator[tuple[int, int]]:
    for path in paths:
        for ring in path.split("z"):
            if not ring:
                continue
            start, _, rest = ring[1:].partition("l")
            x, y = (int(one) for one in start.split())
            yield x, y
            steps = [int(one) for one in rest.split()]
            for dx, dy in zip(steps[::2], steps[1::2], strict=True):
                x, y = x + dx, y + dy
                yield x, y
