"""Change who may see a record: narrower at once, wider when a second person approves."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Tag
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_own_account
from accounts.visibility import Label, Viewer, dominates, join
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup, Identifier, Nominal
from groups.permissions import check_can_edit, check_can_moderate, check_sees
from intelligence.actions import own_only
from intelligence.actions.grades import options_of
from intelligence.exceptions import Refused
from intelligence.models import Report, SharingChange
from intelligence.models.sharing_change import COLUMNS, SharingState, SharingStep
from ocgmap.common.acting import refresh
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import TopRecord

KINDS: dict[str, type[TopRecord]] = {
    "groups": CrimeGroup,
    "people": Nominal,
    "identifiers": Identifier,
    "reports": Report,
}


def change(
    *,
    by: Viewer,
    record: TopRecord,
    version: int,
    sharing: str,
    compartments: Iterable[int] | None = None,
    reason: str,
) -> SharingChange | None:
    """Give ``record`` another label; return the proposal where a second person decides.

    Without ``compartments`` it keeps those that it has.

    What lets nobody see more stands at once, with all that hangs on the record. Wider
    sharing is only proposed. A group that becomes its owner's alone does so at once, and
    what is returned says until when; within 90 days of the last such time it is only
    proposed.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the record.
        OwnAccountNeeded: a second person is needed, now or for longer, and people work
            through the token of ``by``.
        UnknownSharing, Refused: the sharing is not one to choose for it.
        InvalidRecord: it is shared so already, or there is no reason.
        AlreadyRecorded: a proposal for it waits already.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, record)
    why = _worded(reason)
    with because(why), transaction.atomic():
        now = held(by, record)
        check_version(now, version)
        class_id = labels.class_for(
            owner=now.owner,
            sharing=sharing,
            compartments=_compartments_of(now)
            if compartments is None
            else compartments,
            by=by,
        )
        if class_id == now.access_class_id:
            raise InvalidRecord(
                "The record is shared so already. Choose another sharing, or cancel.",
                field="sharing",
            )
        _check_handling(now, sharing)
        if not labels.is_narrower(now.owner, now.access_class_id, class_id):
            return _propose(by, now, class_id, why, SharingStep.WIDER)
        if isinstance(now, CrimeGroup) and own_only.needs_second(
            by=by, group=now, class_id=class_id
        ):
            return _propose(by, now, class_id, why, SharingStep.AGAIN)
        if sharing == TagKind.ORGANISATION and isinstance(now, CrimeGroup):
            check_own_account(by)
        fresh = _relabel(by, now, class_id, why)
        if isinstance(fresh, CrimeGroup):
            return own_only.running(by=by, group=fresh)
    return None


