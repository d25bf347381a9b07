"""Long lists leave as a file when a second person of the organisation says so."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import audit
from accounts.exceptions import InvalidExport, SecondPerson
from accounts.models import LargeExport, PastedList
from accounts.models.audit_event import AuditKind
from accounts.models.compartment import ProposalState
from accounts.permissions import check_has, check_own_account
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.one_at_a_time import wait_for

# More lines or records than these within a day are large, in one file or in several, and
# an approval holds for a day. Source: local configuration.
LARGE_LINES = 500
HOLDS = datetime.timedelta(days=1)


def take_out(*, by: Viewer, list_id: uuid.UUID, size: int) -> bool:
    """Return whether a list of ``by`` may leave as a file now; if so, it counts.

    ``size`` is how many lines it has or records were found, whichever are more. It may
    where it was approved; or where it is short, with all that left without approval
    within a day.
    """
    with transaction.atomic():
        wait_for(f"lists taken out by {by.user_id}")
        if _is_approved(by, list_id):
            return True
        own = PastedList.objects.filter(user_id=by.user_id)
        lately = own.filter(taken_at__gt=timezone.now() - HOLDS).exclude(pk=list_id)
        before = lately.aggregate(all=Sum("taken_size"))["all"] or 0
        if before + size > LARGE_LINES:
            return False
        own.filter(pk=list_id).update(taken_at=timezone.now(), taken_size=size)
    return True


def _is_approved(by: Viewer, list_id: uuid.UUID) -> bool:
    rows = LargeExport.objects.filter(
        user_id=by.user_id,
        list_id=list_id,
        state=ProposalState.APPROVED,
        decided_at__gt=timezone.now() - HOLDS,
    )
    return rows.exists()


def ask(*, by: Viewer, list_id: uuid.UUID, lines: int, reason: str) -> LargeExport:
    """Ask a colleague to let a long list out; return the request.

    Raises:
        RightMissing: ``by`` may not take records out.
        InvalidExport: there is no reason, or it was asked already.
    """
    check_has(by, Right.EXPORT)
    check_own_account(by)
    if not reason.strip():
        raise InvalidExport(
            "Enter what the file is for: your colleague decides on it.", field="reason"
        )
    with transaction.atomic():
        # Of two at the same moment the second finds the first.
        wait_for(f"large export {by.user_id}")
        waiting = LargeExport.objects.filter(
            user_id=by.user_id, list_id=list_id, state=ProposalState.PROPOSED
        )
        if waiting.exists():
            raise InvalidExport("You asked for this list already. It waits.")
        made = LargeExport(
            user_id=by.user_id,
            organisation_id=by.organisation_id,
            list_id=list_id,
            lines=lines,
            reason=reason.strip(),
        )
        made.save(force_insert=True)
        _audit(AuditKind.COLLECTION, made)
    return made


def approve(*, by: Viewer, export: LargeExport) -> None:
    """Let the list out for a day, to who asked.

    Raises:
        RightMissing: ``by`` may not take records out.
        SecondPerson: they asked themselves, or are of another organisation.
        InvalidTransition: it was decided on.
    """
    _decide(by, export, ProposalState.APPROVED)


def decline(*, by: Viewer, export: LargeExport) -> None:
    """Keep the list in.

    Raises:
        AppError: as `approve`.
    """
    _decide(by, export, ProposalState.DECLINED)


def _decide(by: Viewer, export: LargeExport, state: ProposalState) -> None:
    check_has(by, Right.EXPORT)
    check_own_account(by)
    if by.user_id == export.user_id or by.organisation_id != export.organisation_id:
        raise SecondPerson("A colleague of who asked decides. Ask another one.")
    with transaction.atomic():
        rows = LargeExport.objects.filter(pk=export.pk, state=ProposalState.PROPOSED)
        if not rows.update(
            state=state, decided_at=timezone.now(), decided_by_id=by.user_id
        ):
            raise InvalidTransition("This was decided on already.")
        is_out = state == ProposalState.APPROVED
        _audit(AuditKind.GRANT if is_out else AuditKind.ALTERATION, export)


def _audit(kind: AuditKind, export: LargeExport) -> None:
    audit.record(
        kind,
        "accounts.LargeExport",
        [export.pk],
        reason=export.reason,
        detail={"list": str(export.list_id), "lines": export.lines},
    )
