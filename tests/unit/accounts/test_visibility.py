"""Labels are a lattice, and dominance respects it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import RIGHTS, Right, Role
from accounts.visibility import Label, Marking, Viewer, dominates, join, narrows

labels = st.builds(
    Label,
    requires=st.frozensets(st.integers(1, 6)),
    marking=st.sampled_from([int(marking) for marking in Marking]),
)
viewers = st.builds(
    Viewer,
    user_id=st.just(1),
    organisation_id=st.just(1),
    role=st.just(Role.FORCE_ANALYST),
    rights=st.just(RIGHTS[Role.FORCE_ANALYST]),
    tags=st.frozensets(st.integers(1, 6)),
    clearance=st.sampled_from([int(marking) for marking in Marking]),
)


@given(labels)
def test_join_is_idempotent_and_open_label_is_its_unit(a: Label) -> None:
    assert join([a, a]) == a
    assert join([a, Label()]) == a


@given(labels, labels)
def test_join_commutes(a: Label, b: Label) -> None:
    assert join([a, b]) == join([b, a])


@given(labels, labels, labels)
def test_join_associates(a: Label, b: Label, c: Label) -> None:
    assert join([a, join([b, c])]) == join([join([a, b]), c]) == join([a, b, c])


@given(labels, labels, labels)
def test_join_is_the_least_upper_bound(a: Label, b: Label, c: Label) -> None:
    both = join([a, b])
    assert both.at_least(a)
    assert both.at_least(b)
    if c.at_least(a) and c.at_least(b):
        assert c.at_least(both)


@given(viewers, labels, labels)
def test_join_is_seen_iff_both_are(viewer: Viewer, a: Label, b: Label) -> None:
    seen = dominates(viewer, a) and dominates(viewer, b)
    assert dominates(viewer, join([a, b])) == seen


@given(viewers, labels, labels)
def test_what_is_below_a_visible_label_is_visible(
    viewer: Viewer, a: Label, b: Label
) -> None:
    if a.at_least(b) and dominates(viewer, a):
        assert dominates(viewer, b)


@given(labels, labels)
def test_rank_extends_the_order(a: Label, b: Label) -> None:
    if a != b and a.at_least(b):
        assert a.rank > b.rank


@given(labels)
def test_without_the_right_to_view_nothing_is_seen(label: Label) -> None:
    blind = Viewer(1, 1, Role.SYSTEM_ADMINISTRATOR, tags=frozenset(range(7)))
    assert not dominates(blind, label)


@given(viewers, labels, st.frozensets(st.integers(1, 6)), st.booleans())
def test_more_tags_or_a_higher_clearance_hide_nothing(
    viewer: Viewer, label: Label, more: frozenset[int], is_cleared: bool
) -> None:
    clearance = int(Marking.OFFICIAL_SENSITIVE) if is_cleared else viewer.clearance
    wider = replace(viewer, tags=viewer.tags | more, clearance=clearance)
    assert dominates(wider, label) or not dominates(viewer, label)


@given(viewers, labels)
def test_a_reader_sees_just_what_their_own_label_covers(
    viewer: Viewer, label: Label
) -> None:
    assert dominates(viewer, label) == Label(viewer.tags, viewer.clearance).at_least(
        label
    )


@given(labels, labels, labels)
def test_at_least_is_an_order(a: Label, b: Label, c: Label) -> None:
    assert a.at_least(a)
    if a.at_least(b) and b.at_least(a):
        assert a == b
    if a.at_least(b) and b.at_least(c):
        assert a.at_least(c)


LADDER = (1, 2, 3)


@given(viewers, labels, labels)
def test_what_is_narrower_lets_nobody_see_more(
    viewer: Viewer, old: Label, new: Label
) -> None:
    """For every reader who holds each audience after one that they hold."""
    first = next((place for place, tag in enumerate(LADDER) if tag in viewer.tags), 3)
    whole = replace(viewer, tags=viewer.tags | frozenset(LADDER[first:]))
    if narrows(old, new, LADDER) and dominates(whole, new):
        assert dominates(whole, old)


@given(labels, labels)
def test_what_is_not_narrower_lets_someone_see_more(old: Label, new: Label) -> None:
    """Namely whoever holds just what the new label needs, and what follows from it."""
    first = next((place for place, tag in enumerate(LADDER) if tag in new.requires), 3)
    least = Viewer(
        1,
        1,
        Role.FORCE_ANALYST,
        RIGHTS[Role.FORCE_ANALYST],
        new.requires | frozenset(LADDER[first:]),
        new.marking,
    )
    assert dominates(least, new)
    assert narrows(old, new, LADDER) == dominates(least, old)


@pytest.mark.parametrize(
    ("old", "new", "is_narrower"),
    [
        pytest.param({3}, {1}, True, id="all forces to one's own"),
        pytest.param({1}, {3}, False, id="one's own to all forces"),
        pytest.param({2}, {2, 9}, True, id="into a compartment"),
        pytest.param({2, 9}, {1}, False, id="out of a compartment"),
        pytest.param({7}, {1}, False, id="another's audience"),
    ],
)
def test_steps_on_the_ladder(old: set[int], new: set[int], is_narrower: bool) -> None:
    assert narrows(Label(frozenset(old)), Label(frozenset(new)), LADDER) is is_narrower


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(Role)


def test_no_role_both_sees_intelligence_and_runs_the_system() -> None:
    for role, rights in RIGHTS.items():
        assert not {Right.VIEW, Right.ADMINISTER_ACCOUNTS} <= rights, role
        assert not {Right.VIEW, Right.AUDIT} <= rights, role
