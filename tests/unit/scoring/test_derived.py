"""What recorded facts say of an attribute: never less for more, and never nil."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import CATALOGUE, Level
from scoring.engine.attributes import RANK
from scoring.engine.derived import (
    REACHES,
    Derived,
    Measure,
    Place,
    RecordedFacts,
    derive,
    measured,
)
from scoring.scores.derived import derived_rules
from tests.unit.scoring.engine.strategies import KNOWN, quick

numbers = st.frozensets(st.integers(1, 6), max_size=6)
# An area is always of one region, so that facts agree with each other.
places = st.frozensets(
    st.builds(
        lambda area, country: Place(
            area, area % 3 if area and area != 7 else None, country
        ),
        st.sampled_from([None, 1, 2, 3, 4, 7]),
        st.sampled_from(["GB", "GB", "GB", "NL"]),
    ),
    max_size=5,
)
facts = st.builds(
    RecordedFacts, places=places, threats=numbers, linked=numbers, sharing=numbers
)


def joined(one: RecordedFacts, other: RecordedFacts) -> RecordedFacts:
    return RecordedFacts(
        one.places | other.places,
        one.threats | other.threats,
        one.linked | other.linked,
        one.sharing | other.sharing,
    )


@quick
@given(facts, facts)
def test_more_facts_never_say_less(one, other):
    less, more = (
        derive(one, derived_rules()),
        derive(joined(one, other), derived_rules()),
    )
    for key, found in less.items():
        assert RANK[more[key].level] >= RANK[found.level]


@quick
@given(facts)
def test_what_is_said_has_ground_and_is_never_nil(one):
    counts = measured(one)
    for key, found in derive(one, derived_rules()).items():
        assert key in CATALOGUE
        assert found.level in (Level.LOW, Level.MEDIUM, Level.HIGH)
        assert found.count == counts[found.measure] > 0
    assert 0 <= counts[Measure.REACH] < len(REACHES)


def test_nothing_recorded_says_nothing():
    assert derive(RecordedFacts(), derived_rules()) == {}


@quick
@given(facts, st.randoms())
def test_the_order_of_rules_changes_nothing(one, chance):
    rules = list(derived_rules())
    chance.shuffle(rules)
    assert derive(one, rules) == derive(one, derived_rules())


@pytest.mark.parametrize(
    ("given_places", "reach", "level"),
    [
        ([], 0, None),
        ([Place(1, 1)], 1, Level.LOW),
        ([Place(1, 1), Place(1, 1)], 1, Level.LOW),
        ([Place(1, 1), Place(2, 1)], 2, Level.MEDIUM),
        ([Place(1, 1), Place(3, 2)], 3, Level.HIGH),
        ([Place(1, 1), Place(9, None)], 3, Level.HIGH),
        ([Place(9, None)], 1, Level.LOW),
        ([Place(None, None)], 0, None),
        ([Place(None, None, "NL")], 4, Level.HIGH),
    ],
)
def test_reach_by_hand(given_places, reach, level):
    one = RecordedFacts(places=frozenset(given_places))
    assert measured(one)[Measure.REACH] == reach
    found = derive(one, derived_rules()).get("geographical_scope")
    assert (found.level if found else None) == level


def test_a_group_that_is_linked_and_shares_a_member_counts_once():
    one = RecordedFacts(linked=frozenset({5}), sharing=frozenset({5, 6}))
    assert measured(one)[Measure.LINKED_GROUPS] == 2
    less = replace(one, sharing=frozenset())
    assert derive(less, derived_rules())["links_to_other_ocgs"].level == Level.LOW


@pytest.mark.parametrize("level", list(Level))
def test_an_unknown_level_is_no_disagreement(level):
    found = Derived("scope", Level.MEDIUM, Measure.REACH, 2)
    expected = level in KNOWN and level != Level.MEDIUM
    assert found.disagrees_with(level) is expected


def test_each_rule_has_a_source_and_says_how_sure_it_is():
    rules = derived_rules()
    assert {rule.attribute for rule in rules} == {
        "geographical_scope",
        "scope",
        "multiple_enterprises",
        "links_to_other_ocgs",
        "links_to_other_oc_groups",
    }
    assert all(rule.source and rule.confidence for rule in rules)
