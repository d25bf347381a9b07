"""When a group is looked at again: the policy in force, and the day that it allows."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.body_rules import check_can_rule, deciding_body
from accounts.exceptions import InvalidRule
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.exceptions import ReviewTooLate
from groups.models import ReviewRule
from groups.models.crime_group import Tier
from groups.review_policy import POLICY, last_day, months_for
from ocgmap.common.date_fields import date_text
from ocgmap.common.remembering import remembered


def months_in_force(owner: Organisation) -> dict[str, int]:
    """Return for each tier within how many months ``owner`` looks at a group again.

    Two queries: whose choice holds for it, and its rules.
    """
    return remembered(("review months", owner.pk), lambda: _months(owner))


def _months(owner: Organisation) -> dict[str, int]:
    body, today = deciding_body(owner), timezone.localdate()
    rules = (
        ReviewRule.objects.filter(body=body, from_on__lte=today)
        .order_by("tier", "-from_on", "-id")
        .distinct("tier")
    )
    own = dict(rules.values_list("tier", "months"))
    return {tier: months_for(tier, own.get(tier)) for tier in Tier.values}


def latest_review(owner: Organisation, tier: str) -> datetime.date:
    """Return the day that the policy proposes, which is also the last that it allows."""
    return last_day(timezone.localdate(), months_in_force(owner)[tier])


def check_within_policy(
    owner: Organisation, tier: str, day: datetime.date | None, *, cure: str = ""
) -> None:
    """Raise where a review is set later than the policy allows; ``cure`` says what then.

    Raises:
        ReviewTooLate: the message names the rule and the last day.
    """
    if day is None:
        return
    latest = latest_review(owner, tier)
    if day > latest:
        months = months_in_force(owner)[tier]
        raise ReviewTooLate(
            f"The review policy asks for groups of tier “{Tier(tier).label}” to be "
            f"looked at again within {months} months. Enter a day up to "
            f"{date_text(latest)}{cure}.",
            field="review_on",
            latest=latest.isoformat(),
        )


def set_rule(
    *,
    by: Viewer,
    body: Organisation,
    tier: str,
    months: int | None,
    from_on: datetime.date,
    reason: str,
) -> ReviewRule:
    """Say that ``body`` looks at groups of a tier again sooner, or as the policy says.

    None: as the policy for all. Reviews that are set already stay as they are.

    Raises:
        PermissionDenied: the right is missing, or another body decides.
        InvalidRule: not sooner than the policy, a day that is past, or no reason.
    """
    check_can_rule(by, body)
    today = timezone.localdate()
    if from_on < today:
        raise InvalidRule(
            f"A rule cannot begin in the past. Enter {date_text(today)} or a later date.",
            field="from_on",
        )
    if months is not None and not 1 <= months < POLICY.months[tier]:
        raise InvalidRule(
            f"The policy for all is {POLICY.months[tier]} months, and a body's own "
            "choice is stricter. Enter fewer months, or leave the number out.",
            field="months",
        )
    why = reason.strip()
    if not why:
        raise InvalidRule("Enter a reason: auditors will ask.", field="reason")
    with transaction.atomic():
        rule = ReviewRule.objects.create(
            body=body,
            tier=tier,
            months=months,
            is_required=months is not None,
            from_on=from_on,
            reason=why,
            set_by_id=by.user_id,
        )
        audit.record(
            AuditKind.ALTERATION,
            "groups.ReviewRule",
            [rule.pk],
            reason=why,
            detail={
                "body": body.code,
                "tier": tier,
                "months": months,
                "from_on": str(from_on),
            },
        )
    return rule
