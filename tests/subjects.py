"""Requests of data subjects, in tests."""

from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from groups.models import Nominal
from intelligence.actions import restrictions, subject_findings, subject_requests
from intelligence.models import SubjectFinding, SubjectRequest
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As

MANAGER = "records_manager"


def everything() -> Any:
    return acting_as(system("test"))


def registered(acting: As, who: str = MANAGER, **more: Any) -> SubjectRequest:
    asked = {
        "section": "s45",
        "given_names": "Rowan",
        "surname": "Ashdown",
        "received_on": timezone.localdate(),
        **more,
    }
    with acting(who) as by:
        return subject_requests.register(by=by, **asked)


def kept(acting: As, request: SubjectRequest, *records: Any) -> list[SubjectFinding]:
    with acting(MANAGER) as by:
        return subject_findings.keep(by=by, request=request, records=records)


def restricted(acting: As, person: Nominal, **more: Any) -> Any:
    with everything():
        person.refresh_from_db()
    given = {
        "version": person.version,
        "ground": "s46_4",
        "reason": "Evidence in R v Marlow",
        **more,
    }
    with acting(more.pop("who", MANAGER)) as by:
        given.pop("who", None)
        return restrictions.restrict(by=by, nominal=person, **given)


def gave_out(acting: As, who: str, record: Any, **detail: Any) -> None:
    """Leave the audit row of a disclosure to ``who``, or by them where it is their own."""
    reason = detail.pop("reason", "")
    with acting(who):
        audit.record(
            AuditKind.DISCLOSURE,
            record._meta.label,
            [record.pk],
            reason=reason,
            detail=detail,
        )
