"""Labels are a lattice, and dominance respects it."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import RIGHTS, Right, Role
from accounts.visibility import Label, Marking, Viewer, dominates, join

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


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(Role)


def test_no_role_both_sees_intelligence_and_runs_the_system() -> None:
    for role, rights in RIGHTS.items():
        assert not {Right.VIEW, Right.ADMINISTER_ACCOUNTS} <= rights, role
        assert not {Right.VIEW, Right.AUDIT} <= rights, role
