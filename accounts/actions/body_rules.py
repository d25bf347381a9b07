"""What a region, or an organisation in none, requires: ask for it, and set it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.labels import region_of
from accounts.exceptions import InvalidRule, NotOwner
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from accounts.models.body_rule import BodyRule
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.date_fields import date_text

_WHOLE: Mapping[str, str] = MappingProxyType({})


def deciding_body(organisation: Organisation) -> Organisation:
    """Return whose rules hold for an organisation. May query.

    Its region's, also for the region's own; its own where it has none.
    """
    return region_of(organisation) or organisation


def is_required(
    kind: type[BodyRule], organisation: Organisation, on: date | None = None
) -> bool:
    """Return whether the rules of a kind hold for an organisation; None: today."""
    rule = kind.objects.in_force(
        deciding_body(organisation).pk, on or timezone.localdate()
    )
    return rule is not None and rule.is_required


def check_can_rule(viewer: Viewer, body: Organisation) -> None:
    """Raise unless ``viewer`` may set rules of ``body``.

    The lead of a region may for the region, a supervisor for an organisation that is
    in none.

    Raises:
        RightMissing: the right to approve is missing.
        NotOwner: the body is another's, or its region decides for it.
    """
    check_has(viewer, Right.APPROVE)
    decides = deciding_body(body)
    if body.pk != decides.pk or body.pk != viewer.organisation_id:
        raise NotOwner(
            f"{decides.short_name} decides this for its own.", owner=decides.code
        )


def set_rule(
    *,
    by: Viewer,
    kind: type[BodyRule],
    body: Organisation,
    is_required: bool,
    from_on: date,
    reason: str,
    about: Mapping[str, str] = _WHOLE,
) -> Any:
    """Say that ``body`` requires what the rules are about, or not, from a day on.

    What waits already goes on waiting. `about` are the columns of its own that a sort of
    rule has.

    Raises:
        PermissionDenied: the right is missing, or another body decides.
        InvalidRule: the day is past, or there is no reason.
    """
    check_can_rule(by, body)
    today = timezone.localdate()
    if from_on < today:
        raise InvalidRule(
            f"A rule cannot begin in the past; {date_text(from_on)} is. Enter "
            f"{date_text(today)} or a later date.",
            field="from_on",
        )
    why = reason.strip()
    if not why:
        raise InvalidRule(
            "Enter a reason. Say why the rule changes: auditors will ask.",
            field="reason",
        )
    with transaction.atomic():
        rule = kind(
            body=body,
            is_required=is_required,
            from_on=from_on,
            reason=why,
            set_by_id=by.user_id,
            **about,
        )
        rule.save(force_insert=True)
        audit.record(
            AuditKind.ALTERATION,
            kind._meta.label,  # noqa: SLF001 - documented
            [rule.pk],
            reason=why,
            detail={
                **about,
                "body": body.code,
                "is_required": is_required,
                "from_on": str(from_on),
            },
        )
    return rule
