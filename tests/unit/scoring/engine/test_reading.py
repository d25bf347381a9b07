import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    OCGM16_LOCAL,
    SCHEMES,
    SLEIPNIR_2000,
    Claim,
    Evidence,
    EvidenceRule,
    GroupFacts,
    JudgementFact,
    Level,
    next_change_on,
    read,
    reading_from_json,
)
from scoring.engine.reading import leaves_window_on, window_opens_on
from tests.unit.scoring.engine.strategies import AT, claims, facts, quick, schemes

LOW = Claim(7, "violence", Level.LOW, 1, "A", AT)
JUDGED = JudgementFact(3, "violence", Level.LOW, AT, (9, 7))


def violence(*found, at=AT):
    given_claims = tuple(one for one in found if isinstance(one, Claim))
    judged = tuple(one for one in found if isinstance(one, JudgementFact))
    reading = read(GroupFacts(1, at, given_claims, judged), SLEIPNIR_2000)
    return next(entry for entry in reading.entries if entry.attribute == "violence")


def test_read_without_facts_is_unknown_throughout():
    for scheme in SCHEMES:
        reading = read(GroupFacts(1, AT), scheme)
        assert [entry.level for entry in reading.entries] == (
            [Level.UNKNOWN] * len(scheme.attribute_keys())
        )
        assert reading.as_json() == []


def test_read_takes_the_highest_claim_with_all_reports_that_make_it():
    entry = violence(
        LOW,
        replace(LOW, report_id=5, level=Level.MEDIUM, source_grade=2),
        replace(LOW, report_id=4, level=Level.MEDIUM, assessment_grade="C"),
    )

    assert entry.level == Level.MEDIUM
    assert entry.unjudged
    assert entry.evidence == Evidence(None, (4, 5))


@pytest.mark.parametrize(
    "unusable",
    [
        pytest.param({"source_grade": 3}, id="source-not-reliable"),
        pytest.param({"assessment_grade": "D"}, id="not-known"),
        pytest.param({"assessment_grade": "E"}, id="suspected-false"),
        pytest.param({"withdrawn": True}, id="withdrawn"),
        pytest.param({"on": date(2024, 5, 30)}, id="older-than-24-months"),
        pytest.param({"on": date(2026, 6, 1)}, id="dated-after-the-reading"),
        pytest.param({"level": Level.UNKNOWN}, id="claims-nothing"),
    ],
)
def test_read_leaves_out_a_claim_that_is_not_usable(unusable):
    assert violence(replace(LOW, **unusable)).level == Level.UNKNOWN


def test_read_takes_a_claim_on_the_first_and_last_day_of_the_window():
    assert violence(replace(LOW, on=date(2024, 5, 31))).level == Level.LOW
    assert violence(replace(LOW, on=date(2026, 5, 31))).level == Level.LOW


def test_read_takes_a_judgement_before_any_claim():
    entry = violence(JUDGED, replace(LOW, level=Level.HIGH))

    assert entry.level == Level.LOW
    assert not entry.unjudged
    assert entry.evidence == Evidence(3, (7, 9))


def test_read_keeps_a_judgement_of_unknown():
    entry = violence(replace(JUDGED, level=Level.UNKNOWN), LOW)

    assert entry.level == Level.UNKNOWN
    assert entry.evidence.judgement_id == 3


def test_read_takes_the_newest_judgement_not_after_the_day():
    older = replace(JUDGED, judgement_id=9, level=Level.HIGH, on=date(2020, 1, 1))
    later = replace(JUDGED, judgement_id=4, level=Level.NIL, on=date(2026, 6, 1))
    same_day = replace(JUDGED, judgement_id=5, level=Level.MEDIUM)

    assert violence(older, later).level == Level.HIGH
    assert violence(older, later, JUDGED, same_day).level == Level.MEDIUM
    assert violence(older, later, JUDGED, at=date(2026, 6, 1)).level == Level.NIL


def test_read_only_narrows_the_claims_and_leaves_judgements():
    sure = EvidenceRule(1, frozenset("A"))
    given_facts = GroupFacts(
        1,
        AT,
        (LOW, replace(LOW, attribute="strategy", source_grade=2)),
        (replace(JUDGED, attribute="scope"),),
    )

    reading = read(given_facts, SLEIPNIR_2000, only=sure)

    assert [item["attribute"] for item in reading.as_json()] == ["scope", "violence"]


