from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    CATALOGUE,
    INSUFFICIENT,
    OCGM16_LOCAL,
    SCHEMES,
    SLEIPNIR_2000,
    Claim,
    EvidenceRule,
    GroupFacts,
    JudgementFact,
    Level,
    floor,
    read,
    score,
    score_levels,
    total,
)
from tests.unit.scoring.engine.strategies import (
    AT,
    KNOWN,
    facts,
    facts_without_judgements,
    gravity,
    known_levels,
    quick,
    scheme_and_levels,
    schemes,
)

CRIMINALITY, CAPABILITY = (
    [factor.attribute for factor in axis.factors] for axis in OCGM16_LOCAL.axes
)


def all_at(scheme, level):
    return score_levels(dict.fromkeys(scheme.attribute_keys(), level), scheme)


def points(result):
    return {factor.attribute: factor.points for factor in result.factors()}


def test_sleipnir_gives_the_points_that_its_source_prints():
    levels = {
        "monopoly": Level.HIGH,
        "intelligence_use": Level.MEDIUM,
        "violence": Level.LOW,
    }
    found = points(score_levels(levels, SLEIPNIR_2000))

    assert (found["monopoly"], found["intelligence_use"], found["violence"]) == (
        20,
        20,
        18,
    )
    rest = dict.fromkeys(SLEIPNIR_2000.attribute_keys(), Level.NIL)
    assert score_levels(rest | levels, SLEIPNIR_2000).value == 58


@pytest.mark.parametrize(
    ("level", "value", "low", "high"),
    [
        (Level.HIGH, 760, 760, 760),
        (Level.MEDIUM, 380, 380, 380),
        (Level.UNKNOWN, 380, 0, 760),
        (Level.LOW, 190, 190, 190),
        (Level.NIL, 0, 0, 0),
    ],
)
def test_sleipnir_with_every_attribute_at_one_level(level, value, low, high):
    result = all_at(SLEIPNIR_2000, level)

    assert (result.value, result.low, result.high) == (value, low, high)
    assert (result.band, result.band_low, result.band_high) == (None, None, None)


@pytest.mark.parametrize(
    ("level", "value", "band"),
    [
        (Level.HIGH, 64, "1a"),
        (Level.MEDIUM, 32, "1a"),
        (Level.LOW, 16, "3b"),
        (Level.NIL, 0, "5c"),
        (Level.UNKNOWN, 0, INSUFFICIENT),
    ],
)
def test_ocgm16_with_every_attribute_at_one_level(level, value, band):
    result = all_at(OCGM16_LOCAL, level)

    assert (result.value, result.band) == (value, band)


@pytest.mark.parametrize(
    ("high_crimes", "number"), [(0, "5"), (1, "4"), (2, "3"), (3, "2"), (4, "1")]
)
def test_ocgm16_number_counts_kinds_of_crime_at_high(high_crimes, number):
    levels = dict.fromkeys(OCGM16_LOCAL.attribute_keys(), Level.NIL)
    levels |= dict.fromkeys(CRIMINALITY[:high_crimes], Level.HIGH)

    assert score_levels(levels, OCGM16_LOCAL).band == f"{number}c"


@pytest.mark.parametrize(("high_abilities", "letter"), [(1, "c"), (2, "b"), (4, "a")])
def test_ocgm16_letter_comes_from_the_other_axis_alone(high_abilities, letter):
    levels = dict.fromkeys(OCGM16_LOCAL.attribute_keys(), Level.NIL)
    levels |= dict.fromkeys(CAPABILITY[:high_abilities], Level.HIGH)

    assert score_levels(levels, OCGM16_LOCAL).band == f"5{letter}"


@pytest.mark.parametrize(
    ("known", "band"),
    [
        pytest.param(16, "5c", id="none-unknown"),
        pytest.param(8, "5c", id="half-unknown"),
        pytest.param(7, INSUFFICIENT, id="more-than-half-unknown"),
        pytest.param(0, INSUFFICIENT, id="all-unknown"),
    ],
)
def test_ocgm16_with_more_than_half_unknown_has_no_band(known, band):
    levels = dict.fromkeys(OCGM16_LOCAL.attribute_keys()[:known], Level.NIL)
    result = score_levels(levels, OCGM16_LOCAL)

    assert result.band == band
    assert result.unknown_count == 16 - known
    assert result.unknown_share == (16 - known) / 16


def test_ocgm16_gives_the_bands_at_both_ends_of_the_interval():
    levels = dict.fromkeys(CRIMINALITY, Level.HIGH)
    result = score_levels(levels, OCGM16_LOCAL)

    assert (result.band_low, result.band, result.band_high) == ("1c", "1c", "1a")
    assert [one.axis.code(one.high) for one in result.axes] == ["1", "a"]


def test_score_counts_what_rests_on_claims_alone():
    claim = Claim(7, "violence", Level.LOW, 1, "A", AT)
    judged = JudgementFact(3, "strategy", Level.HIGH, AT)

    result = score(GroupFacts(1, AT, (claim,), (judged,)), SLEIPNIR_2000)

    assert result.unjudged_count == 1
    assert result.unknown_count == 17
    assert result.attribute_count == 19


def test_floor_counts_well_founded_evidence_alone():
    sure = Claim(7, "violence", Level.LOW, 1, "B", AT)
    hearsay = replace(sure, report_id=8, level=Level.HIGH, assessment_grade="C")
    given_facts = GroupFacts(1, AT, (sure, hearsay))

    result = score(given_facts, SLEIPNIR_2000)

    assert (result.low, result.floor) == (72, 18)
    assert floor(given_facts, SLEIPNIR_2000, EvidenceRule(1, frozenset("A"))) == 0


