from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import (
    OCGM16_LOCAL,
    SLEIPNIR_2000,
    Cause,
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
    Shown,
    read,
    score,
    score_levels,
    waterfall,
)
from tests.unit.scoring.engine.strategies import (
    AT,
    facts,
    quick,
    scheme_and_levels,
    schemes,
)

LATER = AT + timedelta(days=60)
HIGH = Claim(7, "violence", Level.HIGH, 1, "A", AT)


def moment(given_facts, scheme=SLEIPNIR_2000):
    return Shown(scheme, read(given_facts, scheme), given_facts)


def of(*claims, judged=(), at=LATER):
    return GroupFacts(1, at, claims, judged)


def moved(before, after, scheme=SLEIPNIR_2000, scheme_after=SLEIPNIR_2000):
    """Return what each cause that moved anything moved it by."""
    found = waterfall(moment(before, scheme), moment(after, scheme_after))
    return {part.cause: part.change for part in found.parts if part.change}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(of(), of(), {}, id="nothing"),
        # Unknown counts as medium in this scheme: 36 points of violence.
        pytest.param(of(), of(HIGH), {Cause.NEW: 36}, id="a new report"),
        pytest.param(of(HIGH), of(), {Cause.WITHDRAWAL: -36}, id="withdrawn"),
        pytest.param(
            of(HIGH),
            of(replace(HIGH, withdrawn=True)),
            {Cause.WITHDRAWAL: -36},
            id="marked withdrawn",
        ),
        pytest.param(
            of(HIGH),
            of(replace(HIGH, assessment_grade="D")),
            {Cause.REGRADE: -36},
            id="graded too low to count",
        ),
        pytest.param(
            of(replace(HIGH, source_grade=3)),
            of(HIGH),
            {Cause.REGRADE: 36},
            id="graded well enough to count",
        ),
        pytest.param(
            of(HIGH),
            of(HIGH, judged=(JudgementFact(3, "violence", Level.NIL, LATER),)),
            {Cause.JUDGEMENT: -72},
            id="judged",
        ),
        pytest.param(
            of(HIGH, at=AT),
            of(HIGH, at=AT + timedelta(days=900)),
            {Cause.AGEING: -36},
            id="left the window",
        ),
        pytest.param(
            of(HIGH),
            of(replace(HIGH, level=Level.LOW)),
            {Cause.WITHDRAWAL: -54},
            id="says less than it did",
        ),
        pytest.param(
            of(HIGH, at=AT),
            of(
                replace(HIGH, report_id=8, on=AT + timedelta(days=890)),
                at=AT + timedelta(days=900),
            ),
            {Cause.AGEING: -36, Cause.NEW: 36},
            id="one goes as another comes",
        ),
    ],
)
def test_each_cause_bears_what_it_moved(before, after, expected):
    assert moved(before, after) == expected


def test_the_scheme_bears_what_the_same_evidence_is_worth_under_it():
    before, after = (score(of(HIGH), one) for one in (SLEIPNIR_2000, OCGM16_LOCAL))

    found = moved(of(HIGH), of(HIGH), scheme_after=OCGM16_LOCAL)
    assert found == {Cause.SCHEME: after.value - before.value}


def test_a_step_names_attribute_levels_and_reports():
    judged = JudgementFact(3, "scope", Level.HIGH, LATER, (9, 8))
    found = waterfall(moment(of()), moment(of(HIGH, judged=(judged,))))
    parts = {part.cause: part for part in found.parts}

    [new] = parts[Cause.NEW].steps
    assert (new.attribute, new.change) == ("violence", 36)
    assert (new.before, new.after) == (Level.UNKNOWN, Level.HIGH)
    assert (new.report_ids, new.judgement_id) == ((7,), None)
    [decided] = parts[Cause.JUDGEMENT].steps
    assert (decided.report_ids, decided.judgement_id) == ((8, 9), 3)


