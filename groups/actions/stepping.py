"""Whether a step may be taken: the table for all, what the region added, the group."""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.actions.body_rules import deciding_body
from accounts.permissions import check_own_account
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.reviewing import check_within_policy, latest_review
from groups.actions.step_rules import Added, Rules, rules_in_force
from groups.exceptions import (
    ApprovalNeeded,
    InvalidRecord,
    OwnSubmission,
    StepNotOpen,
)
from groups.guards import (
    SAID_WITH_THE_STEP,
    WORDS,
    Demand,
    Guard,
    Step,
    Who,
    refusal,
    unmet,
)
from groups.models import CrimeGroup, GroupThreat, Membership
from groups.models.crime_group import Answer
from groups.permissions import check_can_edit
from groups.transitions import ACTIVITY_STATUSES, RECORD_STATES, REVIEW, step_between

MEMBERS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Situation:
    """Who takes a step on which group, and what was said with it.

    The facts of the group are those that ``by`` may see: a hidden one meets nothing.
    """

    by: Viewer
    group: CrimeGroup
    reason: str = ""
    review_on: datetime.date | None = None
    trigger: str = ""

    def meets(self, demand: Demand) -> bool:
        """Return whether a demand of a step of a group is met. May query."""
        return _MEETS[demand](self)


def _is_lead(one: Situation) -> bool:
    is_of_body = one.by.organisation_id == deciding_body(one.group.owner).pk
    return one.by.has(Right.MODERATE) and is_of_body


def _is_not_past(day: datetime.date | None) -> bool:
    return day is not None and day >= timezone.localdate()


def _is_within_policy(one: Situation) -> bool:
    latest = latest_review(one.group.owner, one.group.tier)
    return one.review_on is not None and one.review_on <= latest


def _counts_with(group: CrimeGroup) -> Q:
    """Return what is of the group: its own facts, and those of what was merged in."""
    return Q(group=group) | Q(group__merged_into=group)


def _has_threat(one: Situation) -> bool:
    rows = GroupThreat.objects.visible_to(one.by).open().filter(_counts_with(one.group))
    return rows.filter(is_predominant=True).exists()


def _has_members(one: Situation) -> bool:
    rows = Membership.objects.visible_to(one.by).filter(
        _counts_with(one.group), to_on__isnull=True
    )
    return rows.values("nominal").distinct().count() >= MEMBERS_NEEDED


_MEETS: Mapping[Demand, Callable[[Situation], bool]] = MappingProxyType(
    {
        # Asked by `check_can_edit`, before any step.
        Who.OWNER: lambda one: True,
        Who.SUPERVISOR: lambda one: (
            one.by.has(Right.APPROVE) or one.by.has(Right.MODERATE)
        ),
        Who.LEAD: _is_lead,
        Guard.REASON: lambda one: bool(one.reason.strip()),
        Guard.REVIEW_DAY: lambda one: _is_not_past(one.review_on),
        Guard.WITHIN_POLICY: _is_within_policy,
        Guard.TRIGGER: lambda one: bool(one.trigger or one.group.trigger),
        Guard.NOT_SUBMITTER: lambda one: one.by.user_id != one.group.submitted_by_id,
        Guard.LEAD_OFFICER: lambda one: bool(one.group.lead_officer.strip()),
        Guard.THREAT: _has_threat,
        Guard.S45_ANSWER: lambda one: one.group.s45_test != Answer.UNKNOWN,
        Guard.SUMMARY: lambda one: bool(one.group.summary.strip()),
        Guard.THREE_MEMBERS: _has_members,
        Guard.REVIEW_AHEAD: lambda one: _is_not_past(one.group.review_on),
    }
)


def check_step(
    situation: Situation,
    step: Step,
    *,
    field: str = "record_state",
    but: Collection[Demand] = (),
) -> None:
    """Raise unless the step may be taken, by the table for all and by the region's rules.

    Raises:
        ApprovalNeeded, OwnSubmission: it is for another person.
        InvalidRecord, ReviewTooLate: what is said with the step is missing or wrong.
        StepNotOpen: something is missing of the group; the message names the rule.
    """
    rules = rules_in_force(situation.group.owner).get(step.verb, ())
    added = [rule.demand for rule in rules]
    demand = refusal(step, situation.meets, added, but)
    if demand is not None:
        raise _refused(situation, demand, _rule_of(demand, step, rules), field)


