"""Hand a group over to another force or regional unit: one proposes, another accepts."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import viewer_of
from accounts.actions import labels
from accounts.models import AccessClass, Organisation, Tag, User
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.models.organisation import REGION_KINDS, Kind
from accounts.permissions import check_own_account
from accounts.roles import RIGHTS, Right
from accounts.visibility import Label, Viewer, dominates, join
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.guards import WORDS, Demand, Guard, Step, Who, refusal
from groups.models import CrimeGroup, Transfer
from groups.models.transfer import SharingAfter, TransferState
from groups.permissions import check_can_edit, check_sees
from groups.transitions import TRANSFER_STATES, step_between
from ocgmap.common.acting import refresh
from ocgmap.common.errors import InvalidTransition

RECEIVER_KINDS = (Kind.FORCE, *REGION_KINDS)


def propose(
    *,
    by: Viewer,
    group: CrimeGroup,
    receiver: Organisation,
    reason: str,
    sharing: str = SharingAfter.AS_NOW,
) -> Transfer:
    """Propose that ``receiver`` takes the group over; it stays until they accept.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        AlreadyRecorded: a transfer of the group waits already.
        OwnAccountNeeded: people work through the token of ``by``.
        InvalidTransition: the group was merged into another.
        InvalidRecord: no supervisor of the receiver could see the group, now or
            afterwards; the receiver has it already, or takes no groups; no reason.
    """
    check_can_edit(by, group)
    check_own_account(by)
    if not reason.strip():
        raise InvalidRecord("Enter why the group is handed over.", field="reason")
    with because(reason), transaction.atomic():
        now = held(by, group)
        _check_free(by, now)
        _check_receiver(now, receiver, sharing)
        transfer = Transfer(
            group=now,
            owner_id=now.owner_id,
            access_class_id=now.access_class_id,
            receiver=receiver,
            sharing=sharing,
            reason=reason.strip(),
        )
        check_fields(transfer)
        transfer.save(force_insert=True)
        transfer.refresh_from_db()
        _audit(AuditKind.COLLECTION, transfer, reason)
    return transfer


def accept(*, by: Viewer, transfer: Transfer, version: int, reason: str) -> Transfer:
    """Take the group over: from now on it is the receiver's; return the transfer.

    The label becomes what was chosen with the compartments that the group carries;
    facts below it are raised with it and never opened. They keep their own owner. The
    former owner's reference and lead officer go: neither is true any more.

    Raises:
        NotFound, PermissionDenied: ``by`` is no supervisor of the receiver, proposed it
            themselves, has no account of their own, or could not see the group afterwards.
        InvalidTransition: it was decided already, or the group was merged.
        InvalidRecord: the reason is missing.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_decide(by, transfer)
    with because(reason), transaction.atomic():
        group = held(by, transfer.group)
        fresh = _decide(by, transfer, version, TransferState.ACCEPTED, reason)
        _check_not_merged(group)
        _check_still_owned(group, fresh)
        label = label_after(group, fresh.receiver, fresh.sharing)
        if not dominates(by, label):
            raise ApprovalNeeded(
                "You could not see this group afterwards: it carries a compartment that "
                "you do not hold. Ask a supervisor who does."
            )
        taken = swap(
            by,
            group,
            group.version,
            {
                "owner_id": fresh.receiver_id,
                "access_class_id": labels.intern(label),
                "owner_reference": "",
                "lead_officer": "",
            },
        )
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [taken.pk],
            reason=reason,
            detail={"owner": taken.owner_id, "transfer": fresh.pk},
        )
        refresh()  # rows below the group may carry a label that was made just now
        fresh.refresh_from_db()
    return fresh


def decline(*, by: Viewer, transfer: Transfer, version: int, reason: str) -> Transfer:
    """Leave the group with its owner, and say why; return the transfer.

    Raises:
        AppError: as `accept`.
    """
    check_can_decide(by, transfer)
    with because(reason), transaction.atomic():
        held(by, transfer.group)
        return _decide(by, transfer, version, TransferState.DECLINED, reason)


def take_back(*, by: Viewer, transfer: Transfer, version: int, reason: str) -> Transfer:
    """Take a proposal back that was not decided yet; return the transfer.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the group.
        InvalidTransition, InvalidRecord, StaleVersion: as `accept`.
    """
    check_sees(by, transfer)
    check_can_edit(by, transfer.group)
    with because(reason), transaction.atomic():
        held(by, transfer.group)
        return _decide(by, transfer, version, TransferState.TAKEN_BACK, reason)


def label_after(group: CrimeGroup, receiver: Organisation, sharing: str) -> Label:
    """Return the label that the group has once ``receiver`` owns it. A few queries."""
    present = labels.labels_of([group.access_class_id])[group.access_class_id]
    if sharing == SharingAfter.AS_NOW:
        return present
    chosen = [one for one in labels.options_for(receiver) if one.code == sharing]
    if not chosen:
        raise InvalidRecord(
            f"{receiver.short_name} has no such sharing. Choose another.",
            field="sharing",
        )
    kept = Tag.objects.filter(pk__in=present.requires, kind=TagKind.COMPARTMENT)
    compartments = frozenset(kept.values_list("pk", flat=True))
    return join([chosen[0].label, Label(compartments, present.marking)])


