"""When an answer is due, what a request comes to, and what the letter says."""

from datetime import date

import pytest

from intelligence.subject_rights import (
    DECISIONS,
    FOLLOWING,
    GROUNDS,
    NEUTRAL,
    RIGHTS,
    SECTIONS,
    STATES,
    WHOLE,
    Decided,
    Decision,
    Ground,
    Section,
    State,
    Timing,
    Whole,
    due_on,
    letter,
    outcome_of,
)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param(date(2026, 3, 3), date(2026, 4, 3), id="the same day"),
        pytest.param(date(2026, 1, 31), date(2026, 2, 28), id="a shorter month"),
        pytest.param(date(2028, 1, 31), date(2028, 2, 29), id="a leap year"),
        pytest.param(date(2026, 1, 28), date(2026, 2, 28), id="its last day"),
        pytest.param(date(2026, 2, 28), date(2026, 3, 28), id="not the end again"),
        pytest.param(date(2026, 8, 31), date(2026, 9, 30), id="thirty days"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 31), id="over the year"),
    ],
)
def test_one_month_from_the_day_it_came(received: date, due: date) -> None:
    assert due_on(Timing(received)) == due


def test_the_month_runs_from_the_proof_of_who_they_are() -> None:
    asked = Timing(date(2026, 1, 31), is_identity_asked=True)
    assert due_on(asked) is None
    proved = Timing(date(2026, 1, 31), date(2026, 2, 10), is_identity_asked=True)
    assert due_on(proved) == date(2026, 3, 10)
    # Who proved it before they asked gained nothing and lost nothing.
    before = Timing(date(2026, 1, 31), date(2026, 1, 2), is_identity_asked=True)
    assert due_on(before) == date(2026, 2, 28)


def test_an_extension_adds_two_months_to_the_same_start() -> None:
    extended = Timing(date(2026, 1, 31), is_extended=True)
    assert due_on(extended) == date(2026, 4, 30)
    assert due_on(Timing(date(2025, 11, 30), is_extended=True)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        pytest.param([], State.ANSWERED, id="nothing held"),
        pytest.param([Decision.NOT_THEIRS], State.ANSWERED, id="nothing theirs"),
        pytest.param([Decision.DISCLOSE], State.ANSWERED, id="disclosed"),
        pytest.param([Decision.REFUSE], State.REFUSED, id="refused"),
        pytest.param(
            [Decision.REFUSE, Decision.NOT_THEIRS], State.REFUSED, id="all refused"
        ),
        pytest.param(
            [Decision.REFUSE, Decision.ERASE], State.IN_PART, id="refused in part"
        ),
        pytest.param([Decision.DISCLOSE, Decision.UNDECIDED], None, id="undecided"),
    ],
)
def test_what_a_request_comes_to(
    decisions: list[Decision], outcome: State | None
) -> None:
    assert outcome_of(decisions) == outcome


def test_every_code_is_told_and_every_state_leads_somewhere_or_nowhere() -> None:
    for codes, words in (
        (Section, SECTIONS),
        (Ground, GROUNDS),
        (Whole, WHOLE),
        (State, STATES),
        (Decision, DECISIONS),
    ):
        assert set(words) == set(codes)
        assert len(set(words.values())) == len(words)
    assert set(FOLLOWING) == set(State)
    assert [text[:3] for text in GROUNDS.values()] == [
        "(a)",
        "(b)",
        "(c)",
        "(d)",
        "(e)",
    ]


def test_a_neutral_refusal_leaves_no_trace_in_the_letter() -> None:
    given = Decided(Decision.DISCLOSE)
    secret = Decided(Decision.REFUSE, frozenset({Ground.CRIME}), is_neutral=True)
    for others in ([], [given], [given, Decided(Decision.ERASE)]):
        assert letter(Section.ACCESS, [*others, secret]) == letter(
            Section.ACCESS, others
        )


def test_a_refusal_that_may_be_told_names_its_grounds() -> None:
    refused = Decided(Decision.REFUSE, frozenset({Ground.OTHERS, Ground.CRIME}))
    text = "\n".join(letter(Section.ACCESS, [refused]))
    assert "(b) to avoid prejudice" in text
    assert text.index("(b)") < text.index("(e)")
    in_part = "\n".join(letter(Section.ACCESS, [Decided(Decision.DISCLOSE), refused]))
    assert "the rest of your request" in in_part


def test_every_letter_tells_of_the_commissioner_and_the_court() -> None:
    for whole in (None, *Whole):
        told = letter(Section.ERASURE, [Decided(Decision.ERASE)], whole)
        assert told[-len(RIGHTS) :] == list(RIGHTS)
        assert (NEUTRAL in told) is (whole is None)
