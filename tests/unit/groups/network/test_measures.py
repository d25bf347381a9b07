import json
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.network.measures import measure
from groups.network_files import read_network
from tests.real_data import real_data


def real_measures(nodes, edges, removals):
    files = read_network(
        real_data("networks", *nodes).read_bytes(),
        real_data("networks", *edges).read_bytes(),
    )
    return measure(files.names, files.links, removals=removals)


def names_by(values, count):
    return sorted(values, key=values.get, reverse=True)[:count]


@pytest.fixture
def caviar():
    return real_measures(
        ("caviar", "caviar_full_nodes.csv"), ("caviar", "caviar_full_edges.csv"), 9
    )


def test_caviar_has_the_published_shape(caviar):
    assert (caviar.nodes, caviar.edges, caviar.components) == (110, 205, 1)
    assert caviar.density == pytest.approx(0.0342, abs=5e-5)
    assert caviar.transitivity == pytest.approx(0.1229, abs=5e-5)
    assert caviar.fragmentation == 0
    assert caviar.distance_fragmentation == pytest.approx(0.5880, abs=5e-5)


def test_caviar_ranks_degree_and_betweenness_differently(caviar):
    assert names_by(caviar.degree, 5) == ["1", "12", "3", "87", "76"]
    assert [caviar.degree[name] for name in ("1", "12", "3", "87", "76")] == [
        60,
        28,
        27,
        16,
        15,
    ]
    expected = {"1": 0.6375, "12": 0.2921, "87": 0.1193, "76": 0.1152, "3": 0.1052}
    assert names_by(caviar.betweenness, 5) == list(expected)
    for name, share in expected.items():
        assert caviar.betweenness[name] == pytest.approx(share, abs=5e-5)


def test_caviar_falls_apart_as_the_most_between_are_taken_out(caviar):
    assert caviar.removal_order == ("1", "3", "12", "76", "87", "8", "41", "37", "89")
    assert caviar.removal_curve == pytest.approx(
        (1, 0.7909, 0.7545, 0.6182, 0.4727, 0.3909, 0.2455, 0.1091, 0.1091, 0.0818),
        abs=5e-5,
    )


def test_london_gang_has_the_published_shape():
    found = real_measures(("london_gang", "nodes.csv"), ("london_gang", "edges.csv"), 0)

    assert (found.nodes, found.edges) == (54, 315)
    assert found.density == pytest.approx(0.2201, abs=5e-5)
    assert found.transitivity == pytest.approx(0.5197, abs=5e-5)
    assert found.distance_fragmentation == pytest.approx(0.4340, abs=5e-5)


def test_siren_has_the_published_shape():
    found = real_measures(("siren", "nodes.csv"), ("siren", "edges.csv"), 0)

    assert (found.nodes, found.edges) == (44, 103)
    assert found.betweenness["1"] == pytest.approx(0.7980, abs=5e-5)
    assert found.betweenness["15"] == pytest.approx(0.3109, abs=5e-5)
    assert found.distance_fragmentation == pytest.approx(0.4977, abs=5e-5)


def test_measure_of_a_path_is_as_worked_by_hand():
    found = measure("abcd", [("a", "b"), ("b", "c"), ("c", "d")], removals=2)

    assert found.density == 0.5
    assert found.transitivity == 0
    assert found.degree == {"a": 1, "b": 2, "c": 2, "d": 1}
    assert found.betweenness == pytest.approx({"a": 0, "b": 2 / 3, "c": 2 / 3, "d": 0})
    closeness = 2 * (3 * 1 + 2 / 2 + 1 / 3) / 12
    assert found.distance_fragmentation == pytest.approx(1 - closeness)
    assert found.removal_order == ("b", "a")
    assert found.removal_curve == (1, 0.5, 0.5)


def test_measure_of_two_components_gives_borgattis_fragmentation():
    found = measure("abcde", [("a", "b"), ("c", "d"), ("d", "e")], removals=0)

    assert found.components == 2
    assert found.fragmentation == pytest.approx(1 - (2 * 1 + 3 * 2) / 20)
    assert found.removal_curve == (0.6,)


def test_removal_breaks_ties_by_the_smallest_name_as_text():
    found = measure(["9", "10", "2"], [], removals=3)

    assert found.removal_order == ("10", "2", "9")


def test_removal_ends_when_nobody_is_left():
    found = measure("ab", [("a", "b")], removals=50)

    assert found.removal_order == ("a", "b")
    assert found.removal_curve == (1, 0.5, 0)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b"]])
def test_measure_of_hardly_anybody_is_defined(names):
    found = measure(names, [], removals=0)

    assert (found.density, found.transitivity, found.components) == (0, 0, len(names))
    assert set(found.betweenness.values()) <= {0}
    assert "NaN" not in json.dumps(found.as_json())


@st.composite
def networks(draw):
    size = draw(st.integers(1, 9))
    names = [f"n{index}" for index in range(size)]
    pairs = [(a, b) for a in names for b in names if a < b]
    return names, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


@settings(max_examples=60, deadline=None)
@given(networks(), st.randoms())
def test_measure_is_bounded_and_the_same_in_any_order(network, chance):
    names, links = network
    found = measure(names, links, removals=3)
    shuffled_names, shuffled_links = list(names), list(links)
    chance.shuffle(shuffled_names)
    chance.shuffle(shuffled_links)
    again = measure(shuffled_names, shuffled_links, removals=3)

    assert found.removal_order == again.removal_order
    assert found.removal_curve == again.removal_curve
    assert found.degree == again.degree
    assert found.betweenness == pytest.approx(again.betweenness)
    assert sum(found.degree.values()) == 2 * found.edges
    assert found.edges <= comb(found.nodes, 2)
    shares = (found.density, found.transitivity, *found.betweenness.values())
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert -1e-9 <= found.fragmentation <= found.distance_fragmentation + 1e-9
    curve = found.removal_curve
    assert list(curve) == sorted(curve, reverse=True)
