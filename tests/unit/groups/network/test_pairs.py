"""Pairs of groups: counted once a person, and only with a group of the place."""

from hypothesis import given
from hypothesis import strategies as st

from groups.network.pairs import Pair, pairs_of

ids = st.integers(1, 6)
some = st.lists(st.tuples(ids, ids))


def test_members_of_both_and_links_are_counted() -> None:
    members = [(1, 10), (1, 20), (1, 20), (2, 20), (2, 10), (3, 10), (4, 20), (4, 30)]
    links = [(20, 10), (30, 30), (30, 40)]
    assert pairs_of(members, links, {10}) == (Pair(10, 20, members=2, links=1),)
    assert pairs_of(members, links, {20}) == (
        Pair(10, 20, members=2, links=1),
        Pair(20, 30, members=1, links=0),
    )


@given(some, some, st.sets(ids))
def test_every_pair_is_what_one_would_count_by_hand(
    members: list[tuple[int, int]], links: list[tuple[int, int]], inside: set[int]
) -> None:
    found = pairs_of(members, links, inside)
    people = {person for person, _ in members}
    stands = set(members)
    for a in range(1, 7):
        for b in range(a + 1, 7):
            both = sum((one, a) in stands and (one, b) in stands for one in people)
            joined = sum(set(one) == {a, b} for one in links)
            is_there = bool(both or joined) and bool({a, b} & inside)
            assert (Pair(a, b, both, joined) in found) is is_there
    assert [one.weight for one in found] == sorted(
        (one.weight for one in found), reverse=True
    )
