"""Where the nodes of a chart stand: the same chart always looks the same.

Each node starts at a place that follows from its own key and the centre's, so that a
node more or less moves the others little. No random number is drawn.
"""

import hashlib
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import igraph

from groups.network.chart import Chart

Places = Mapping[str, tuple[float, float]]

MARGIN: Final = 76.0
_ROUNDS: Final = 10
_PUSHES: Final = 30
# How far two nodes stand apart at least: a label is wider than it is high.
_APART: Final = (132.0, 84.0)
_SPACE: Final = 138.0


def size_of(count: int) -> tuple[float, float]:
    """Return width and height of the paper for so many nodes."""
    side = max(5.0, math.sqrt(count) * 1.15) * _SPACE
    return round(side * 1.4), round(side * 0.78)


def places(chart: Chart) -> dict[str, tuple[float, float]]:
    """Return where each node stands on paper of `size_of`, nodes apart."""
    keys = tuple(sorted(chart.nodes))
    index = {key: number for number, key in enumerate(keys)}
    pairs = sorted(
        {
            (min(index[one.a], index[one.b]), max(index[one.a], index[one.b]))
            for one in chart.links
        }
    )
    return dict(_placed(chart.centre, keys, tuple(pairs)))


# A chart is opened again and again: with another day, another filter, for its export.
@lru_cache(maxsize=64)
def _placed(
    centre: str, keys: tuple[str, ...], pairs: tuple[tuple[int, int], ...]
) -> Places:
    width, height = size_of(len(keys))
    if len(keys) == 1:
        return {keys[0]: (width / 2, height / 2)}
    graph = igraph.Graph(n=len(keys), edges=pairs)
    start = [_start(centre, key) for key in keys]
    drawn = graph.layout_kamada_kawai(seed=start, maxiter=_ROUNDS * len(keys))
    fitted = _fitted([(x, y) for x, y in drawn.coords], width, height)
    apart = _apart(fitted)
    kept = [
        (min(max(x, MARGIN), width - MARGIN), min(max(y, MARGIN), height - MARGIN))
        for x, y in apart
    ]
    return {
        key: (round(x, 1), round(y, 1)) for key, (x, y) in zip(keys, kept, strict=True)
    }


def _start(centre: str, key: str) -> tuple[float, float]:
    """Return a place in a disc: the middle for the centre, else by digest."""
    if key == centre:
        return 0.0, 0.0
    digest = hashlib.sha256(f"{centre} {key}".encode()).digest()
    turn = int.from_bytes(digest[:4], "big") / 2**32 * math.tau
    far = 0.5 + math.sqrt(int.from_bytes(digest[4:8], "big") / 2**32)
    return far * math.cos(turn), far * math.sin(turn)


def _fitted(
    points: list[tuple[float, float]], width: float, height: float
) -> list[tuple[float, float]]:
    """Stretch the points over the paper, each direction for itself."""
    xs, ys = (
        _stretched([x for x, _ in points], width),
        _stretched([y for _, y in points], height),
    )
    return list(zip(xs, ys, strict=True))


def _stretched(values: list[float], length: float) -> list[float]:
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return [length / 2] * len(values)
    room = length - 2 * MARGIN
    return [MARGIN + (value - low) / (high - low) * room for value in values]


def _apart(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Push nodes that stand too near each other apart, a few times over."""
    placed = [list(point) for point in points]
    for _ in range(_PUSHES):
        if not _push(placed):
            break
    return [(x, y) for x, y in placed]


def _push(placed: list[list[float]]) -> bool:
    """Move each pair that is too near half the way apart; tell whether any was."""
    wide, high = _APART
    cells: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(placed):
        cells.setdefault((int(x // wide), int(y // high)), []).append(number)
    moved = False
    for (column, line), here in sorted(cells.items()):
        near = [
            other
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for other in cells.get((column + across, line + down), [])
        ]
        for one in here:
            for other in near:
                moved |= one < other and _parted(placed[one], placed[other])
    return moved


def _parted(one: list[float], other: list[float]) -> bool:
    wide, high = _APART
    across, down = other[0] - one[0], other[1] - one[1]
    missing = wide - abs(across), high - abs(down)
    if missing[0] <= 0.5 or missing[1] <= 0.5:
        return False
    axis = 0 if missing[0] / wide < missing[1] / high else 1
    way = (across, down)[axis]
    push = missing[axis] / 2 * (1 if way >= 0 else -1)
    one[axis] -= push
    other[axis] += push
    return True
