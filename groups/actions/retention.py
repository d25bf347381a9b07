"""Put records on legal hold, and take them off: reports too, for any top record."""

from typing import TypeVar

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, swap
from groups.exceptions import InvalidRecord
from groups.permissions import check_can_retain
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import TopRecord

R = TypeVar("R", bound=TopRecord)

REASON_MAX_LENGTH = 2000


def set_legal_hold(
    *,
    by: Viewer,
    record: R,
    version: int,
    is_held: bool,
    reason: str,
) -> R:
    """Put ``record`` on legal hold, or take it off; return it as it now stands.

    A record on hold is kept whatever its retention class says.

    Raises:
        PermissionDenied: the right is missing, or the record is another's.
        NotFound: it is hidden.
        InvalidRecord: there is no reason, or it is too long.
        InvalidTransition: it stands so already.
        StaleVersion: someone changed it since ``version``; nothing was written.
    """
    check_can_retain(by, record)
    why = _worded(reason)
    with because(why), transaction.atomic():
        fresh = swap(by, record, version, {"legal_hold": is_held})
        if record.legal_hold == is_held:
            raise InvalidTransition(
                "The record is on legal hold already."
                if is_held
                else "The record is not on legal hold."
            )
        audit.record(
            AuditKind.ALTERATION,
            record._meta.label,  # noqa: SLF001 - the documented interface
            [record.pk],
            reason=why,
            detail={"legal_hold": is_held},
        )
    return fresh


def _worded(reason: str) -> str:
    worded = reason.strip()
    if not worded:
        raise InvalidRecord(
            "The reason must be filled in. Name the case or the duty that asks for it.",
            field="reason",
        )
    if len(worded) > REASON_MAX_LENGTH:
        raise InvalidRecord(
            f"The reason must be {REASON_MAX_LENGTH:,} characters or fewer; it has "
            f"{len(worded):,}. Shorten it.",
            field="reason",
        )
    return worded
