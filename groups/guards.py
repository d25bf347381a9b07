"""What a step asks for: who takes it, and what must hold. Pure.

One function decides; actions, pages and the reference page all ask it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias


class Who(StrEnum):
    """Who takes a step; among the owner's own, the later the fewer."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    LEAD = "lead"
    RECEIVER = "receiver"


class Guard(StrEnum):
    """What must hold when a step is taken."""

    REASON = "reason"
    REVIEW_DAY = "review_day"
    WITHIN_POLICY = "within_policy"
    TRIGGER = "trigger"
    NOT_SUBMITTER = "not_submitter"
    NOT_PROPOSER = "not_proposer"
    LEAD_OFFICER = "lead_officer"
    THREAT = "predominant_threat"
    S45_ANSWER = "s45_answer"
    SUMMARY = "summary"
    THREE_MEMBERS = "three_members"
    REVIEW_AHEAD = "review_ahead"


Demand: TypeAlias = Who | Guard


@dataclass(frozen=True, slots=True)
class Words:
    """How a demand reads after “Needs”, and what to do where it is not met."""

    needs: str
    cure: str


WORDS: Mapping[Demand, Words] = MappingProxyType(
    {
        Who.OWNER: Words(
            "the owner’s people or the lead of its region",
            "Ask one of them.",
        ),
        Who.SUPERVISOR: Words(
            "a supervisor of the owner or the lead of its region",
            "Ask one of them; a draft is submitted first.",
        ),
        Who.LEAD: Words(
            "the lead of the region",
            "Its lead decides; nothing more is needed of you.",
        ),
        Who.RECEIVER: Words("a supervisor of the receiver", "Ask one of them."),
        Guard.REASON: Words("a reason", "Enter the reason for this step."),
        Guard.REVIEW_DAY: Words(
            "a day on which it is looked at again, today or later",
            "Enter the day of the review, today or later.",
        ),
        Guard.WITHIN_POLICY: Words(
            "a next review within the review policy", "Enter an earlier day."
        ),
        Guard.TRIGGER: Words(
            "what made the owner put it forward", "Choose what triggered it."
        ),
        Guard.NOT_SUBMITTER: Words(
            "someone other than who submitted it",
            "Ask another supervisor, or the lead of your region.",
        ),
        Guard.NOT_PROPOSER: Words(
            "someone other than who proposed it", "Ask another supervisor."
        ),
        Guard.LEAD_OFFICER: Words(
            "a lead officer", "Change the group and enter who it is."
        ),
        Guard.THREAT: Words(
            "a predominant threat", "Change the group and choose the threat."
        ),
        Guard.S45_ANSWER: Words(
            "a yes or no to whether it is an organised crime group in law",
            "Change the group and answer the test of section 45.",
        ),
        Guard.SUMMARY: Words("a summary", "Change the group and write one."),
        Guard.THREE_MEMBERS: Words(
            "at least three members on record", "Record them on its page of people."
        ),
        Guard.REVIEW_AHEAD: Words(
            "a review date that has not passed",
            "Record its review, or change the group and set a day.",
        ),
    }
)
# Said when the step is taken, so that no step is closed for want of them.
SAID_WITH_THE_STEP: frozenset[Demand] = frozenset(
    {Guard.REASON, Guard.REVIEW_DAY, Guard.WITHIN_POLICY, Guard.TRIGGER}
)
_FACTS: tuple[Demand, ...] = (
    Guard.LEAD_OFFICER,
    Guard.THREAT,
    Guard.S45_ANSWER,
    Guard.SUMMARY,
    Guard.THREE_MEMBERS,
    Guard.REVIEW_AHEAD,
)
# What a region may add to which step. Never to a return, so that a record that lacks
# something goes back to be completed; who returns and maps is its rule of moderation.
MAY_ADD: Mapping[str, tuple[Demand, ...]] = MappingProxyType(
    {
        "submit": (Who.SUPERVISOR, Guard.TRIGGER, *_FACTS),
        "map": _FACTS,
        "review": (Who.LEAD, Guard.LEAD_OFFICER, Guard.THREAT, Guard.S45_ANSWER),
        "let rest": (Who.SUPERVISOR, Who.LEAD, Guard.LEAD_OFFICER),
        "archive": (Who.LEAD, Guard.REVIEW_AHEAD),
        "re-activate": (Who.SUPERVISOR, Who.LEAD, Guard.LEAD_OFFICER, Guard.THREAT),
    }
)
_ORDER: tuple[Demand, ...] = (*Who, *Guard)


@dataclass(frozen=True, slots=True)
class Step:
    """One step to another state: what it is called, who takes it, what must hold."""

    to: str
    verb: str
    who: Who = Who.OWNER
    guards: tuple[Guard, ...] = (Guard.REASON,)


Meets: TypeAlias = Callable[[Demand], bool]


def demand_of(code: str) -> Demand:
    """Return the demand with a code; raises ValueError where there is none."""
    return Who(code) if code in set(Who) else Guard(code)


def demands_of(step: Step, added: Iterable[Demand] = ()) -> list[Demand]:
    """Return all that a step asks for: the national table's and what a region added.

    Who comes first. What is added can only come on top: nothing is ever taken off.
    """
    asked = {step.who, *step.guards, *added}
    return [one for one in _ORDER if one in asked]


def unmet(
    step: Step,
    meets: Meets,
    added: Iterable[Demand] = (),
    but: Collection[Demand] = (),
) -> Iterator[Demand]:
    """Give each demand that is not met, without those in ``but``."""
    asked = demands_of(step, added)
    return (one for one in asked if one not in but and not meets(one))


def refusal(
    step: Step,
    meets: Meets,
    added: Iterable[Demand] = (),
    but: Collection[Demand] = (),
) -> Demand | None:
    """Return the first demand that is not met; None: the step may be taken."""
    return next(unmet(step, meets, added, but), None)
