"""The states of a group's record, and the steps between them."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, check_version, held, swap
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState
from groups.permissions import check_can_edit, check_can_map, check_can_moderate
from groups.transitions import (
    ACTIVITY_STATUSES,
    RECORD_STATES,
    Step,
    Table,
    Who,
    step_between,
)
from ocgmap.common.errors import InvalidTransition

TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        state: frozenset(step.to for step in steps)
        for state, steps in RECORD_STATES.items()
    }
)
# States that a supervisor or the lead of the region decides on.
MODERATED = frozenset({RecordState.MAPPED, RecordState.RETURNED})


def change_state(
    *,
    by: Viewer,
    group: CrimeGroup,
    version: int,
    record_state: str | None = None,
    activity_status: str | None = None,
    review_on: datetime.date | None = None,
    reason: str,
) -> CrimeGroup:
    """Move a group to another record state or activity status, with a reason.

    The owner's people submit; a supervisor or the lead of the region maps or returns
    (its lead alone, where the region moderates; never who submitted it), archives, and
    re-activates what was archived. A group that rests gets the day `review_on` on which
    it is looked at again.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see the group or take this step.
        OwnSubmission: ``by`` submitted what is to be mapped or returned.
        InvalidTransition: the present state does not lead there.
        InvalidRecord: the reason or the review date is missing, or the state unknown.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, group)
    if not reason.strip():
        raise InvalidRecord("Enter the reason for this step.", field="reason")
    changes: dict[str, Any] = {}
    with because(reason), transaction.atomic():
        now = held(by, group)
        check_version(now, version)
        if activity_status is not None:
            changes |= status_changes(by, now, activity_status, review_on)
        if record_state is not None:
            changes |= _record_changes(by, now, record_state)
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


def _record_changes(by: Viewer, group: CrimeGroup, state: str) -> dict[str, Any]:
    """Return what a step of the record to ``state`` changes of a group."""
    if state in MODERATED:
        check_can_map(by, group)
    _step(RECORD_STATES, RecordState, group, "record_state", state)
    more = submission(by) if state == RecordState.SUBMITTED else {}
    return {"record_state": state, **more}


def status_changes(
    by: Viewer, group: CrimeGroup, status: str, review_on: datetime.date | None
) -> dict[str, Any]:
    """Return what a step to another activity status changes of a group.

    Raises:
        ApprovalNeeded: the step is for a supervisor.
        InvalidTransition: the present status does not lead there.
        InvalidRecord: the status is unknown, or the review date missing or past.
    """
    step = _step(ACTIVITY_STATUSES, ActivityStatus, group, "activity_status", status)
    if step.who is Who.SUPERVISOR:
        check_can_moderate(by, group, field="activity_status")
    if not step.asks_review:
        return {"activity_status": status}
    if review_on is None or review_on < timezone.localdate():
        raise InvalidRecord(
            "A group that rests is looked at again. Enter the day of the review, today "
            "or later.",
            field="review_on",
        )
    return {"activity_status": status, "review_on": review_on}


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
