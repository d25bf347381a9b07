"""What all facts share once they are written: they change and end, and are kept."""

import datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, changed_names, check_period, swap
from groups.exceptions import InvalidRecord
from groups.permissions import check_can_edit
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import Fact

F = TypeVar("F", bound=Fact)


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