def test_bands_in_between_are_told_where_the_evidence_says_all():
    judged = tuple(
        JudgementFact(place, key, Level.NIL, AT)
        for place, key in enumerate(OCGM16_LOCAL.attribute_keys())
        if key != "drug_activity"
    )
    claim = replace(HIGH, attribute="drug_activity")
    before = moment(of(judged=judged), OCGM16_LOCAL)
    after = moment(of(claim, judged=judged), OCGM16_LOCAL)

    bands = [part.band for part in waterfall(before, after).parts]
    assert bands == ["5c", "5c", "4c", "4c", "4c", "4c", "4c", "4c"]
    other = score_levels({"cohesion": Level.HIGH}, OCGM16_LOCAL).reading
    found = waterfall(replace(before, reading=other), after)
    assert {part.band for part in found.parts[:-1]} == {None}
    assert found.parts[-1].band == "4c"


def test_the_rest_bears_what_the_evidence_does_not_explain():
    shown = score_levels({"violence": Level.HIGH}, SLEIPNIR_2000).reading
    before = replace(moment(of()), reading=shown)

    found = waterfall(before, moment(of()))
    assert [part.change for part in found.parts] == [0, 0, 0, 0, 0, 0, 0, -36]
    [step] = found.parts[-1].steps
    assert (step.attribute, step.change, step.before) == ("violence", -36, None)


def test_merged_records_bear_what_came_with_them_and_nothing_else_does():
    before = replace(moment(of()), regrouped=of(HIGH))
    found = waterfall(before, moment(of(HIGH)))
    assert {part.cause: part.change for part in found.parts if part.change} == {
        Cause.MERGE: 36
    }
    [step] = found.parts[0].steps
    assert step.report_ids == (7,)


@quick
@given(facts, facts, facts, st.integers(0, 800), schemes)
def test_parts_add_up_whatever_was_merged(before, regrouped, after, days, scheme):
    shown = replace(moment(before, scheme), regrouped=regrouped)
    found = waterfall(shown, moment(dated(after, days), scheme))
    assert sum(part.change for part in found.parts) == found.after - found.before
    assert found.parts[-1].change == 0


def dated(given_facts, days):
    return replace(given_facts, at=AT + timedelta(days=days))


@quick
@given(facts, facts, st.integers(0, 800), schemes, schemes)
def test_parts_add_up_and_nothing_is_left_where_all_is_seen(
    before, after, days, scheme, scheme_after
):
    later = dated(after, days)
    found = waterfall(moment(before, scheme), moment(later, scheme_after))

    assert [part.cause for part in found.parts] == list(Cause)
    assert found.before == score(before, scheme).value
    assert found.after == score(later, scheme_after).value
    assert sum(part.change for part in found.parts) == found.after - found.before
    value = found.before
    for part in found.parts:
        value += part.change
        assert part.value == value
        assert part.change == sum(step.change for step in part.steps)
    assert found.parts[-1].change == 0
    assert found.parts[-1].band == score(later, scheme_after).band


@quick
@given(facts, facts, scheme_and_levels(), scheme_and_levels())
def test_parts_add_up_whatever_the_shown_scores_say(before, after, drawn, drawn_after):
    moments = [
        Shown(scheme, score_levels(levels, scheme).reading, given_facts)
        for given_facts, (scheme, levels) in ((before, drawn), (after, drawn_after))
    ]
    shown, shown_after = (score_levels(lev, one) for one, lev in (drawn, drawn_after))

    found = waterfall(*moments)
    assert (found.before, found.after) == (shown.value, shown_after.value)
    assert sum(part.change for part in found.parts) == found.after - found.before


@quick
@given(facts, facts, schemes, st.randoms())
def test_the_waterfall_is_the_same_in_any_order(before, after, scheme, chance):
    shuffled = []
    for one in (before, after):
        given_claims = list(one.claims)
        chance.shuffle(given_claims)
        shuffled.append(moment(replace(one, claims=tuple(given_claims)), scheme))

    expected = waterfall(moment(before, scheme), moment(after, scheme))
    found = waterfall(*shuffled)
    assert [part.value for part in found.parts] == [
        part.value for part in expected.parts
    ]
