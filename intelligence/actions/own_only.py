"""Groups that are their owner's alone: until a day, which a supervisor may put off.

Such sharing hides a group from its region and the nation. It stands at once, since it
may be what keeps someone safe, and ends by itself, so that nothing is hidden for good.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Tag
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label, Viewer, join
from groups.models import CrimeGroup
from intelligence.models import SharingChange
from intelligence.models.sharing_change import SharingState, SharingStep

# Until someone approves, and from then on. Source: local configuration.
UNAPPROVED = datetime.timedelta(days=14)
APPROVED = datetime.timedelta(days=90)
OVER = "The time of sharing with nobody else is over."


def note(*, by: Viewer, group: CrimeGroup, reason: str) -> SharingChange | None:
    """Note that a group is its owner's alone from now; None where that is noted."""
    if SharingChange.objects.visible_to(by).own_only().of(group).exists():
        return None
    return _insert(group, reason, timezone.localdate())


def end_where_over(*, by: Viewer, group: CrimeGroup) -> None:
    """End what was noted of a group that others see again."""
    if not _is_own_only(group):
        rows = SharingChange.objects.visible_to(by).own_only().of(group)
        ended = [row.pk for row in rows]
        if ended:
            rows.update(state=SharingState.ENDED)
            audit.record(AuditKind.ALTERATION, "intelligence.SharingChange", ended)


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


def sweep(on: datetime.date) -> int:
    """Give groups whose time is over their usual sharing; return how many it gave.

    Notes besides every group that is its owner's alone without a note, by whatever way
    it came to be. As the worker, who sees all. What hangs on a group stays as strict.
    """
    with transaction.atomic():
        for group in _unnoted():
            _insert(group, "Recorded so.", on)
        over = SharingChange.objects.own_only().filter(until_on__lte=on)
        ids = list(over.values_list("pk", flat=True))
    given = 0
    for pk in ids:
        with transaction.atomic():
            given += _end(pk)
    return given


def _end(pk: int) -> bool:
    change = (
        SharingChange.objects.select_for_update(no_key=True, of=("self",))
        .own_only()
        .filter(pk=pk)
        .first()
    )
    if change is None or change.group_id is None:
        return False
    group = CrimeGroup.objects.select_for_update(no_key=True).get(pk=change.group_id)
    usual = usual_class(group) if _is_own_only(group) else None
    change.state = SharingState.ENDED
    change.save(update_fields=["state"])
    if usual is None:
        return False
    group.access_class_id = usual
    group.save(update_fields=["access_class"])
    audit.record(
        AuditKind.ALTERATION,
        "groups.CrimeGroup",
        [group.pk],
        reason=OVER,
        detail={"class": usual, "change": change.pk},
    )
    return True


def _unnoted() -> list[CrimeGroup]:
    """Return the groups that only their owner sees, and of which nothing is noted."""
    own = Tag.objects.filter(kind=TagKind.ORGANISATION).values_list("pk", flat=True)
    noted = SharingChange.objects.own_only().filter(group__isnull=False)
    with_usual = Tag.objects.filter(kind=TagKind.FORCE).values("owner")
    return list(
        CrimeGroup.objects.filter(
            Q(access_class__requires__overlap=list(own)), owner__in=with_usual
        )
        .exclude(pk__in=noted.values("group"))
        .select_related("owner")
    )


def _is_own_only(group: CrimeGroup) -> bool:
    label = labels.labels_of([group.access_class_id])[group.access_class_id]
    return Tag.objects.filter(pk__in=label.requires, kind=TagKind.ORGANISATION).exists()


def _insert(group: CrimeGroup, reason: str, on: datetime.date) -> SharingChange:
    made = SharingChange(
        group=group,
        owner_id=group.owner_id,
        access_class_id=group.access_class_id,
        step=SharingStep.OWN_ONLY,
        from_class_id=group.access_class_id,
        to_class_id=usual_class(group) or group.access_class_id,
        reason=reason,
        until_on=on + UNAPPROVED,
    )
    made.save(force_insert=True)
    made.refresh_from_db()
    audit.record(
        AuditKind.COLLECTION,
        "intelligence.SharingChange",
        [made.pk],
        reason=reason,
        detail={"group": group.pk, "until": str(made.until_on)},
    )
    return made
