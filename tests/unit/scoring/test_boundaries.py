"""Outlines of force areas: read where they are at hand, and drawn true to their place."""

import json
from pathlib import Path

from scoring.picture import bounds
from scoring.picture.boundaries import FILE, _read, path_of
from tests.real_data import real_data

SQUARE = [[-2.0, 54.0], [-1.0, 54.0], [-1.0, 55.0], [-2.0, 55.0], [-2.0, 54.0]]


def test_a_square_is_drawn_north_upward_and_east_rightward() -> None:
    path = path_of({"type": "Polygon", "coordinates": [SQUARE]})
    assert path.startswith("M")
    assert path.endswith("z")
    left, top, width, height = bounds([path])
    assert height == 90
    assert 50 <= width <= 54, "a degree of longitude is shorter than one of latitude"
    further = path_of(
        {"type": "Polygon", "coordinates": [[[x + 1, y + 1] for x, y in SQUARE]]}
    )
    assert bounds([further])[0] > left
    assert bounds([further])[1] < top


def test_each_part_of_several_is_a_ring_and_specks_are_left_out() -> None:
    speck = [[-2.0, 54.0], [-2.00001, 54.0], [-2.0, 54.00001], [-2.0, 54.0]]
    path = path_of(
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [speck], [SQUARE]]}
    )
    assert path.count("M") == path.count("z") == 2


def test_no_outline_has_no_size() -> None:
    assert bounds([]) == (0, 0, 0, 0)


def test_without_the_file_there_is_no_map(tmp_path: Path) -> None:
    assert _read(tmp_path / FILE) == {}
    broken = tmp_path / "broken.geojson"
    for text in ("{", "{}", json.dumps({"features": [{"properties": {}}]})):
        broken.write_text(text, encoding="utf-8")
        _read.cache_clear()
        assert _read(broken) == {}, text


def test_the_file_at_hand_holds_every_area() -> None:
    paths = _read(real_data(*FILE.parts))
    assert len(paths) == 45
    assert all(paths.values()), "an area without an outline"
    assert sum(len(path) for path in paths.values()) < 70_000, "the page grows heavy"
    _, _, width, height = bounds(paths.values())
    assert 400 < width < height < 1100
