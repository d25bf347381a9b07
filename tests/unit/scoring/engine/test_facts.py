from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
    facts_digest,
    own_first,
)
from tests.unit.scoring.engine.strategies import AT, facts, quick

CLAIM = Claim(7, "violence", Level.LOW, 1, "A", AT)
JUDGEMENT = JudgementFact(3, "violence", Level.HIGH, AT, (8, 7))


@quick
@given(facts, st.randoms())
def test_facts_digest_is_the_same_in_any_order_and_on_any_day(given_facts, chance):
    claims, judgements = list(given_facts.claims), list(given_facts.judgements)
    chance.shuffle(claims)
    chance.shuffle(judgements)
    shuffled = GroupFacts(
        given_facts.group_id, date(2030, 1, 1), tuple(claims), tuple(judgements)
    )

    assert facts_digest(shuffled) == facts_digest(given_facts)


def test_facts_digest_moves_with_every_part_of_a_fact():
    changed = [
        GroupFacts(1, AT, (CLAIM,), (JUDGEMENT,)),
        GroupFacts(2, AT, (CLAIM,), (JUDGEMENT,)),
        GroupFacts(1, AT, (CLAIM,), ()),
        GroupFacts(1, AT, (replace(CLAIM, report_id=8),), (JUDGEMENT,)),
        GroupFacts(1, AT, (replace(CLAIM, level=Level.NIL),), (JUDGEMENT,)),
        GroupFacts(1, AT, (replace(CLAIM, source_grade=2),), (JUDGEMENT,)),
        GroupFacts(1, AT, (replace(CLAIM, assessment_grade="B"),), (JUDGEMENT,)),
        GroupFacts(1, AT, (replace(CLAIM, on=date(2026, 1, 1)),), (JUDGEMENT,)),
        GroupFacts(1, AT, (replace(CLAIM, withdrawn=True),), (JUDGEMENT,)),
        GroupFacts(1, AT, (CLAIM,), (replace(JUDGEMENT, cites=(7,)),)),
        GroupFacts(1, AT, (CLAIM,), (replace(JUDGEMENT, judgement_id=4),)),
    ]

    assert len({facts_digest(one) for one in changed}) == len(changed)


def test_facts_digest_counts_a_repeated_fact_once():
    once = GroupFacts(1, AT, (CLAIM,), (replace(JUDGEMENT, cites=(7, 8)),))
    twice = GroupFacts(1, AT, (CLAIM, CLAIM), (JUDGEMENT,))

    assert facts_digest(once) == facts_digest(twice)


@quick
@given(facts, st.sets(st.integers(1, 1000)))
def test_a_judgement_that_was_brought_stands_back_behind_any_own(given_facts, more):
    judgements = given_facts.judgements
    brought = more | {one.judgement_id for one in judgements[::2]}
    kept = own_first(judgements, brought, AT)

    own = {one for one in judgements if one.judgement_id not in brought}
    assert own <= set(kept) <= set(judgements)
    held = {one.attribute for one in own if one.on <= AT}
    for one in judgements:
        stands_back = one.judgement_id in brought and one.attribute in held
        assert (one in kept) is not stands_back
    assert own_first(judgements, (), AT) == judgements