@quick
@given(facts, claims, schemes)
def test_read_never_lowers_a_level_for_a_claim(given_facts, claim, scheme):
    more = replace(given_facts, claims=(*given_facts.claims, claim))
    rank = [Level.UNKNOWN, Level.NIL, Level.LOW, Level.MEDIUM, Level.HIGH].index

    before, after = read(given_facts, scheme), read(more, scheme)

    for old, new in zip(before.entries, after.entries, strict=True):
        assert rank(new.level) >= rank(old.level)
        if old.evidence.judgement_id is not None:
            assert new == old


@quick
@given(facts, schemes, st.randoms())
def test_read_is_the_same_in_any_order(given_facts, scheme, chance):
    claims, judgements = list(given_facts.claims), list(given_facts.judgements)
    chance.shuffle(claims)
    chance.shuffle(judgements)
    shuffled = replace(given_facts, claims=tuple(claims), judgements=tuple(judgements))

    assert read(shuffled, scheme) == read(given_facts, scheme)
    assert read(shuffled, scheme).digest() == read(given_facts, scheme).digest()


@quick
@given(facts, schemes)
def test_reading_comes_back_from_storage_as_it_was(given_facts, scheme):
    reading = read(given_facts, scheme)
    stored = json.loads(json.dumps(reading.as_json()))

    assert reading_from_json(stored, scheme) == reading


def test_digest_leaves_out_the_claims_that_were_not_used():
    used = GroupFacts(1, AT, (replace(LOW, level=Level.HIGH),))
    more = replace(used, claims=(*used.claims, replace(LOW, report_id=99)))

    assert read(used, SLEIPNIR_2000).digest() == read(more, SLEIPNIR_2000).digest()


def test_digest_moves_with_level_grounds_and_reports():
    readings = [
        read(GroupFacts(1, AT, given_claims, judged), SLEIPNIR_2000).digest()
        for given_claims, judged in (
            ((), ()),
            ((LOW,), ()),
            ((replace(LOW, report_id=8),), ()),
            ((replace(LOW, level=Level.NIL),), ()),
            ((), (JUDGED,)),
            ((), (replace(JUDGED, cites=(7,)),)),
            ((), (replace(JUDGED, judgement_id=8),)),
        )
    ]

    assert len(set(readings)) == len(readings)


def test_next_change_on_is_the_day_a_supporting_claim_leaves():
    given_facts = GroupFacts(
        1,
        AT,
        (
            replace(LOW, level=Level.HIGH, on=date(2025, 1, 15)),
            replace(LOW, report_id=8, on=date(2024, 7, 1)),
        ),
    )

    assert next_change_on(given_facts, SLEIPNIR_2000) == date(2027, 1, 16)
    assert next_change_on(given_facts, OCGM16_LOCAL) is None


def test_next_change_on_is_none_where_judgements_hold_everything():
    given_facts = GroupFacts(1, AT, (LOW,), (JUDGED,))

    assert next_change_on(given_facts, SLEIPNIR_2000) is None


def test_next_change_on_passes_over_a_day_on_which_nothing_changes():
    older = replace(LOW, on=date(2025, 1, 15))
    newer = replace(LOW, on=date(2025, 6, 1))

    found = next_change_on(GroupFacts(1, AT, (older, newer)), SLEIPNIR_2000)

    assert found == date(2027, 6, 2)


def test_next_change_on_is_the_day_a_later_fact_begins_to_count():
    later = replace(LOW, on=AT + timedelta(days=3))
    decided = replace(JUDGED, on=AT + timedelta(days=2))

    assert next_change_on(GroupFacts(1, AT, (later,)), SLEIPNIR_2000) == later.on
    assert (
        next_change_on(GroupFacts(1, AT, (later,), (decided,)), SLEIPNIR_2000)
        == decided.on
    )


@quick
@given(facts, schemes)
def test_next_change_on_is_the_first_day_with_another_digest(given_facts, scheme):
    now = read(given_facts, scheme)
    turn = next_change_on(given_facts, scheme)
    last = turn or AT + timedelta(days=900)

    for day in (AT, AT + (last - AT) / 2, last - timedelta(days=1)):
        assert read(replace(given_facts, at=day), scheme).digest() == now.digest()
    if turn is not None:
        assert read(replace(given_facts, at=turn), scheme).digest() != now.digest()


@quick
@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_leaves_window_on_is_the_first_day_outside(on, months):
    leaving = leaves_window_on(on, months)

    assert window_opens_on(leaving, months) > on
    assert window_opens_on(leaving - timedelta(days=1), months) <= on


@pytest.mark.parametrize(
    ("at", "months", "opens"),
    [
        (date(2026, 5, 31), 24, date(2024, 5, 31)),
        (date(2024, 2, 29), 24, date(2022, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(1, 5, 1), 24, date.min),
    ],
)
def test_window_opens_on_is_calendar_months_back(at, months, opens):
    assert window_opens_on(at, months) == opens
