"""The register of returns: what is due, what came in, and what was nil."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer, join
from intelligence.exceptions import Refused
from intelligence.models import Return
from intelligence.models.return_register import Channel
from intelligence.permissions import check_can_receive, check_can_register
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.once import inserted

_ONCE = "intelligence_return_once_a_period"


def register(
    *,
    by: Viewer,
    owner: Organisation,
    from_on: date,
    to_on: date,
    due_on: date,
    channel: str = Channel.BROWSER,
) -> Return:
    """Enter what ``owner`` owes for a period, and by when; it has not come in yet.

    The entry is shared like the owner's usual records: with its ROCU and the NCA.

    Raises:
        Refused: the dates are out of order, or the period is in the register already.
        PermissionDenied: ``by`` may not register for this owner.
    """
    check_can_register(by, owner)
    if from_on > to_on:
        raise Refused(
            "to_on", "The period ends before it begins.", "Correct one of the dates."
        )
    if due_on < to_on:
        raise Refused(
            "due_on",
            "A return cannot be due before its period is over.",
            "Enter the last day of the period or a later one.",
        )
    with transaction.atomic():
        entry = Return(
            owner=owner,
            access_class_id=_class_for(owner, by),
            channel=channel,
            from_on=from_on,
            to_on=to_on,
            due_on=due_on,
        )
        _insert(entry)
        audit.record(AuditKind.COLLECTION, "intelligence.Return", [entry.pk])
    return entry


def receive(
    *,
    by: Viewer,
    ret: Return,
    is_nil: bool = False,
    counts: Mapping[str, int] | None = None,
    file_digest: str = "",
) -> Return:
    """Mark the return as received now; it is late when that is after its due day.

    ``counts`` says what came: reports, groups, rows refused. Only of what all readers
    of the return may know (`open_to_readers`).

    Raises:
        InvalidTransition: it was received before.
        Refused: a nil return comes with something in it.
        PermissionDenied: ``by`` may not receive for this owner.
    """
    check_can_receive(by, ret)
    what = {name: int(count) for name, count in (counts or {}).items()}
    if is_nil and (any(what.values()) or ret.reports.visible_to(by).exists()):
        raise Refused(
            "is_nil",
            "A nil return says that there was nothing, but something came with it.",
            "Mark it as received, not as nil.",
        )
    with transaction.atomic():
        rows = Return.objects.visible_to(by).filter(pk=ret.pk)
        marked = rows.filter(received_at__isnull=True).update(
            received_at=timezone.now(),
            is_nil=is_nil,
            counts=what,
            file_digest=file_digest,
        )
        entry = rows.first()
        if entry is None:
            raise NotFound
        if not marked:
            raise InvalidTransition(
                "This return was received before. Nothing was changed."
            )
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.Return",
            [entry.pk],
            detail={"nil": is_nil, "late": entry.is_late, "counts": what},
        )
    return entry


def recount(*, by: Viewer, ret: Return) -> None:
    """Say again how many reports came in a return that was received before.

    Raises:
        PermissionDenied: ``by`` may not receive for this owner.
    """
    check_can_receive(by, ret)
    count = report_count(ret, by=by)
    counts = {**ret.counts, "reports": count} if count else ret.counts
    with transaction.atomic():
        Return.objects.visible_to(by).filter(pk=ret.pk).update(counts=counts)
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.Return",
            [ret.pk],
            detail={"counts": counts},
        )


def open_to_readers(ret: Return, class_ids: Iterable[int]) -> set[int]:
    """Return those of these classes that whoever reads ``ret`` may know of.

    They are those of the wider audiences: what is for the own organisation only, or in
    a compartment, must not show in a count that the region and the nation read.
    """
    options = labels.options_for(ret.owner)
    wide = [one.label for one in options if one.code != TagKind.ORGANISATION]
    known = join(wide).requires
    found = labels.labels_of(class_ids)
    return {class_id for class_id, label in found.items() if label.requires <= known}


def report_count(ret: Return, *, by: Viewer) -> int:
    """Return how many reports came in ``ret``, of those that all its readers may know."""
    rows = ret.reports.visible_to(by).values_list("access_class_id", flat=True)
    classes = list(rows)
    told = open_to_readers(ret, classes)
    return sum(class_id in told for class_id in classes)


def _class_for(owner: Organisation, by: Viewer) -> int:
    """Return the class of the owner's usual audience: the first that it offers."""
    usual = (TagKind.FORCE, TagKind.REGION, TagKind.ALL_FORCES, TagKind.ORGANISATION)
    offered = {option.code for option in labels.options_for(owner)}
    sharing = next((str(kind) for kind in usual if kind in offered), "")
    return labels.class_for(owner=owner, sharing=sharing, by=by)


def _insert(entry: Return) -> None:
    if not inserted(entry, _ONCE):
        raise Refused(
            "from_on",
            "This period of this organisation is in the register already.",
            "Look it up there, or enter another period.",
        )