def test_total_of_a_stored_reading_has_no_floor():
    reading = read(GroupFacts(1, AT), SLEIPNIR_2000)

    assert total(reading, SLEIPNIR_2000).floor is None


def test_reasons_exist_and_no_two_are_equal():
    for scheme in SCHEMES:
        for level in Level:
            reasons = [factor.reason for factor in all_at(scheme, level).factors()]
            assert all(reasons)
            assert len(set(reasons)) == len(scheme.attribute_keys())


def test_reason_says_level_meaning_sum_and_grounds():
    claim = Claim(7, "violence", Level.LOW, 1, "A", AT)
    judged = JudgementFact(3, "strategy", Level.HIGH, AT, (7, 8))
    bare = JudgementFact(4, "scope", Level.UNKNOWN, AT)
    result = score(GroupFacts(1, AT, (claim,), (judged, bare)), SLEIPNIR_2000)
    found = {factor.attribute: factor.reason for factor in result.factors()}

    assert found["violence"] == (
        f"Violence: low. Asks h{CATALOGUE['violence'].meaning[1:]} "
        "18 × 1 = 18 points. Rests on 1 report alone; no person has judged it yet."
    )
    assert found["strategy"].endswith(
        "13 × 4 = 52 points. Judged by a person, citing 2 reports."
    )
    assert found["scope"].endswith(
        "Counted as medium: 6 × 2 = 12 points; the truth may be worth 0 to 24. "
        "Judged by a person, citing no report."
    )
    assert found["mobility"].endswith("No judgement and no usable report says more.")


def test_reason_for_weight_one_and_bare_levels_is_plain():
    result = score_levels({"cohesion": Level.LOW}, OCGM16_LOCAL)
    found = {factor.attribute: factor for factor in result.factors()}

    assert found["cohesion"].reason.endswith(
        "1 point. The level was given without evidence."
    )
    assert (found["expertise"].low, found["expertise"].high) == (0, 4)


@quick
@given(scheme_and_levels())
def test_score_is_bounded_and_its_interval_holds_it(drawn):
    scheme, levels = drawn
    result = score_levels(levels, scheme)

    assert 0 <= result.low <= result.value <= result.high
    assert result.high <= all_at(scheme, Level.HIGH).value
    assert sum(factor.points for factor in result.factors()) == result.value
    assert sum(factor.low for factor in result.factors()) == result.low
    assert sum(factor.high for factor in result.factors()) == result.high


@quick
@given(scheme_and_levels(), st.data())
def test_score_of_every_completion_lies_in_the_interval(drawn, data):
    scheme, levels = drawn
    before = score_levels(levels, scheme)
    full = {
        key: data.draw(known_levels) if level == Level.UNKNOWN else level
        for key, level in levels.items()
    }
    after = score_levels(full, scheme)

    assert before.low <= after.value <= before.high
    assert after.low == after.value == after.high
    if scheme.has_bands:
        least, found, most = map(
            gravity, (before.band_low, after.band, before.band_high)
        )
        assert all(a <= b <= c for a, b, c in zip(least, found, most, strict=True))


@quick
@given(scheme_and_levels(), st.data())
def test_score_never_falls_when_a_level_is_raised(drawn, data):
    scheme, levels = drawn
    key = data.draw(st.sampled_from(scheme.attribute_keys()))
    results = [score_levels(levels | {key: level}, scheme) for level in KNOWN]

    for lower, higher in pairwise(results):
        assert lower.value < higher.value
        assert lower.low < higher.low
        assert lower.high < higher.high
        if scheme.has_bands and lower.band != INSUFFICIENT:
            less, more = gravity(lower.band), gravity(higher.band)
            assert all(a <= b for a, b in zip(less, more, strict=True))


@quick
@given(facts, schemes, st.data())
def test_score_low_never_rises_when_a_claim_is_removed(given_facts, scheme, data):
    kept = tuple(one for one in given_facts.claims if data.draw(st.booleans()))

    before = score(given_facts, scheme)
    after = score(replace(given_facts, claims=kept), scheme)

    assert after.low <= before.low
    assert after.floor <= before.floor
    assert before.floor <= before.low


@quick
@given(facts_without_judgements, schemes, st.data())
def test_score_low_never_rises_when_a_report_is_removed(given_facts, scheme, data):
    report = data.draw(st.integers(1, 12))
    kept = tuple(one for one in given_facts.claims if one.report_id != report)

    before = score(given_facts, scheme)
    after = score(replace(given_facts, claims=kept), scheme)

    assert after.low <= before.low
    assert after.unknown_count >= before.unknown_count


@quick
@given(facts_without_judgements, st.data())
def test_ocgm16_value_never_rises_when_a_claim_is_removed(given_facts, data):
    kept = tuple(one for one in given_facts.claims if data.draw(st.booleans()))

    before = score(given_facts, OCGM16_LOCAL)
    after = score(replace(given_facts, claims=kept), OCGM16_LOCAL)

    assert after.value <= before.value


@quick
@given(facts, schemes, st.randoms())
def test_score_is_the_same_in_any_order(given_facts, scheme, chance):
    claims, judgements = list(given_facts.claims), list(given_facts.judgements)
    chance.shuffle(claims)
    chance.shuffle(judgements)
    shuffled = replace(given_facts, claims=tuple(claims), judgements=tuple(judgements))

    assert score(shuffled, scheme) == score(given_facts, scheme)
