"""Groups that are their owner's alone: until a day, which a supervisor may put off.

Such sharing hides a group from its region and the nation. It stands at once, since it
may be what keeps someone safe, and ends by itself, so that nothing is hidden for good.
The database notes it and ends the note, by the group's label (`ocgmap/sql/sharing.sql`).
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import AccessClass, Tag
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label, Viewer, join
from groups.actions.records import because
from groups.former import ending_of
from groups.models import CrimeGroup
from intelligence.exceptions import SweepFailed
from intelligence.models import SharingChange
from intelligence.models.sharing_change import SharingState, SharingStep

logger = structlog.get_logger(__name__)

# Until someone approves (the trigger says so too), and from then on.
# Source: local configuration.
UNAPPROVED = datetime.timedelta(days=14)
APPROVED = datetime.timedelta(days=90)
# For how long after such a time another one needs a second person from its first day.
# Source: local configuration.
LATELY = datetime.timedelta(days=90)
OVER = "The time of sharing with nobody else is over."


def running(*, by: Viewer, group: CrimeGroup) -> SharingChange | None:
    """Return until when a group is its owner's alone, as far as ``by`` may see it."""
    return SharingChange.objects.visible_to(by).own_only().of(group).first()


def needs_second(*, by: Viewer, group: CrimeGroup, class_id: int) -> bool:
    """Return whether a label makes a group its owner's alone again too soon. Queries.

    By the times that ``by`` may see: who hid it sees their own.
    """
    if is_own_only(group.access_class_id) or not is_own_only(class_id):
        return False
    rows = SharingChange.objects.visible_to(by).of(group)
    return rows.over_since(timezone.localdate() - LATELY).exists()


def usual_class(group: Any) -> int | None:
    """Return the class of the owner's usual sharing, with the record's compartments.

    None where the owner has no such sharing, as the NCA: its groups stay as they are.
    """
    usual = [o for o in labels.options_for(group.owner) if o.code == TagKind.FORCE]
    if not usual:
        return None
    present = labels.labels_of([group.access_class_id])[group.access_class_id]
    kept = Tag.objects.filter(pk__in=present.requires, kind=TagKind.COMPARTMENT)
    rest = Label(frozenset(kept.values_list("pk", flat=True)), present.marking)
    return labels.intern(join([usual[0].label, rest]))


def is_own_only(class_id: int) -> bool:
    """Return whether what carries the class is its owner's alone. Two queries."""
    label = labels.labels_of([class_id])[class_id]
    return Tag.objects.filter(pk__in=label.requires, kind=TagKind.ORGANISATION).exists()


def sweep(on: datetime.date) -> int:
    """Give groups whose time is over their usual sharing; return how many it gave.

    Notes besides every group that is its owner's alone without a note, as from before
    the database noted them. As the worker, who sees all. What hangs on a group stays as
    strict.

    Raises:
        SweepFailed: some groups stayed as they were; all others were seen to.
    """
    failed: list[int] = []
    with transaction.atomic():
        unnoted = list(_unnoted().values_list("pk", flat=True))
    for group_id in unnoted:
        with _apart(failed, group_id):
            _note(group_id, on)
    with transaction.atomic():
        over = SharingChange.objects.own_only().filter(until_on__lte=on)
        due = list(over.values_list("pk", "group_id"))
    given = 0
    for pk, about in due:
        with _apart(failed, about):
            given += _end(pk, on)
    if failed:
        raise SweepFailed(failed)
    return given


@contextmanager
def _apart(failed: list[int], group_id: int | None) -> Iterator[None]:
    """See to one group in a transaction of its own; note its fault and go on."""
    try:
        with because(OVER), transaction.atomic():
            yield
    except Exception as error:  # noqa: BLE001 - whatever a group does, others go on
        logger.error("sharing of group %s: %s", group_id, type(error).__name__)  # noqa: TRY400 - a traceback may hold what rows say
        failed.append(group_id or 0)


def _end(pk: int, on: datetime.date) -> bool:
    """End one time if it is over still, with its group as it is then.

    Locks the group before the change, as whoever decides on it does.
    """
    about = SharingChange.objects.filter(pk=pk).values_list("group_id", flat=True)
    group = (
        CrimeGroup.objects.select_for_update(no_key=True).filter(pk__in=about).first()
    )
    rows = SharingChange.objects.select_for_update(no_key=True, of=("self",))
    change = rows.own_only().filter(pk=pk, until_on__lte=on).first()
    if change is None or group is None:
        return False
    others = SharingChange.objects.own_only().of(group).filter(until_on__gt=on)
    is_hidden = is_own_only(group.access_class_id)
    usual = usual_class(group) if is_hidden and not others.exists() else None
    change.state = SharingState.ENDED
    change.save(update_fields=["state"])
    _audit(AuditKind.ALTERATION, change, OVER, {"group": group.pk, "state": "ended"})
    if usual is None:
        return False
    former = group.access_class_id
    group.access_class_id = usual
    group.save(update_fields=["access_class"])
    audit.record(
        AuditKind.ALTERATION,
        "groups.CrimeGroup",
        [group.pk],
        reason=OVER,
        detail={"from_class": former, "class": usual, "change": change.pk},
    )
    return True


def _unnoted() -> QuerySet[CrimeGroup, CrimeGroup]:
    """Return the groups that only their owner sees, and of which nothing is noted."""
    noted = SharingChange.objects.own_only().filter(group__isnull=False)
    with_usual = Tag.objects.filter(kind=TagKind.FORCE).values("owner")
    return CrimeGroup.objects.filter(
        Q(access_class__requires__overlap=_own_tags()), owner__in=with_usual
    ).exclude(pk__in=noted.values("group"))


def _own_tags() -> list[int]:
    tags = Tag.objects.filter(kind=TagKind.ORGANISATION)
    return list(tags.values_list("pk", flat=True))


def _note(group_id: int, on: datetime.date) -> None:
    """Note that a group is its owner's alone, if it still is and nothing is noted."""
    rows = _unnoted().select_for_update(no_key=True, of=("self",))
    group = rows.filter(pk=group_id).first()
    if group is None:
        return
    who, why = _made_so(group)
    made = SharingChange(
        group=group,
        owner_id=group.owner_id,
        access_class_id=group.access_class_id,
        step=SharingStep.OWN_ONLY,
        from_class_id=group.access_class_id,
        to_class_id=usual_class(group) or group.access_class_id,
        reason=why or "Recorded so.",
        until_on=on + UNAPPROVED,
        created_by_id=who,
    )
    made.save(force_insert=True)
    made.refresh_from_db()
    detail = {"group": group.pk, "until": str(made.until_on)}
    _audit(AuditKind.COLLECTION, made, made.reason, detail)


def _made_so(group: CrimeGroup) -> tuple[int | None, str]:
    """Return who made a group its owner's alone, and why, by its history.

    Who recorded it, where it never was anything else. The worker's own eyes: all labels.
    """
    own = AccessClass.objects.filter(requires__overlap=_own_tags())
    events: Any = CrimeGroup.history.rel.related_model.objects  # type: ignore[attr-defined]
    last = (
        events.filter(pgh_obj_id=group.pk)
        .exclude(access_class_id__in=own.values("pk"))
        .order_by("version")
        .last()
    )
    if last is None:
        return group.created_by_id, ""
    ended = ending_of(last)
    return ended.user_id, ended.reason


def _audit(
    kind: AuditKind, change: SharingChange, reason: str, detail: dict[str, Any]
) -> None:
    audit.record(
        kind, "intelligence.SharingChange", [change.pk], reason=reason, detail=detail
    )