def receivers_of(group: CrimeGroup) -> Any:
    """Return the organisations that a group may be handed to: forces and units."""
    today = timezone.localdate()
    rows = Organisation.objects.filter(kind__in=RECEIVER_KINDS).exclude(
        pk=group.owner_id
    )
    return rows.exclude(to_on__lte=today).order_by("name")


def _check_free(by: Viewer, group: CrimeGroup) -> None:
    """Raise where the group was merged, or is being handed over already."""
    _check_not_merged(group)
    if Transfer.objects.visible_to(by).pending().filter(group=group).exists():
        raise AlreadyRecorded(
            "A transfer of this group waits already. Take that one back first.",
            field="receiver",
        )


def _check_not_merged(group: CrimeGroup) -> None:
    if group.merged_into_id is not None:
        raise InvalidTransition(
            "The group was merged into another and is not handed over. Transfer the "
            "other group.",
            field="receiver",
        )


def _check_still_owned(group: CrimeGroup, transfer: Transfer) -> None:
    if group.owner_id != transfer.owner_id:
        raise InvalidTransition(
            "The group has another owner since this was proposed. Decline it.",
            field="reason",
        )


def _check_receiver(group: CrimeGroup, receiver: Organisation, sharing: str) -> None:
    if not receivers_of(group).filter(pk=receiver.pk).exists():
        raise InvalidRecord(
            "A group goes to another force or regional unit. Choose one from the list.",
            field="receiver",
        )
    after = label_after(group, receiver, sharing)
    now = AccessClass.objects.get(pk=group.access_class_id).label
    deciders = _deciders(receiver)
    if not any(dominates(one, now) for one in deciders):
        raise InvalidRecord(
            f"No supervisor of {receiver.short_name} may see this group. Share it with "
            "them first, or take off a compartment that they do not hold.",
            field="receiver",
        )
    if not any(dominates(one, now) and dominates(one, after) for one in deciders):
        raise InvalidRecord(
            f"No supervisor of {receiver.short_name} could see this group afterwards. "
            "Choose another sharing.",
            field="sharing",
        )


def _deciders(receiver: Organisation) -> list[Viewer]:
    """Return the accounts that may accept for ``receiver``."""
    roles = [role for role, rights in RIGHTS.items() if Right.APPROVE in rights]
    rows = User.objects.filter(organisation=receiver, role__in=roles, is_active=True)
    return [viewer_of(user) for user in rows]


def check_can_decide(by: Viewer, transfer: Transfer) -> None:
    """Raise unless ``by`` is a supervisor of the receiver who did not propose it.

    Raises:
        NotFound: the group is hidden from ``by``.
        ApprovalNeeded: it is for another person to decide.
    """
    check_sees(by, transfer, transfer.group)
    step = _step(transfer, TransferState.PROPOSED, TransferState.ACCEPTED)
    _check_step(by, transfer, step, but=(Guard.REASON,))


def _step(transfer: Transfer, at: str, to: str) -> Step:
    step = step_between(TRANSFER_STATES, at, to)
    if step is None:
        raise InvalidTransition(
            f"This transfer is {transfer.get_state_display().lower()} already.",
            field="reason",
        )
    return step


def _check_step(
    by: Viewer,
    transfer: Transfer,
    step: Step,
    *,
    reason: str = "",
    but: Collection[Demand] = (),
) -> None:
    """Raise unless ``by`` may take a step of a transfer that they may see."""
    is_receiver = by.organisation_id == transfer.receiver_id and by.has(Right.APPROVE)
    met: Mapping[Demand, bool] = {
        # Asked by `check_can_edit`, before the step.
        Who.OWNER: True,
        Who.RECEIVER: is_receiver,
        Guard.NOT_PROPOSER: by.user_id != transfer.created_by_id,
        Guard.REASON: bool(reason.strip()),
    }
    match refusal(step, met.__getitem__, but=but):
        case Who.RECEIVER:
            raise ApprovalNeeded(
                f"Only a supervisor of {transfer.receiver.short_name} accepts or "
                "declines this transfer. Ask one of them."
            )
        case Guard.NOT_PROPOSER:
            raise ApprovalNeeded(
                "You proposed this transfer: another person accepts it. Ask another "
                "supervisor."
            )
        case Guard.REASON:
            raise InvalidRecord(WORDS[Guard.REASON].cure, field="reason")


def _decide(
    by: Viewer, transfer: Transfer, version: int, state: TransferState, reason: str
) -> Transfer:
    check_own_account(by)
    now = held(by, transfer)
    step = _step(now, now.state, state)
    _check_step(by, now, step, reason=reason)
    check_version(now, version)
    fresh = swap(
        by,
        now,
        version,
        {
            "state": state,
            "decided_at": timezone.now(),
            "decided_by_id": by.user_id,
            "decision_reason": reason.strip(),
        },
    )
    _audit(AuditKind.ALTERATION, fresh, reason)
    return fresh


def _audit(kind: AuditKind, transfer: Transfer, reason: str) -> None:
    audit.record(
        kind,
        "groups.Transfer",
        [transfer.pk],
        reason=reason,
        detail={
            "group": transfer.group_id,
            "receiver": transfer.receiver_id,
            "state": transfer.state,
            "sharing": transfer.sharing,
        },
    )
