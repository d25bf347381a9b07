"""Charts: every value stands as text, tiles keep apart, and the words tell the shape."""

import re
from itertools import pairwise

from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.templatetags import charts

TILE = st.fixed_dictionaries(
    {
        "q": st.integers(-2, 8),
        "r": st.integers(0, 9),
        "name": st.sampled_from(["Durham", "Avon and Somerset", "Northamptonshire"]),
        "value": st.integers(0, 5000),
        "url": st.just("/dashboard/force:durham/"),
    }
)
TILES = st.lists(TILE, max_size=12, unique_by=lambda tile: (tile["q"], tile["r"]))
POINTS = st.lists(
    st.fixed_dictionaries(
        {"label": st.just("Jan 2026"), "value": st.integers(0, 9999)}
    ),
    max_size=14,
)


@given(TILES)
def test_tiles_keep_apart_and_inside_the_drawing(
    tiles: list[dict[str, object]],
) -> None:
    drawn = charts.tile_map("Groups", tiles)
    centres = [(one["x"], one["y"]) for one in drawn["tiles"]]
    assert len(centres) == len(tiles)
    for place, (x, y) in enumerate(centres):
        for other_x, other_y in centres[place + 1 :]:
            assert abs(x - other_x) > 50 or abs(y - other_y) > 88
    for one in drawn["tiles"]:
        for corner in one["points"].split():
            x, y = map(float, corner.split(","))
            assert 0 <= x <= drawn["width"] + 1
            assert 0 <= y <= drawn["height"] + 1


@given(TILES)
def test_equal_values_have_equal_shades_and_nought_has_none(
    tiles: list[dict[str, object]],
) -> None:
    shades: dict[int, set[int]] = {}
    for one in charts.tile_map("Groups", tiles)["tiles"]:
        shades.setdefault(one["value"], set()).add(one["level"])
    assert all(len(found) == 1 for found in shades.values())
    assert shades.get(0, {0}) == {0}


def test_north_is_up_and_odd_rows_are_pushed_right() -> None:
    base = {"value": 1, "url": "", "name": "Place"}
    tiles = [{"q": 0, "r": 0, **base}, {"q": 0, "r": 1, **base}]
    south, north = charts.tile_map("Groups", tiles)["tiles"]
    assert north["y"] < south["y"]
    assert north["x"] > south["x"]


def test_the_words_name_the_largest_first() -> None:
    tiles = [
        {"q": place, "r": 0, "name": name, "value": value, "url": ""}
        for place, (name, value) in enumerate(
            [("Kent", 2), ("Essex", 9), ("Surrey", 5), ("Sussex", 0)]
        )
    ]
    assert (
        "Most: Essex 9, Surrey 5, Kent 2." in charts.tile_map("Map", tiles)["summary"]
    )


@given(POINTS)
def test_a_higher_value_stands_higher(points: list[dict[str, object]]) -> None:
    drawn = charts.trend_line("Groups", points)["points"]
    for one in drawn:
        assert 0 <= one["y"] <= 150
        for other in drawn:
            assert (one["value"] <= other["value"]) or (one["y"] <= other["y"])


def test_a_waterfall_goes_from_one_value_to_the_other() -> None:
    drawn = charts.waterfall(
        "Score",
        [
            {"label": "Before", "start": 0, "end": 10},
            {"label": "Came", "start": 10, "end": 16, "is_change": True},
            {"label": "Went", "start": 16, "end": 12, "is_change": True},
            {"label": "After", "start": 0, "end": 12},
        ],
    )
    bars = drawn["bars"]
    assert [one["text"] for one in bars] == ["10", "+6", "-4", "12"]
    assert [one["kind"] for one in bars] == ["whole", "up", "down", "whole"]
    for one, following in pairwise(bars):
        assert one["y"] < following["y"]
    assert bars[0]["end_x"] == bars[1]["x"]
    assert bars[1]["end_x"] == bars[2]["x"] + bars[2]["width"]
    assert "Before: 10. Came: +6. Went: -4. After: 12." in drawn["summary"]


@given(
    st.lists(
        st.tuples(st.integers(-800, 800), st.integers(-800, 800), st.booleans()),
        max_size=9,
    )
)
def test_no_bar_leaves_the_picture(reaches: list[tuple[int, int, bool]]) -> None:
    drawn = charts.waterfall(
        "Score",
        [
            {"label": "One", "start": start, "end": end, "is_change": is_change}
            for start, end, is_change in reaches
        ],
    )
    for one in drawn["bars"]:
        assert 0 <= one["x"] <= one["x"] + one["width"] <= drawn["width"]
        assert 0 <= one["y"] <= drawn["height"]


def test_markup_has_no_inline_style_and_names_itself() -> None:
    engine = Engine.get_default()
    text = '{% load charts %}{% tile_map "Map" tiles %}{% trend_line "Line" points %}'
    context = Context(
        {
            "tiles": [
                {"q": 0, "r": 0, "name": "<Kent>", "value": 7, "url": "/dashboard/"}
            ],
            "points": [{"label": "May 2026", "value": 3}],
        }
    )
    html = engine.from_string(text).render(context)
    assert "style=" not in html
    assert "<Kent>" not in html
    assert 'aria-label="&lt;Kent&gt;: 7"' in html
    assert re.search(
        r'<svg class="app-trend"[^>]*role="img"[^>]*aria-label="Line\.', html
    )
