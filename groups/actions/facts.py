"""What all facts share once they are written: they change, end, or are withdrawn."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, changed_names, check_period, swap
from groups.exceptions import InvalidRecord
from groups.permissions import check_can_edit
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import Fact, Withdrawable

F = TypeVar("F", bound=Fact)
W = TypeVar("W", bound=Withdrawable)


def change(*, by: Viewer, fact: F, version: int, values: dict[str, Any]) -> F:
    """Write ``values`` to a fact, if it still has ``version``; return it.

    A `reason` among the values goes to history and audit, not to the fact.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change it.
        InvalidRecord: a value is not allowed.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, fact)
    reason = values.pop("reason", "")
    names = changed_names(fact, values)
    with because(reason), transaction.atomic():
        fresh = swap(by, fact, version, values)
        if {"from_on", "to_on"} & set(names):
            check_period(fresh.from_on, fresh.to_on)
        audit.record(
            AuditKind.ALTERATION,
            fact._meta.label,  # noqa: SLF001 - the documented interface
            [fresh.pk],
            reason=reason,
            detail={"fields": names},
        )
    return fresh


def is_reopened(fact: Fact, values: Mapping[str, Any]) -> bool:
    """Return whether ``values`` take the end off a fact that has ended."""
    return fact.to_on is not None and "to_on" in values and values["to_on"] is None


def end(*, by: Viewer, fact: F, version: int, to_on: datetime.date, reason: str) -> F:
    """Say on which day a fact stopped to hold, and why; return it.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change it.
        InvalidTransition: it has ended already.
        InvalidRecord: the day is in the future or before its start, or no reason given.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, fact)
    if not reason.strip():
        raise InvalidRecord("Enter why this ended.", field="reason")
    check_period(fact.from_on, to_on)
    if fact.version == version and fact.to_on is not None:
        raise InvalidTransition("This has ended already.", field="to_on")
    values = {"to_on": to_on, "reason": reason}
    return change(by=by, fact=fact, version=version, values=values)


def correct(
    *, by: Viewer, fact: F, version: int, reason: str, values: dict[str, Any]
) -> F:
    """Write ``values`` to a fact that was recorded wrongly, and why; return it.

    Raises:
        AppError: as `change`; the reason is missing.
    """
    check_can_edit(by, fact)
    check_reason(reason)
    return change(
        by=by, fact=fact, version=version, values={**values, "reason": reason}
    )


def withdraw(*, by: Viewer, fact: W, version: int, reason: str) -> W:
    """Take a fact that was recorded in error out of every figure and list; return it.

    It stays in the history, with the reason. Ending is for what was true once.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change it, or it is withdrawn.
        InvalidRecord: the reason is missing or too long.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, fact)
    reason = check_reason(reason)
    with because(reason), transaction.atomic():
        fresh = swap(by, fact, version, withdrawal(by, reason))
        record_withdrawn(fresh, [fresh.pk], reason)
    return fresh


def withdrawal(by: Viewer, reason: str) -> dict[str, Any]:
    """Return the columns that say when, by whom and why a row is withdrawn."""
    return {
        "withdrawn_at": timezone.now(),
        "withdrawn_by_id": by.user_id,
        "withdrawn_reason": reason,
    }


def record_withdrawn(record: Withdrawable, ids: Iterable[int], reason: str) -> None:
    """Leave the audit row of a withdrawal of records like ``record``."""
    audit.record(
        AuditKind.ALTERATION,
        record._meta.label,  # noqa: SLF001 - the documented interface
        ids,
        reason=reason,
        detail={"fields": ["withdrawn_at"]},
    )


def check_reason(reason: str) -> str:
    """Return the reason of a correction or withdrawal, without blanks around it.

    Raises:
        InvalidRecord: it is missing.
    """
    if not reason.strip():
        raise InvalidRecord(
            "Enter what was wrong with the record, and how you know.", field="reason"
        )
    return reason.strip()
