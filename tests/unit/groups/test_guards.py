"""The demands of steps: a region's table is never laxer, and leaves no dead end."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.actions.stepping import _MEETS
from groups.guards import (
    MAY_ADD,
    WORDS,
    Demand,
    Guard,
    Step,
    Who,
    demand_of,
    demands_of,
    refusal,
    unmet,
)
from groups.transitions import (
    ACTIVITY_STATUSES,
    RECORD_STATES,
    REVIEW,
    TRANSFER_STATES,
)

Region = Mapping[str, frozenset[Demand]]
STEPS: list[Step] = [
    *(step for steps in RECORD_STATES.values() for step in steps),
    *(step for steps in ACTIVITY_STATUSES.values() for step in steps),
    REVIEW,
]
ALL: tuple[Demand, ...] = (*Who, *Guard)
# Which demands of the person each of the cast meets.
CAST: dict[str, set[Demand]] = {
    "analyst": {Who.OWNER},
    "supervisor": {Who.OWNER, Who.SUPERVISOR},
    "lead": {Who.OWNER, Who.SUPERVISOR, Who.LEAD},
}


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """Draw any table that a region can make, with or without its own moderation."""
    found = {
        verb: set(draw(st.sets(st.sampled_from(may)))) for verb, may in MAY_ADD.items()
    }
    if draw(st.booleans()):
        for verb in ("map", "return"):
            found.setdefault(verb, set()).add(Who.LEAD)
    return {verb: frozenset(demands) for verb, demands in found.items()}


situations = st.frozensets(st.sampled_from(ALL))
steps = st.sampled_from(STEPS)


@given(regions(), steps, situations)
def test_a_region_is_never_laxer(region: Region, step: Step, met: frozenset[Demand]):
    added = region.get(step.verb, frozenset())
    assert set(demands_of(step)) <= set(demands_of(step, added))
    if refusal(step, met.__contains__, added) is None:
        assert refusal(step, met.__contains__) is None
        assert added <= met


@given(regions(), steps, situations)
def test_what_is_refused_is_missing_and_no_demand_comes_twice(
    region: Region, step: Step, met: frozenset[Demand]
):
    added = region.get(step.verb, frozenset())
    missing = list(unmet(step, met.__contains__, added))
    assert len(missing) == len(set(missing))
    assert refusal(step, met.__contains__, added) == (missing[0] if missing else None)
    assert met.isdisjoint(missing)


@given(regions())
def test_somebody_can_still_take_every_step(region: Region):
    """Each state is left as in the table for all, once the group has what is asked."""
    facts = set(Guard) - {Guard.NOT_SUBMITTER}

    def may(who: str, step: Step, submitter: str) -> bool:
        other = set() if who == submitter else {Guard.NOT_SUBMITTER}
        met = CAST[who] | facts | other
        return refusal(step, met.__contains__, region.get(step.verb, ())) is None

    [submit] = RECORD_STATES["draft"]
    submitters = [who for who in CAST if may(who, submit, "")]
    assert submitters
    for submitter in {*submitters} - {"lead"}:
        for step in STEPS:
            assert any(may(who, step, submitter) for who in CAST), step


@given(regions())
def test_a_record_that_lacks_something_can_always_go_back(region: Region):
    """Whatever the group lacks, the lead can return what somebody else submitted."""
    met = CAST["lead"] | {Guard.REASON, Guard.NOT_SUBMITTER}
    for steps_from in RECORD_STATES.values():
        for step in steps_from:
            if step.to == "returned":
                added = region.get(step.verb, ())
                assert refusal(step, met.__contains__, added) is None


def test_what_may_be_added_is_more_than_some_step_asks() -> None:
    by_verb = {step.verb: step for step in STEPS}
    assert set(MAY_ADD) <= set(by_verb)
    for verb, demands in MAY_ADD.items():
        same = [step for step in STEPS if step.verb == verb]
        for demand in demands:
            assert any(demand not in demands_of(step) for step in same), (verb, demand)
    assert Who.LEAD not in {*MAY_ADD["submit"], *MAY_ADD["map"]}


def test_every_demand_has_words_and_is_really_checked() -> None:
    assert set(WORDS) == set(ALL)
    assert len({one.needs for one in WORDS.values()}) == len(ALL)
    asked = {demand for step in STEPS for demand in demands_of(step)}
    asked |= {demand for demands in MAY_ADD.values() for demand in demands}
    assert set(_MEETS) == asked | {Who.LEAD}
    transfers = {
        demand
        for leads in TRANSFER_STATES.values()
        for step in leads
        for demand in demands_of(step)
    }
    assert asked | transfers | {Who.LEAD} == set(ALL)


def test_who_comes_before_what() -> None:
    step = Step("archived", "archive", Who.SUPERVISOR)
    added = [Guard.REVIEW_AHEAD, Who.LEAD]
    assert demands_of(step, added) == [
        Who.SUPERVISOR,
        Who.LEAD,
        Guard.REASON,
        Guard.REVIEW_AHEAD,
    ]


def test_a_code_names_one_demand() -> None:
    assert [demand_of(one.value) for one in ALL] == list(ALL)
    with pytest.raises(ValueError, match="nothing"):
        demand_of("nothing")
