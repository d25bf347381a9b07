"""What regions add to steps: what is in force for an owner, and setting a rule."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from accounts.actions import body_rules
from accounts.actions.body_rules import check_can_rule, deciding_body
from accounts.exceptions import InvalidRule
from accounts.models import Organisation
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.guards import MAY_ADD, WORDS, Demand, Who, demand_of
from groups.models import ModerationRule, StepRule
from ocgmap.common.date_fields import date_text
from ocgmap.common.remembering import remembered


@dataclass(frozen=True, slots=True)
class Added:
    """What a region, or an organisation in none, added to a step, and since when."""

    demand: Demand
    body: str
    since: datetime.date

    @property
    def text(self) -> str:
        """Return whose rule it is, and since when."""
        return f"rule of {self.body} since {date_text(self.since)}"


# By the verb of a step.
Rules = Mapping[str, tuple[Added, ...]]


def rules_in_force(owner: Organisation) -> Rules:
    """Return what is added today to the steps of an owner's groups. Few queries."""
    return remembered(("step rules", owner.pk), lambda: _rules(owner))


def _rules(owner: Organisation) -> Rules:
    body, today = deciding_body(owner), timezone.localdate()
    found: dict[str, list[Added]] = {}
    newest = (
        StepRule.objects.filter(body=body, from_on__lte=today)
        .order_by("step", "demand", "-from_on", "-id")
        .distinct("step", "demand")
    )
    for rule in newest:
        if rule.is_required:
            added = Added(demand_of(rule.demand), body.short_name, rule.from_on)
            found.setdefault(rule.step, []).append(added)
    moderates = ModerationRule.objects.in_force(body.pk, today)
    if moderates is not None and moderates.is_required:
        alone = Added(Who.LEAD, body.short_name, moderates.from_on)
        for verb in ("map", "return"):
            found.setdefault(verb, []).append(alone)
    return {verb: tuple(rules) for verb, rules in found.items()}


def set_rule(
    *,
    by: Viewer,
    body: Organisation,
    step: str,
    demand: str,
    is_required: bool,
    from_on: datetime.date,
    reason: str,
) -> StepRule:
    """Say that a step of ``body``'s groups asks for one more thing, or no longer does.

    Raises:
        PermissionDenied: a right is missing, or another body decides.
        InvalidRule: no region may add this to the step, the day is past, or no reason.
    """
    check_can_rule(by, body)
    if demand == Who.LEAD:
        check_has(by, Right.MODERATE)
    if demand not in MAY_ADD.get(step, ()):
        allowed = "; ".join(WORDS[one].needs for one in MAY_ADD.get(step, ()))
        raise InvalidRule(
            f"No region may add this to the step “{step}”. Choose one of: {allowed}.",
            field="demand",
        )
    made: StepRule = body_rules.set_rule(
        by=by,
        kind=StepRule,
        body=body,
        is_required=is_required,
        from_on=from_on,
        reason=reason,
        about={"step": step, "demand": demand},
    )
    return made
