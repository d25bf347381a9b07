"""The states of a group's record, and the steps between them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, held, swap
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup
from groups.models.crime_group import RecordState
from groups.permissions import check_can_edit, check_can_moderate
from ocgmap.common.errors import InvalidTransition

TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        RecordState.DRAFT: frozenset({RecordState.SUBMITTED}),
        RecordState.SUBMITTED: frozenset({RecordState.MAPPED, RecordState.RETURNED}),
        RecordState.RETURNED: frozenset({RecordState.SUBMITTED}),
        RecordState.MAPPED: frozenset({RecordState.RETURNED}),
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
    reason: str,
) -> CrimeGroup:
    """Move a group to another record state or activity status, with a reason.

    The owner's people submit; a supervisor or the lead of the region maps or returns.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see the group or take this step.
        InvalidTransition: the present state does not lead there.
        InvalidRecord: the reason is missing or the state is unknown.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, group)
    if record_state in MODERATED:
        check_can_moderate(by, group)
    if not reason.strip():
        raise InvalidRecord("Enter the reason for this step.", field="reason")
    changes: dict[str, Any] = {}
    if activity_status is not None:
        changes["activity_status"] = activity_status
    with because(reason), transaction.atomic():
        if record_state is not None:
            _check_transition(held(by, group), record_state)
            changes["record_state"] = record_state
        fresh = swap(by, group, version, changes)
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [fresh.pk],
            reason=reason,
            detail=changes,
        )
    return fresh


def next_states(group: CrimeGroup) -> frozenset[str]:
    """Return the record states that the present one leads to."""
    return TRANSITIONS[group.record_state]


def _check_transition(group: CrimeGroup, record_state: str) -> None:
    if record_state not in RecordState.values:
        raise InvalidRecord(
            f"“{record_state}” is no record state. Use one of: "
            f"{', '.join(RecordState.values)}.",
            field="record_state",
        )
    if record_state not in next_states(group):
        to = " or ".join(sorted(next_states(group)))
        raise InvalidTransition(
            f"The record is {group.record_state}: from there it can only become {to}.",
            field="record_state",
        )
