from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    INSUFFICIENT,
    OCGM16_LOCAL,
    SLEIPNIR_2000,
    Claim,
    Finding,
    GroupFacts,
    JudgementFact,
    Level,
    fragility,
    score,
)
from tests.unit.scoring.engine.strategies import AT, quick

KEYS = OCGM16_LOCAL.attribute_keys()
HIGH = Claim(1, KEYS[0], Level.HIGH, 1, "A", AT)
NILS = tuple(
    JudgementFact(place, key, Level.NIL, AT) for place, key in enumerate(KEYS[2:])
)

# Enough attributes for a band, of which some rest on few reports of many levels.
claims = st.lists(
    st.builds(
        Claim,
        report_id=st.integers(1, 7),
        attribute=st.sampled_from(KEYS[:10]),
        level=st.sampled_from(list(Level)),
        source_grade=st.integers(1, 3),
        assessment_grade=st.sampled_from("ABCD"),
        on=st.just(AT),
    ),
    min_size=6,
    max_size=24,
).map(tuple)
judgements = st.lists(
    st.builds(
        JudgementFact,
        judgement_id=st.integers(1, 99),
        attribute=st.sampled_from(KEYS[6:]),
        level=st.sampled_from(list(Level)),
        on=st.just(AT),
    ),
    max_size=8,
).map(tuple)
facts = st.builds(GroupFacts, st.just(1), st.just(AT), claims, judgements)
# A scheme that counts an unknown for more than nil, so that a removal can raise a band.
RAISING = replace(OCGM16_LOCAL, key="raising", unknown_as=Level.MEDIUM)


def band_without(given_facts, reports, scheme=OCGM16_LOCAL):
    kept = tuple(one for one in given_facts.claims if one.report_id not in reports)
    return score(replace(given_facts, claims=kept), scheme).band


def smallest(given_facts, scheme):
    """Return the size of the smallest set that moves the band, by trying all."""
    band = score(given_facts, scheme).band
    reports = sorted({one.report_id for one in given_facts.claims})
    return next(
        (
            size
            for size in range(1, len(reports) + 1)
            for chosen in combinations(reports, size)
            if band_without(given_facts, chosen, scheme) != band
        ),
        None,
    )


@quick
@given(facts, st.sampled_from([OCGM16_LOCAL, RAISING]))
def test_fragility_is_what_trying_every_set_finds(given_facts, scheme):
    found = fragility(given_facts, scheme, most_sets=100_000)

    expected = smallest(given_facts, scheme)
    assert found.band == score(given_facts, scheme).band
    assert found.finding == (Finding.NONE if expected is None else Finding.EXACT)
    assert len(found.reports) == (expected or 0)
    if found.reports:
        assert band_without(given_facts, found.reports, scheme) == found.band_without
        assert found.band_without != found.band


@quick
@given(facts, st.integers(0, 3))
def test_fragility_by_a_bounded_search_says_between_what_it_lies(given_facts, most):
    found = fragility(given_facts, OCGM16_LOCAL, most_sets=most)

    expected = smallest(given_facts, OCGM16_LOCAL)
    assert (found.finding is Finding.NONE) == (expected is None)
    if expected is not None:
        assert 1 <= found.at_least <= expected <= len(found.reports)
        assert band_without(given_facts, found.reports) != found.band
        if found.finding is Finding.EXACT:
            assert len(found.reports) == expected


@quick
@given(facts, st.randoms())
def test_fragility_is_the_same_in_any_order(given_facts, chance):
    shuffled = list(given_facts.claims)
    chance.shuffle(shuffled)

    again = fragility(replace(given_facts, claims=tuple(shuffled)), OCGM16_LOCAL)
    assert again == fragility(given_facts, OCGM16_LOCAL)


def test_fragility_names_the_one_report_that_a_band_hangs_on():
    other = replace(HIGH, report_id=2, level=Level.LOW)
    given_facts = GroupFacts(1, AT, (HIGH, other), NILS)

    found = fragility(given_facts, OCGM16_LOCAL)

    assert found.finding is Finding.EXACT
    assert found.reports == (1,)
    assert (found.band, found.band_without) == ("4c", "5c")
    assert found.judged == len(NILS)


def test_fragility_counts_every_report_at_the_highest_level():
    again = replace(HIGH, report_id=2)

    found = fragility(GroupFacts(1, AT, (HIGH, again), NILS), OCGM16_LOCAL)

    assert found.reports == (1, 2)


def test_fragility_leaves_a_judgement_that_cites_the_report():
    judged = JudgementFact(99, KEYS[0], Level.HIGH, AT, (1,))

    found = fragility(GroupFacts(1, AT, (HIGH,), (*NILS, judged)), OCGM16_LOCAL)

    assert found.finding is Finding.NONE
    assert found.judged == len(NILS) + 1


def test_fragility_sees_that_too_much_becomes_unknown():
    claims = tuple(replace(HIGH, attribute=key, level=Level.NIL) for key in KEYS[:8])

    found = fragility(GroupFacts(1, AT, claims), OCGM16_LOCAL)

    assert found.reports == (1,)
    assert (found.band, found.band_without) == ("5c", INSUFFICIENT)


@pytest.mark.parametrize(
    ("given_facts", "scheme"),
    [
        pytest.param(GroupFacts(1, AT, (HIGH,), NILS), SLEIPNIR_2000, id="no bands"),
        pytest.param(GroupFacts(1, AT, (HIGH,)), OCGM16_LOCAL, id="insufficient"),
        pytest.param(GroupFacts(1, AT), OCGM16_LOCAL, id="no evidence"),
    ],
)
def test_fragility_where_no_removal_can_move_the_band(given_facts, scheme):
    assert fragility(given_facts, scheme).finding is Finding.NONE