def check_can_map(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` is one who may map or return a submitted record. May query.

    What the group lacks is no reason against it: it can be returned.

    Raises:
        ApprovalNeeded: it is for a supervisor, or for the lead of the region.
        OwnSubmission: ``by`` submitted the record.
    """
    check_can_edit(by, group)
    step = step_between(RECORD_STATES, "submitted", "returned")
    if step is not None:
        check_step(Situation(by, group), step, but=SAID_WITH_THE_STEP)


def check_begins(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless a new group may begin in its state: by every step on the way there.

    Nothing is said with those steps, so no reason is asked. One that begins beyond a
    draft needs an account of one's own, as the steps do.
    """
    if _WAY[group.record_state]:
        check_own_account(by)
    at = "draft"
    for to in _WAY[group.record_state]:
        step = step_between(RECORD_STATES, at, to)
        if step is not None:
            check_step(Situation(by, group), step, but=(Guard.REASON,))
        at = to


_WAY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "draft": (),
        "submitted": ("submitted",),
        "returned": ("submitted", "returned"),
        "mapped": ("submitted", "mapped"),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One step from where a group stands: open to the reader, or what is missing."""

    column: str
    step: Step
    missing: tuple[str, ...] = field(default=())


def standings(by: Viewer, group: CrimeGroup) -> list[Standing]:
    """Return every step from where a group stands, for one who may change it."""
    rules, situation = rules_in_force(group.owner), Situation(by, group)
    return [
        Standing(column, step, tuple(_missing(situation, step, rules)))
        for column, step in _steps_from(group)
    ]


def _steps_from(group: CrimeGroup) -> Iterator[tuple[str, Step]]:
    for step in RECORD_STATES[group.record_state]:
        yield "record_state", step
    if group.record_state == REVIEW.to:
        yield "review", REVIEW
    for step in ACTIVITY_STATUSES[group.activity_status]:
        yield "activity_status", step


def _missing(situation: Situation, step: Step, rules: Rules) -> Iterator[str]:
    own = rules.get(step.verb, ())
    added = [rule.demand for rule in own]
    for demand in unmet(step, situation.meets, added, SAID_WITH_THE_STEP):
        yield _needs(demand, _rule_of(demand, step, own))


def _rule_of(demand: Demand, step: Step, rules: Iterable[Added]) -> Added | None:
    """Return the rule that asks for it; None where the table for all does."""
    if demand in {step.who, *step.guards}:
        return None
    return next(rule for rule in rules if rule.demand == demand)


def _needs(demand: Demand, rule: Added | None) -> str:
    asked = f"Needs {WORDS[demand].needs}"
    return f"{asked}: {rule.text}" if rule else asked


def _refused(
    situation: Situation, demand: Demand, rule: Added | None, field: str
) -> Exception:
    if demand is Guard.WITHIN_POLICY:
        group = situation.group
        check_within_policy(group.owner, group.tier, situation.review_on)
    if demand is Guard.NOT_SUBMITTER:
        return OwnSubmission()
    told: dict[str, Any] = {"needs": demand.value}
    if rule:
        told |= {"rule_of": rule.body, "since": rule.since.isoformat()}
    cure = WORDS[demand].cure
    if demand in SAID_WITH_THE_STEP:
        asked = f"{cure} It is a {rule.text}." if rule else cure
        return InvalidRecord(asked, field=_SAID_IN.get(demand, "review_on"), **told)
    message = f"{_needs(demand, rule)}. {cure}"
    if isinstance(demand, Who):
        return ApprovalNeeded(message, field=field, **told)
    return StepNotOpen(message, field=field, **told)


_SAID_IN: Mapping[Demand, str] = MappingProxyType(
    {Guard.REASON: "reason", Guard.TRIGGER: "trigger"}
)
