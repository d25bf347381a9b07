"""What a person may ask of the controller, by when, and on what grounds it refuses. Pure.

Source: Data Protection Act 2018, Part 3, ss.44 to 48, 51 to 54.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from groups.review_policy import last_day

MONTHS: Final = 1
# Source: s.54 as the Data (Use and Access) Act 2025 changes it, as recalled: confirm
# that it is in force before a request is extended.
MONTHS_MORE: Final = 2


class Section(StrEnum):
    """What is asked for, by the section that gives the right."""

    INFORMATION = "s44"
    ACCESS = "s45"
    RECTIFICATION = "s46"
    ERASURE = "s47"


SECTIONS: Final[Mapping[Section, str]] = MappingProxyType(
    {
        Section.INFORMATION: "Information about processing: section 44",
        Section.ACCESS: "Access to their data: section 45",
        Section.RECTIFICATION: "Rectification: section 46",
        Section.ERASURE: "Erasure or restriction: section 47",
    }
)


class Ground(StrEnum):
    """Why a right is restricted, in the letters of the Act.

    Source: ss.44(4), 45(4) and 48(3): as far as, and as long as, it is necessary and
    proportionate.
    """

    INQUIRY = "a"
    CRIME = "b"
    PUBLIC_SECURITY = "c"
    NATIONAL_SECURITY = "d"
    OTHERS = "e"


GROUNDS: Final[Mapping[Ground, str]] = MappingProxyType(
    {
        Ground.INQUIRY: "(a) To avoid obstructing an official or legal inquiry, "
        "investigation or procedure",
        Ground.CRIME: "(b) To avoid prejudice to the prevention, detection, "
        "investigation or prosecution of offences, or the execution of penalties",
        Ground.PUBLIC_SECURITY: "(c) To protect public security",
        Ground.NATIONAL_SECURITY: "(d) To protect national security",
        Ground.OTHERS: "(e) To protect the rights and freedoms of others",
    }
)


class Whole(StrEnum):
    """Why a request is refused as a whole, whatever is held."""

    UNFOUNDED = "unfounded"
    IDENTITY = "identity"


WHOLE: Final[Mapping[Whole, str]] = MappingProxyType(
    {
        Whole.UNFOUNDED: "Manifestly unfounded or excessive: section 53",
        Whole.IDENTITY: "The person did not confirm who they are: section 52",
    }
)


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    IN_PART = "in_part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATES: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.OPEN: "Open",
        State.ANSWERED: "Answered",
        State.IN_PART: "Refused in part",
        State.REFUSED: "Refused",
        State.WITHDRAWN: "Withdrawn by the person",
    }
)
FOLLOWING: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.OPEN: frozenset(
            {State.ANSWERED, State.IN_PART, State.REFUSED, State.WITHDRAWN}
        ),
        State.ANSWERED: frozenset(),
        State.IN_PART: frozenset(),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)


class Decision(StrEnum):
    """What is done with one record that was found."""

    UNDECIDED = "undecided"
    NOT_THEIRS = "not_theirs"
    DISCLOSE = "disclose"
    RECTIFY = "rectify"
    RESTRICT = "restrict"
    ERASE = "erase"
    REFUSE = "refuse"


DECISIONS: Final[Mapping[Decision, str]] = MappingProxyType(
    {
        Decision.UNDECIDED: "Not decided yet",
        Decision.NOT_THEIRS: "Not about this person",
        Decision.DISCLOSE: "Disclose it",
        Decision.RECTIFY: "Rectify it",
        Decision.RESTRICT: "Restrict its processing",
        Decision.ERASE: "Erase it",
        Decision.REFUSE: "Refused",
    }
)
GRANTED: Final = frozenset(
    {Decision.DISCLOSE, Decision.RECTIFY, Decision.RESTRICT, Decision.ERASE}
)


@dataclass(frozen=True, slots=True)
class Timing:
    """The days that the time limit is counted from."""

    received_on: date
    identity_confirmed_on: date | None = None
    is_identity_asked: bool = False
    is_extended: bool = False


def due_on(timing: Timing) -> date | None:
    """Return the last day for an answer; None while the person has yet to say who they are.

    The month runs from the day on which the request came, or on which the identity that
    was asked for was confirmed, to the same day of the next month; a day that the later
    month lacks becomes its last day. A weekend or bank holiday puts off nothing here.
    Source: s.54(1) to (3).
    """
    began = timing.received_on
    if timing.is_identity_asked:
        if timing.identity_confirmed_on is None:
            return None
        began = max(began, timing.identity_confirmed_on)
    return last_day(began, MONTHS + (MONTHS_MORE if timing.is_extended else 0))


def outcome_of(decisions: Collection[Decision]) -> State | None:
    """Return what a request comes to by what was decided; None while one is undecided.

    Records that are not about the person do not count. Where nothing is held, the
    request is answered by saying so.
    """
    left = {Decision(one) for one in decisions} - {Decision.NOT_THEIRS}
    if Decision.UNDECIDED in left:
        return None
    if Decision.REFUSE not in left:
        return State.ANSWERED
    return State.REFUSED if left == {Decision.REFUSE} else State.IN_PART


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on one record that was found.

    `is_neutral`: the refusal neither confirms nor denies that it is held.
    """

    decision: Decision
    grounds: frozenset[Ground] = frozenset()
    is_neutral: bool = False


_DONE: Final[Mapping[Decision, str]] = MappingProxyType(
    {
        Decision.DISCLOSE: "We enclose the information about you that we may give you.",
        Decision.RECTIFY: "We have corrected information about you that was wrong.",
        Decision.RESTRICT: "We have restricted the processing of information about you.",
        Decision.ERASE: "We are erasing information about you.",
    }
)
NEUTRAL: Final = (
    "Where the Act allows it, we neither confirm nor deny whether we hold anything "
    "further. Nothing can be concluded from this letter either way."
)
RIGHTS: Final = (
    "You may ask the Information Commissioner to check our processing (section 51).",
    "You may complain to the Information Commissioner (section 165).",
    "You may apply to a court for an order (section 167).",
)


def letter(
    section: Section, decided: Iterable[Decided], whole: Whole | None = None
) -> list[str]:
    """Return, a paragraph each, what is written to the person.

    A refusal that neither confirms nor denies leaves no trace: the letter is the same as
    if the records that were refused did not exist.
    Source: ss.45(5) to (6) and 48(1) to (4).
    """
    started = f"You asked us for this: {SECTIONS[section].lower()}."
    if whole is not None:
        return [started, f"We refuse your request. {WHOLE[whole]}.", *RIGHTS]
    told = [one for one in decided if not one.is_neutral]
    decisions = {one.decision for one in told}
    done = [text for one, text in _DONE.items() if one in decisions]
    if Decision.REFUSE in decisions:
        done.append(_refusal({one for each in told for one in each.grounds}, done))
    if not done:
        done = ["There is no information about you that we can give you."]
    return [started, *done, NEUTRAL, *RIGHTS]


def _refusal(grounds: Collection[Ground], done: Collection[str]) -> str:
    why = "; ".join(GROUNDS[one].lower() for one in Ground if one in grounds)
    what = "the rest of your request" if done else "your request"
    return f"We refuse {what} on these grounds: {why}."
