from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    OCGM16_LOCAL,
    GroupFacts,
    JudgementFact,
    Level,
    rests_on_own,
    score,
)
from tests.unit.scoring.engine.strategies import AT, quick
from tests.unit.scoring.engine.test_fragility import facts

KEYS = OCGM16_LOCAL.attribute_keys()
ids = st.sets(st.integers(1, 99))


def judged(*levels: Level) -> GroupFacts:
    return GroupFacts(
        1,
        AT,
        judgements=tuple(
            JudgementFact(place, key, level, AT)
            for place, (key, level) in enumerate(zip(KEYS, levels, strict=False), 1)
        ),
    )


ALL = judged(*[Level.HIGH] * len(KEYS))
EVERY = set(range(1, len(KEYS) + 1))


def test_all_by_one_person_is_their_own() -> None:
    assert rests_on_own(ALL, OCGM16_LOCAL, new=EVERY, own=EVERY)


def test_none_by_them_is_not() -> None:
    assert not rests_on_own(ALL, OCGM16_LOCAL, new=EVERY, own=())


def test_one_that_moves_nothing_is_not() -> None:
    nil = judged(*[Level.NIL] * len(KEYS))
    assert not rests_on_own(nil, OCGM16_LOCAL, new=EVERY, own={1})


def test_most_of_them_is_their_own_though_others_judged_too() -> None:
    assert rests_on_own(ALL, OCGM16_LOCAL, new=EVERY, own=EVERY - {1})


def test_those_that_were_confirmed_before_do_not_count() -> None:
    assert not rests_on_own(ALL, OCGM16_LOCAL, new=(), own=EVERY)


@given(facts, ids, ids)
@quick
def test_it_is_what_counting_without_them_says(
    given_facts: GroupFacts, new: set[int], own: set[int]
) -> None:
    found = rests_on_own(given_facts, OCGM16_LOCAL, new=new, own=own)
    mine = {one.judgement_id for one in given_facts.judgements} & new & own
    kept = tuple(one for one in given_facts.judgements if one.judgement_id not in mine)
    before = score(given_facts, OCGM16_LOCAL).band
    if not mine:
        assert not found
    elif len(mine) == len(given_facts.judgements) and len(
        {one.attribute for one in given_facts.judgements}
    ) == len(given_facts.judgements):
        assert found
    # Where nobody judged an attribute twice, the superseded play no part.
    attributes = [one.attribute for one in given_facts.judgements]
    if len(set(attributes)) == len(attributes):
        without = score(replace(given_facts, judgements=kept), OCGM16_LOCAL).band
        assert found or without == before
