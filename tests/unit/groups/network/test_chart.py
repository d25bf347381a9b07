"""Charts: what is near, what is drawn within the budget, what joins two nodes."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.network import budget, layout, paths, robustness
from groups.network.chart import (
    Chart,
    Link,
    LinkKind,
    Node,
    NodeKind,
    chart_of,
    distances,
    with_steps,
    without,
)

KINDS = list(NodeKind)


def node(number: int) -> Node:
    return Node(f"n{number:04}", KINDS[number % 3], f"Node {number}")


def link(a: int, b: int, number: int = 0) -> Link:
    key = f"l{min(a, b)}-{max(a, b)}-{number}"
    return Link(key, LinkKind.PEOPLE, f"n{a:04}", f"n{b:04}", "Associate", "Reported")


def chart(count: int, pairs: list[tuple[int, int]]) -> Chart:
    nodes = [node(number) for number in range(count)]
    return with_steps(chart_of(nodes[0], nodes, [link(a, b) for a, b in pairs]))


@st.composite
def charts(draw: st.DrawFn, most: int = 24) -> Chart:
    count = draw(st.integers(1, most))
    end = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(end, end).filter(lambda one: one[0] != one[1])))
    return chart(count, pairs if count > 1 else [])


@given(charts())
def test_each_node_is_one_step_beyond_a_neighbour(found: Chart) -> None:
    links = found.by_node()
    reached = distances(found, found.centre)
    for key, steps in reached.items():
        assert found.nodes[key].steps == steps
        near = {reached[one.other(key)] for one in links.get(key, [])}
        assert key == found.centre or min(near) == steps - 1
        assert all(abs(other - steps) <= 1 for other in near)


def test_a_link_without_one_of_its_ends_is_left_out() -> None:
    found = chart_of(node(0), [node(0), node(1)], [link(0, 1), link(0, 2)])
    assert [one.key for one in found.links] == ["l0-1-0"]


@given(charts(), st.sets(st.integers(0, 23)))
def test_what_is_hidden_is_gone_with_its_links(found: Chart, gone: set[int]) -> None:
    hidden = {f"n{number:04}" for number in gone}
    left = without(found, hidden)
    assert left.nodes.keys() == (found.nodes.keys() - hidden) | {found.centre}
    assert all(one.ends <= left.nodes.keys() for one in left.links)
    kept = [one for one in found.links if one.ends <= left.nodes.keys()]
    assert list(left.links) == kept


@given(charts(), st.integers(4, 30))
def test_the_budget_is_kept_and_no_node_is_lost(found: Chart, most: int) -> None:
    drawn = budget.within(found, most)
    assert len(drawn.chart.nodes) <= most
    assert drawn.total == len(found.nodes)
    assert drawn.shown == sum(1 for key in drawn.chart.nodes if key in found.nodes)
    assert sum(one.count for one in drawn.chart.nodes.values()) == drawn.total
    assert found.centre in drawn.chart.nodes
    assert all(one.ends <= drawn.chart.nodes.keys() for one in drawn.chart.links)
    assert drawn.is_whole == (len(found.nodes) <= most)


@given(charts(), st.integers(4, 30))
def test_a_drawn_node_keeps_the_number_of_its_links(found: Chart, most: int) -> None:
    drawn = budget.within(found, most)
    for key in drawn.chart.nodes.keys() & found.nodes.keys():
        before = sum(1 for one in found.links if key in one.ends)
        after = sum(one.count for one in drawn.chart.links if key in one.ends)
        assert after == before


def test_near_comes_before_far_and_what_was_asked_for_before_both() -> None:
    found = chart(12, list(pairwise(range(12))))
    assert "n0011" not in budget.within(found, 8).chart.nodes
    kept = budget.within(found, 8, ["n0011"]).chart.nodes
    assert kept.keys() >= {"n0000", "n0001", "n0002", "n0003", "n0011"}


@given(charts(), st.integers(0, 23), st.integers(0, 23))
def test_a_path_is_as_short_as_can_be_and_holds(found: Chart, a: int, b: int) -> None:
    start, end = f"n{a:04}", f"n{b:04}"
    steps = paths.path(found, start, end)
    if start in found.nodes and end in found.nodes and start != end:
        assert len(steps) == distances(found, start).get(end, 0)
    else:
        assert steps == ()
    if steps:
        assert (steps[0].start.key, steps[-1].end.key) == (start, end)
    for before, after in pairwise(steps):
        assert before.end == after.start
    assert all(
        one.ends == {step.start.key, step.end.key} and one in found.links
        for step in steps
        for one in step.links
    )


@given(charts())
def test_shared_neighbours_are_linked_to_both(found: Chart) -> None:
    first, second = "n0000", "n0001"
    shared = {one.node.key for one in paths.shared(found, first, second)}
    ends = {one.ends for one in found.links}
    assert shared == {
        key for key in found.nodes if {first, key} in ends and {second, key} in ends
    }


@given(charts(), st.randoms())
def test_the_same_chart_always_looks_the_same(
    found: Chart, chance: random.Random
) -> None:
    nodes, links = list(found.nodes.values()), list(found.links)
    chance.shuffle(nodes)
    chance.shuffle(links)
    again = Chart(found.centre, {one.key: one for one in nodes}, tuple(links))
    assert layout.places(again) == layout.places(found)


@given(charts())
def test_every_node_stands_on_the_paper(found: Chart) -> None:
    width, height = layout.size_of(len(found.nodes))
    places = layout.places(found)
    assert places.keys() == found.nodes.keys()
    for x, y in places.values():
        assert layout.MARGIN <= x <= width - layout.MARGIN
        assert layout.MARGIN <= y <= height - layout.MARGIN


def test_nodes_of_a_star_do_not_cover_each_other() -> None:
    found = chart(60, [(0, number) for number in range(1, 60)])
    places = list(layout.places(found).values())
    covered = sum(
        abs(one[0] - other[0]) < 30 and abs(one[1] - other[1]) < 30
        for index, one in enumerate(places)
        for other in places[:index]
    )
    assert covered == 0


def names(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


def test_too_few_links_say_nothing() -> None:
    assert robustness.standings(names(5), [("p0", "p1"), ("p1", "p2")], seed="x") == ()


def test_the_hub_of_a_star_is_first_in_every_trial_and_the_rest_share_a_rank() -> None:
    star = [("p0", name) for name in names(20)[1:]]
    first, *others = robustness.standings(names(20), star, seed="x")
    assert first.name == "p0"
    assert first.links == first.between == first.cut == robustness.Range(1, 1)
    assert {one.between for one in others} == {robustness.Range(2, 2)}


def test_a_place_that_rests_on_one_link_has_a_wide_range() -> None:
    # Two rings, joined by one link between p0 and p10 that some trials leave out.
    rings = [(f"p{n}", f"p{(n + 1) % 10}") for n in range(10)]
    rings += [(f"p{10 + n}", f"p{10 + (n + 1) % 10}") for n in range(10)]
    found = robustness.standings(names(20), [*rings, ("p0", "p10")], seed="x")
    bridge = {one.name: one for one in found}["p0"].between
    assert bridge.best <= 2
    assert bridge.worst > bridge.best


def test_ranges_are_the_same_again_and_in_any_order() -> None:
    pairs = [(f"p{n}", f"p{(n * 7 + 1) % 20}") for n in range(20) if n * 6 % 20 != 19]
    found = robustness.standings(names(20), pairs, seed="x")
    turned = [(b, a) for a, b in reversed(pairs)]
    assert robustness.standings(names(20)[::-1], turned, seed="x") == found
    assert robustness.standings(names(20), pairs, seed="y") != found


@settings(max_examples=10, deadline=None)
@given(charts(12))
def test_a_range_lies_within_the_number_of_people(found: Chart) -> None:
    pairs = [(one.a, one.b) for one in found.links]
    for one in robustness.standings(list(found.nodes), pairs, seed="x"):
        for ranks in (one.links, one.between, one.cut):
            assert 1 <= ranks.best <= ranks.worst <= len(found.nodes)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_names_of_sums_agree_in_number(count: int) -> None:
    text = budget.named(NodeKind.PERSON, count)
    assert text == f"{count} {'person' if count == 1 else 'people'}"
