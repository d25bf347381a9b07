"""The sight of one record that one knows of: asked for, and given by its owner.

Who asks gets one answer whether there is such a record or not. Nothing opens by itself:
that alone would tell that there is one.
"""

import datetime
import json
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.access import viewer_of
from accounts.models import Tag
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import ApprovalNeeded, InvalidRecord
from groups.permissions import check_can_moderate, check_sees
from intelligence.actions.grades import options_of
from intelligence.models import SightMatch, SightRequest
from intelligence.models.sight import SightState
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.identifiers import is_reference
from ocgmap.common.one_at_a_time import wait_for

# How long a grant shows the record, and how often one may ask in a day.
# Source: local configuration.
OPEN_FOR = datetime.timedelta(hours=1)
MOST_A_DAY = 10
_TYPES = {
    "group": "groups.CrimeGroup",
    "person": "groups.Nominal",
    "report": "intelligence.Report",
}


def ask(*, by: Viewer, reference: str, reason: str) -> SightRequest:
    """Ask the owner of a record, if there is one, to show it; return the request.

    Raises:
        RightMissing: ``by`` may see no intelligence at all.
        InvalidRecord: it is no reference, the reason is missing, or ``by`` asked often.
    """
    check_has(by, Right.VIEW)
    wanted = reference.strip().upper()
    if not is_reference(wanted):
        raise InvalidRecord(
            "This is not the reference of a record: it has a slip. Copy it whole, such "
            "as G-7K2M-9QX4-T.",
            field="reference",
        )
    if not reason.strip():
        raise InvalidRecord(
            "Enter why you need it: the owner decides on it, and auditors read it.",
            field="reason",
        )
    with transaction.atomic():
        # Of two at the same moment the second counts the first.
        wait_for(f"sight {by.user_id}")
        day_ago = timezone.now() - datetime.timedelta(days=1)
        lately = SightRequest.objects.filter(user_id=by.user_id, asked_at__gt=day_ago)
        if lately.count() >= MOST_A_DAY:
            raise InvalidRecord(
                f"You asked {MOST_A_DAY} times within a day. Wait, or ring the owner.",
                field="reference",
            )
        made = SightRequest(user_id=by.user_id, reference=wanted, reason=reason.strip())
        check_fields(made)
        made.save(force_insert=True)
        audit.record(
            AuditKind.COLLECTION,
            "intelligence.SightRequest",
            [made.pk],
            reason=made.reason,
        )
    return made


def check_can_decide(by: Viewer, match: SightMatch) -> None:
    """Raise unless ``by`` is a supervisor of the record's owner, and did not ask.

    Raises:
        NotFound: the record is hidden from ``by``.
        ApprovalNeeded: it is for another person.
    """
    check_sees(by, match)
    check_can_moderate(by, match.record)
    if by.user_id == match.created_by_id:
        raise ApprovalNeeded("You asked for this yourself: another person decides.")


def grant(*, by: Viewer, match: SightMatch, version: int, reason: str) -> SightMatch:
    """Show the record itself to who asked for it, and to nobody else, for an hour.

    Raises:
        NotFound, ApprovalNeeded: as `check_can_decide` and `check_may_be_shown`.
        InvalidTransition: it was decided on.
        StaleVersion: someone else decided meanwhile; nothing was written.
    """
    check_can_decide(by, match)
    check_may_be_shown(match)
    until = timezone.now() + OPEN_FOR
    return _decide(by, match, version, SightState.GRANTED, reason, until_at=until)


def decline(*, by: Viewer, match: SightMatch, version: int, reason: str) -> SightMatch:
    """Show nothing; who asked is not told.

    Raises:
        AppError: as `grant`.
    """
    check_can_decide(by, match)
    return _decide(by, match, version, SightState.DECLINED, reason)


def check_may_be_shown(match: SightMatch) -> None:
    """Raise where the record is shown to nobody, or not to who asked. A few queries.

    A compartment is entered by membership only. A handling condition says who may
    receive a report: who asked must hold one of the audiences that it allows.

    Raises:
        ApprovalNeeded: its owner may not decide otherwise here.
    """
    if is_in_compartment(match):
        raise ApprovalNeeded(
            "The record is in a compartment, which nobody sees without being a member. "
            "Ring the officer who asked, or decline.",
            field="reason",
        )
    if not _may_receive(match):
        raise ApprovalNeeded(
            "The handling condition of the report leaves out who asked. Ring them and "
            "tell what you may, submit a report with another condition, or decline.",
            field="reason",
        )


def _may_receive(match: SightMatch) -> bool:
    if match.report is None or not match.report.handling_condition:
        return True
    if match.created_by is None:
        return False
    asker = viewer_of(match.created_by)
    return any(one.label.requires <= asker.tags for one in options_of(match.report))


def is_in_compartment(match: SightMatch) -> bool:
    """Return whether the record's label requires a compartment. One query."""
    return Tag.objects.filter(
        pk__in=match.access_class.requires, kind=TagKind.COMPARTMENT
    ).exists()


def given(*, by: Viewer, request: SightRequest) -> dict[str, Any]:
    """Return what a grant shows now: the reading is recorded.

    Raises:
        NotFound: nothing is granted, or its time is over; there may be no such record.
    """
    if request.user_id != by.user_id:
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute("select intelligence_sight_given(%s)", [request.public_id])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotFound
    shown: dict[str, Any] = row[0] if isinstance(row[0], dict) else json.loads(row[0])
    kind = next(name for name in _TYPES if shown[name] is not None)
    record: dict[str, Any] = {**shown[kind], "kind": kind}
    audit.record(
        AuditKind.CONSULTATION,
        _TYPES[kind],
        [record.pop("id")],
        reason=request.reason,
        detail={"sight": shown["match"]},
    )
    return {"record": record, "owner": shown["owner"], "until_at": shown["until_at"]}


def _decide(
    by: Viewer,
    match: SightMatch,
    version: int,
    state: SightState,
    reason: str,
    **more: Any,
) -> SightMatch:
    why = reason.strip()
    if not why:
        raise InvalidRecord("Enter the reason for your decision.", field="reason")
    with because(why), transaction.atomic():
        now = held(by, match)
        if now.state != SightState.WAITING:
            raise InvalidTransition(
                f"This is {now.get_state_display().lower()} already.", field="reason"
            )
        check_version(now, version)
        changes = {
            "state": state,
            "decided_at": timezone.now(),
            "decided_by_id": by.user_id,
            "decision_reason": why,
            **more,
        }
        fresh = swap(by, now, version, changes)
        record = fresh.record
        audit.record(
            AuditKind.GRANT if state == SightState.GRANTED else AuditKind.ALTERATION,
            record._meta.label,  # noqa: SLF001 - the documented interface
            [record.pk],
            reason=why,
            detail={"sight": fresh.pk, "state": state, "user": fresh.created_by_id},
        )
    return fresh
