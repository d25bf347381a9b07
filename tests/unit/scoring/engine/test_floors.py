from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    SLEIPNIR_2000,
    Claim,
    EvidenceFilter,
    EvidenceRule,
    GroupFacts,
    JudgementFact,
    Level,
    floor,
    score,
    score_under,
)
from scoring.engine.floors import ANY_GRADE
from tests.unit.scoring.engine.strategies import AT, facts, quick, schemes

HIGH = Claim(1, "violence", Level.HIGH, 1, "B", date(2026, 1, 1))
LOW = replace(HIGH, report_id=2, level=Level.LOW)

filters = st.builds(
    EvidenceFilter,
    grades=st.builds(
        EvidenceRule,
        worst_source=st.integers(1, 3),
        assessments=st.sampled_from(["A", "AB", "ABCDE"]).map(frozenset),
    ),
    months=st.sampled_from([None, 6, 12]),
    reports=st.integers(1, 3),
)


def low_of(chosen, *claims, judged=()):
    given_facts = GroupFacts(1, AT, claims, judged)
    return score_under(given_facts, SLEIPNIR_2000, chosen).low


@pytest.mark.parametrize(
    ("chosen", "low"),
    [
        pytest.param(EvidenceFilter(), 72, id="any"),
        pytest.param(
            EvidenceFilter(EvidenceRule(1, frozenset("A"))), 0, id="other grade"
        ),
        pytest.param(EvidenceFilter(months=5), 72, id="inside the months"),
        pytest.param(EvidenceFilter(months=4), 0, id="before the months"),
        pytest.param(EvidenceFilter(reports=2), 18, id="as far as two reach"),
        pytest.param(EvidenceFilter(reports=3), 0, id="three do not"),
    ],
)
def test_floor_counts_the_chosen_evidence_alone(chosen, low):
    assert low_of(chosen, HIGH, LOW) == low


def test_floor_counts_a_report_once_where_it_says_two_things():
    assert low_of(EvidenceFilter(reports=2), HIGH, replace(LOW, report_id=1)) == 0


def test_floor_leaves_judgements_standing():
    judged = JudgementFact(3, "violence", Level.MEDIUM, AT)

    assert low_of(EvidenceFilter(reports=9), HIGH, judged=(judged,)) == 36


@quick
@given(facts, schemes, filters)
def test_floor_under_any_filter_is_not_above_the_lower_end(given_facts, scheme, chosen):
    assert (
        score_under(given_facts, scheme, chosen).low <= score(given_facts, scheme).low
    )


@quick
@given(facts, schemes)
def test_floor_under_the_schemes_own_rule_is_its_floor(given_facts, scheme):
    own = EvidenceFilter(scheme.floor_rule)

    found = score_under(given_facts, scheme, own).low
    assert found == floor(given_facts, scheme, scheme.floor_rule)
    every = score_under(given_facts, scheme, EvidenceFilter(ANY_GRADE))
    assert every.reading == score(given_facts, scheme).reading


@quick
@given(facts, schemes, filters, st.data())
def test_floor_never_rises_when_a_claim_is_removed(given_facts, scheme, chosen, data):
    kept = tuple(one for one in given_facts.claims if data.draw(st.booleans()))

    before = score_under(given_facts, scheme, chosen)
    after = score_under(replace(given_facts, claims=kept), scheme, chosen)
    assert after.low <= before.low