def send_up(
    *, by: Viewer, record: TopRecord, version: int, desk: Tag, reason: str
) -> None:
    """Put ``record`` into a compartment that takes referrals; ``by`` sees it no more.

    Unless they hold it. Only who does can bring it back.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the record.
        InvalidRecord: the compartment takes none, the record is in it, or no reason.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    check_can_edit(by, record)
    why = _worded(reason)
    if desk not in labels.desks():
        raise InvalidRecord("Choose a desk from the list.", field="desk")
    with because(why), transaction.atomic():
        now = held(by, record)
        check_version(now, version)
        if (
            desk.pk
            in labels.labels_of([now.access_class_id])[now.access_class_id].requires
        ):
            raise InvalidRecord("The record is there already.", field="desk")
        kind = next(name for name, model in KINDS.items() if model is type(now))
        with connection.cursor() as cursor:
            cursor.execute(
                "select intelligence_send_up(%s, %s, %s)", [kind, now.pk, desk.pk]
            )
        _audit(AuditKind.ALTERATION, now, why, {"sent_up_to": desk.pk})


def approve(
    *, by: Viewer, change: SharingChange, version: int, reason: str
) -> SharingChange:
    """Let the record be seen by more; or leave a group its owner's alone for longer.

    What hangs on a record that is lowered stays as strict as it was. A group that is to
    be its owner's alone again becomes so, for as long as one that stays so.

    Raises:
        NotFound, PermissionDenied: ``by`` does not see the record, may not approve, or
            proposed it themselves; or nobody knows who did.
        InvalidTransition: it was decided on, or the record has another label by now.
        StaleVersion: someone else decided meanwhile; nothing was written.
    """
    check_can_approve(by, change)
    why = _worded(reason)
    with because(why), transaction.atomic():
        record = held(by, change.record)
        now = _open(by, change, version)
        until = timezone.localdate() + own_only.APPROVED
        if now.step == SharingStep.OWN_ONLY:
            decided = _decide(by, now, SharingState.APPROVED, why, until_on=until)
            _audit(AuditKind.GRANT, record, why, {"own_only_until": str(until)})
            return decided
        if record.access_class_id != now.from_class_id:
            raise InvalidTransition(
                "Who may see the record was changed since this was proposed. Decline it.",
                field="reason",
            )
        check_sees_after(by, now)
        more: dict[str, Any] = {}
        if now.step == SharingStep.AGAIN:
            usual = own_only.usual_class(record) or now.from_class_id
            more = {"step": SharingStep.OWN_ONLY, "until_on": until}
            more["to_class_id"] = usual
            _audit(AuditKind.GRANT, record, why, {"own_only_until": str(until)})
        decided = _decide(by, now, SharingState.APPROVED, why, **more)
        _relabel(by, record, now.to_class_id, why)
        decided.refresh_from_db()
    return decided


def decline(
    *, by: Viewer, change: SharingChange, version: int, reason: str
) -> SharingChange:
    """Leave the record as it is; a group that was its owner's alone is so no more.

    Raises:
        AppError: as `approve`.
    """
    check_can_decide(by, change)
    why = _worded(reason)
    with because(why), transaction.atomic():
        record = held(by, change.record)
        now = _open(by, change, version)
        if now.step != SharingStep.OWN_ONLY or now.until_on is None:
            return _decide(by, now, SharingState.DECLINED, why)
        until = min(now.until_on, timezone.localdate())
        decided = _decide(by, now, SharingState.DECLINED, why, until_on=until)
        usual = own_only.usual_class(record)
        if usual is not None:
            _relabel(by, record, usual, why)
    return decided


def take_back(
    *, by: Viewer, change: SharingChange, version: int, reason: str
) -> SharingChange:
    """Take a proposal back; return it.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change the record.
        InvalidTransition: it was decided on, or is no proposal.
    """
    check_sees(by, change)
    check_can_edit(by, change.record)
    why = _worded(reason)
    with because(why), transaction.atomic():
        held(by, change.record)
        now = _open(by, change, version)
        if now.step == SharingStep.OWN_ONLY:
            raise InvalidTransition("Change who may see the group instead.")
        return _decide(by, now, SharingState.TAKEN_BACK, why)


def check_can_decide(by: Viewer, change: SharingChange) -> None:
    """Raise unless ``by`` is a supervisor of the record's owner who did not propose it.

    Raises:
        NotFound: the record is hidden from ``by``.
        ApprovalNeeded: it is for another person to decide.
    """
    check_sees(by, change)
    check_can_moderate(by, change.record)
    if by.user_id == change.created_by_id:
        raise ApprovalNeeded(
            "You proposed this yourself: another person decides. Ask another supervisor."
        )


def check_can_approve(by: Viewer, change: SharingChange) -> None:
    """Raise unless ``by`` may be the second person of a change.

    Raises:
        NotFound: the record is hidden from ``by``.
        ApprovalNeeded: it is for another person to decide, or nobody knows who the first
            person was.
    """
    check_can_decide(by, change)
    if change.created_by_id is None:
        raise ApprovalNeeded(
            "It is not known who gave the group this sharing, so nobody can approve as "
            "another person. Decline it, or let its time end.",
            field="reason",
        )


def check_sees_after(by: Viewer, change: SharingChange) -> None:
    """Raise where ``by`` could not see the record once they approved the change.

    Raises:
        ApprovalNeeded: it needs another supervisor.
    """
    if change.step != SharingStep.OWN_ONLY and not dominates(by, change.to_class.label):
        raise ApprovalNeeded(
            "You could not see the record afterwards. Ask a supervisor who could, or "
            "decline.",
            field="reason",
        )


def _propose(
    by: Viewer, record: TopRecord, class_id: int, why: str, step: SharingStep
) -> SharingChange:
    check_own_account(by)
    if SharingChange.objects.visible_to(by).proposals().of(record).exists():
        raise AlreadyRecorded(
            "A change of who may see this record waits already. Take that one back "
            "first.",
            field="sharing",
        )
    made = SharingChange(
        **{COLUMNS[type(record)]: record},
        owner_id=record.owner_id,
        access_class_id=_class_of_proposal(record, class_id),
        step=step,
        from_class_id=record.access_class_id,
        to_class_id=class_id,
        reason=why,
    )
    check_fields(made)
    made.save(force_insert=True)
    made.refresh_from_db()
    _audit(AuditKind.COLLECTION, made, why, {"record": record.pk, "class": class_id})
    return made


def _class_of_proposal(record: TopRecord, class_id: int) -> int:
    """Return the record's class with each compartment of the one that is proposed.

    Who reads a proposal reads the names of what it would require.
    """
    found = labels.labels_of([record.access_class_id, class_id])
    named = Tag.objects.filter(
        pk__in=found[class_id].requires, kind=TagKind.COMPARTMENT
    )
    added = Label(frozenset(named.values_list("pk", flat=True)))
    return labels.intern(join([found[record.access_class_id], added]))


def _relabel(by: Viewer, record: TopRecord, class_id: int, why: str) -> TopRecord:
    former = record.access_class_id
    fresh = swap(by, record, record.version, {"access_class_id": class_id})
    refresh()  # rows below the record may carry a label that was made just now
    _audit(AuditKind.ALTERATION, fresh, why, {"from_class": former, "class": class_id})
    return fresh


def _open(by: Viewer, change: SharingChange, version: int) -> SharingChange:
    check_own_account(by)
    now = held(by, change)
    is_running = now.step == SharingStep.OWN_ONLY and now.state == SharingState.APPROVED
    if now.state != SharingState.PROPOSED and not is_running:
        raise InvalidTransition(
            f"This is {now.get_state_display().lower()} already.", field="reason"
        )
    check_version(now, version)
    return now


def _decide(
    by: Viewer, change: SharingChange, state: SharingState, why: str, **more: Any
) -> SharingChange:
    fresh = swap(
        by,
        change,
        change.version,
        {
            "state": state,
            "decided_at": timezone.now(),
            "decided_by_id": by.user_id,
            "decision_reason": why,
            **more,
        },
    )
    _audit(AuditKind.ALTERATION, fresh, why, {"state": state})
    return fresh


def _compartments_of(record: TopRecord) -> list[int]:
    required = labels.labels_of([record.access_class_id])[
        record.access_class_id
    ].requires
    tags = Tag.objects.filter(pk__in=required, kind=TagKind.COMPARTMENT)
    return list(tags.values_list("pk", flat=True))


def _check_handling(record: TopRecord, sharing: str) -> None:
    """Raise where a report's handling condition does not allow so wide a sharing."""
    if not isinstance(record, Report) or not record.handling_condition:
        return
    left = options_of(record)
    if sharing not in {option.code for option in left}:
        raise Refused(
            "sharing",
            "This audience is wider than the handling condition of the report allows.",
            f"Choose one of: {', '.join(option.text for option in left)}.",
        )


def _worded(reason: str) -> str:
    if not reason.strip():
        raise InvalidRecord(
            "Enter the reason. Auditors read who changed what a record needs, and why.",
            field="reason",
        )
    return reason.strip()


def _audit(kind: AuditKind, row: Any, reason: str, detail: dict[str, Any]) -> None:
    audit.record(kind, row._meta.label, [row.pk], reason=reason, detail=detail)  # noqa: SLF001
