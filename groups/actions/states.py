"""The states of a group's record, and the steps between them."""

import datetime
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_own_account
from accounts.visibility import Viewer
from groups.actions.records import because, check_version, held, swap
from groups.actions.reviewing import latest_review
from groups.actions.stepping import Situation, check_step
from groups.exceptions import InvalidRecord
from groups.guards import Demand, Guard, Step
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState, Trigger
from groups.permissions import check_can_edit
from groups.transitions import ACTIVITY_STATUSES, RECORD_STATES, Table, step_between
from ocgmap.common.errors import InvalidTransition

TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        state: frozenset(step.to for step in steps)
        for state, steps in RECORD_STATES.items()
    }
)


def change_state(
    *,
    by: Viewer,
    group: CrimeGroup,
    version: int,
    record_state: str | None = None,
    activity_status: str | None = None,
    review_on: datetime.date | None = None,
    trigger: str = "",
    reason: str,
) -> CrimeGroup:
    """Move a group to another record state or activity status, with a reason.

    What a step asks for, and of whom, is in `groups.transitions` and in the rules of the
    region. A group that rests gets the day `review_on` on which it is looked at again; a
    submission may name the `trigger` that made the owner put the group forward.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see the group or take this step.
        OwnSubmission: ``by`` submitted what is to be mapped or returned.
        OwnAccountNeeded: the record moves, and people work through the token of ``by``.
        InvalidTransition: the present state does not lead there, or the group lacks what
            the region asks for.
        InvalidRecord: the reason or the review date is missing, or the state unknown.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, group)
    changes: dict[str, Any] = {}
    with because(reason), transaction.atomic():
        now = held(by, group)
        check_version(now, version)
        situation = Situation(by, now, reason, review_on, trigger)
        if activity_status is not None:
            changes |= status_changes(situation, activity_status)
        if record_state is not None:
            changes |= _record_changes(situation, record_state)
        if not changes:
            raise InvalidRecord("Choose a step.", field="record_state")
        fresh = swap(by, now, version, changes)
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [fresh.pk],
            reason=reason,
            detail={
                name: value.isoformat() if isinstance(value, datetime.date) else value
                for name, value in changes.items()
                if not name.startswith("submitted_")
            },
        )
    return fresh


def submission(by: Viewer) -> dict[str, Any]:
    """Return what a submission by ``by`` notes on a group."""
    return {"submitted_at": timezone.now(), "submitted_by_id": by.user_id}


def _record_changes(situation: Situation, state: str) -> dict[str, Any]:
    """Return what a step of the record to ``state`` changes of a group."""
    check_own_account(situation.by)
    step = _step(RECORD_STATES, RecordState, situation.group, "record_state", state)
    check_step(situation, step)
    if state != RecordState.SUBMITTED:
        return {"record_state": state}
    return {
        "record_state": state,
        **submission(situation.by),
        **_triggered(situation),
    }


def _triggered(situation: Situation) -> dict[str, Any]:
    """Return the trigger that a first submission notes, or the first that names one."""
    if situation.group.trigger or not situation.trigger:
        return {}
    if situation.trigger not in Trigger.values:
        raise InvalidRecord(
            f"“{situation.trigger}” is no trigger. Use one of: "
            f"{', '.join(Trigger.values)}.",
            field="trigger",
        )
    return {"trigger": situation.trigger}


def status_changes(
    situation: Situation, status: str, *, but: Collection[Demand] = ()
) -> dict[str, Any]:
    """Return what a step to another activity status changes of a group.

    Raises:
        ApprovalNeeded: the step is for another person.
        InvalidTransition: the present status does not lead there, or something lacks.
        InvalidRecord: the status is unknown, or the review date missing or past.
    """
    step = _step(
        ACTIVITY_STATUSES, ActivityStatus, situation.group, "activity_status", status
    )
    check_step(situation, step, field="activity_status", but=but)
    if Guard.REVIEW_DAY not in step.guards:
        return {"activity_status": status, **_looked_at_again(situation.group)}
    return {"activity_status": status, "review_on": situation.review_on}


def _looked_at_again(group: CrimeGroup) -> dict[str, Any]:
    """Return a review within the policy for a group that comes out of the archive.

    A record that is kept in the archive may be reviewed years later.
    """
    if group.activity_status != ActivityStatus.ARCHIVED or group.review_on is None:
        return {}
    latest = latest_review(group.owner, group.tier)
    return {"review_on": latest} if group.review_on > latest else {}


def next_states(group: CrimeGroup) -> frozenset[str]:
    """Return the record states that the present one leads to."""
    return TRANSITIONS[group.record_state]


def next_statuses(group: CrimeGroup) -> frozenset[str]:
    """Return the activity statuses that the present one leads to."""
    return frozenset(step.to for step in ACTIVITY_STATUSES[group.activity_status])


def _step(
    table: Table,
    known: type[RecordState] | type[ActivityStatus],
    group: CrimeGroup,
    field: str,
    to: str,
) -> Step:
    if to not in known.values:
        raise InvalidRecord(
            f"“{to}” is no {field.replace('_', ' ')}. Use one of: "
            f"{', '.join(known.values)}.",
            field=field,
        )
    at: str = getattr(group, field)
    step = step_between(table, at, to)
    if step is None:
        leads = " or ".join(sorted(one.to for one in table[at]))
        what = "record" if field == "record_state" else "group"
        raise InvalidTransition(
            f"The {what} is {at}: from there it can only become {leads}.",
            field=field,
        )
    return step
