"""Undo what one just did: the former values are written anew, nothing is deleted.

Everything that one request changed goes back together. What others decided upon, and who
may see a record, is not undone: another step is taken instead.
"""

import copy
import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups import former
from groups.actions import undo_checks
from groups.actions.records import because
from groups.actions.stepping import Situation, check_step
from groups.former import Ending
from groups.guards import Guard
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    PersonLink,
)
from groups.permissions import check_can_edit
from groups.transitions import ACTIVITY_STATUSES, step_between
from ocgmap.common.errors import AppError, InvalidTransition, NotFound
from ocgmap.common.records import ProtectedRecord

OPEN_FOR = datetime.timedelta(minutes=15)
REASON = "Undone"
# Written together within one request, so that a new row beside a change is seen.
_MOMENT = datetime.timedelta(seconds=2)
_BY_TRIGGER = {"id", "version", "changed_at", "changed_by_id"}
# What others act upon, or what another step takes back; with what to say.
_NEVER: Mapping[str, str] = MappingProxyType(
    {
        "access_class_id": "Who may see it was changed: change that by hand.",
        "owner_id": "It has another owner now.",
        "reviewed_at": "A review stands: record another.",
        "record_state": "A step of its record is taken back by another step.",
        "merged_into_id": "A merge is taken back by splitting it off, and a split by "
        "merging it again.",
        "legal_hold": "The records manager decides on that.",
        "retention_class": "The records manager decides on that.",
        "restriction_ground": "The records manager decides on that.",
    }
)
CHANGED_SINCE = "It was changed again since."
TOO_LATE = "More than 15 minutes have passed: change it by hand."
MADE_NEW = "Something new was recorded with it: withdraw that, and change this by hand."


@dataclass(frozen=True, slots=True)
class Reversal:
    """One record that a request changed: as it is, as it was, or why it stays so."""

    now: Any
    was: Any
    ended: Ending
    refusal: str = ""

    @property
    def names(self) -> list[str]:
        """Return the columns that go back."""
        return _differing(self.now, self.was)


def of_group(viewer: Viewer, group: CrimeGroup) -> list[QuerySet[Any]]:
    """Return the rows that a change on a page of this group may be about."""
    parts = [
        kind.objects.ever_visible_to(viewer)
        for kind in (
            GroupThreat,
            GroupAlias,
            Membership,
            Involvement,
            IdentifierUse,
            Activity,
        )
    ]
    of_activities = [
        kind.objects.ever_visible_to(viewer).filter(activity__group=group)
        for kind in (ActivityPlace, ActivityQuantity)
    ]
    links = GroupLink.objects.ever_visible_to(viewer)
    return [
        CrimeGroup.objects.visible_to(viewer).filter(pk=group.pk),
        *(rows.filter(group=group) for rows in parts),
        *of_activities,
        links.filter(Q(a=group) | Q(b=group)),
    ]


def of_person(viewer: Viewer, nominal: Nominal) -> list[QuerySet[Any]]:
    """Return the rows that a change on a page of this person may be about."""
    links = PersonLink.objects.ever_visible_to(viewer)
    return [
        Nominal.objects.visible_to(viewer).filter(pk=nominal.pk),
        NominalAlias.objects.ever_visible_to(viewer).filter(nominal=nominal),
        IdentifierUse.objects.ever_visible_to(viewer).filter(nominal=nominal),
        links.filter(Q(a=nominal) | Q(b=nominal)),
    ]


def of_groups(viewer: Viewer) -> list[QuerySet[Any]]:
    """Return the groups that a bulk change may have been about: those changed lately."""
    since = timezone.now() - OPEN_FOR
    return [CrimeGroup.objects.visible_to(viewer).filter(changed_at__gte=since)]


def is_of_several(viewer: Viewer, request_id: uuid.UUID) -> bool:
    """Return whether this is a bulk change of the viewer's own, to groups they see.

    Another request changed more than groups, which its own page takes back as a whole.
    """
    events = former.events_of(viewer, CrimeGroup).filter(
        pgh_context_id=request_id,
        pgh_context__user=viewer.user_id,
        pgh_context__url__icontains="/groups/bulk/",
    )
    return bool(events.exists())


def foresee(
    viewer: Viewer, scope: Iterable[QuerySet[Any]], request_id: uuid.UUID
) -> list[Reversal]:
    """Return what `undo` would do to each record that the viewer's request changed.

    Empty where there is no such request of theirs about these rows. Two queries a kind.
    """
    return _found(viewer, list(scope), request_id, is_kept=False)


def is_open(found: Sequence[Reversal]) -> bool:
    """Return whether all of these can be undone, and there is something to undo."""
    return bool(found) and not any(one.refusal for one in found)


def undo(
    *, by: Viewer, scope: Iterable[QuerySet[Any]], request_id: uuid.UUID
) -> list[Reversal]:
    """Write back what one request of ``by`` changed, as a whole; return what went back.

    Raises:
        NotFound: there is no such request of theirs about these rows.
        InvalidTransition: it is too late, or one of the records stays as it is.
        AppError: what stood then may not stand now.
    """
    with because(REASON), transaction.atomic():
        found = _found(by, list(scope), request_id, is_kept=True)
        if not found:
            raise NotFound
        for one in found:
            if one.refusal:
                raise InvalidTransition(f"This cannot be undone. {one.refusal}")
        _write(by, found, request_id)
    return found


def undo_bulk(*, by: Viewer, request_id: uuid.UUID) -> list[Reversal]:
    """Write back each group that a bulk request of ``by`` changed and that can go back.

    The others stay as they are and say why.

    Raises:
        NotFound: there is no such request of theirs, or all of it is long past.
    """
    with because(REASON), transaction.atomic():
        found = _found(by, of_groups(by), request_id, is_kept=True)
        if not found:
            raise NotFound
        _write(by, [one for one in found if not one.refusal], request_id)
    return found


def _found(
    viewer: Viewer, scope: list[QuerySet[Any]], request_id: uuid.UUID, *, is_kept: bool
) -> list[Reversal]:
    """Return the reversals; with `is_kept` their rows are kept from other changes."""
    found = [
        _checked(viewer, one)
        for rows in scope
        for one in _changed(viewer, rows, request_id, is_kept=is_kept)
    ]
    if found and _made_new(viewer, scope, found):
        return [_refused(one, MADE_NEW) for one in found]
    return found


def _changed(
    viewer: Viewer, rows: QuerySet[Any], request_id: uuid.UUID, *, is_kept: bool
) -> list[Reversal]:
    """Return the rows that the request changed, each from its first state in it."""
    kind: Any = rows.model
    events = former.events_of(viewer, kind).filter(
        pgh_context_id=request_id,
        pgh_created_at__gte=timezone.now() - 2 * OPEN_FOR,
        pgh_context__user=viewer.user_id,
        pgh_obj_id__in=rows.order_by().values("pk"),
    )
    steps: dict[int, list[Any]] = defaultdict(list)
    for event in events.order_by("version"):
        steps[event.pgh_obj_id].append(event)
    if not steps:
        return []
    present = rows.filter(pk__in=steps).select_related("owner").order_by("pk")
    if is_kept:
        present = present.select_for_update(of=("self",), no_key=True)
    found = [_reversal(kind, row, steps[row.pk]) for row in present]
    return [one for one in found if one.names]


def _reversal(kind: type[Any], row: Any, steps: Sequence[Any]) -> Reversal:
    was = former.row_of(kind, steps[0])
    is_untouched = row.version == steps[-1].version + 1
    return Reversal(
        row, was, former.ending_of(steps[-1]), "" if is_untouched else CHANGED_SINCE
    )


def _differing(now: ProtectedRecord, was: ProtectedRecord) -> list[str]:
    fields = type(now)._meta.concrete_fields  # noqa: SLF001 - documented
    names = [one.attname for one in fields if one.attname not in _BY_TRIGGER]
    return [name for name in names if getattr(now, name) != getattr(was, name)]


def _checked(viewer: Viewer, one: Reversal) -> Reversal:
    """Return the reversal with why it cannot be, if it cannot."""
    if one.refusal:
        return one
    if timezone.now() - one.ended.at > OPEN_FOR:
        return _refused(one, TOO_LATE)
    for name in one.names:
        if name in _NEVER:
            return _refused(one, _NEVER[name])
    try:
        _check_may(viewer, one)
    except AppError as error:
        return _refused(one, error.message)
    return one


def _check_may(viewer: Viewer, one: Reversal) -> None:
    check_can_edit(viewer, one.now)
    if "activity_status" in one.names:
        _check_may_step(viewer, one)


def _check_may_step(viewer: Viewer, one: Reversal) -> None:
    """Raise unless the viewer is one who may take the step that goes back."""
    was, now = one.was.activity_status, one.now.activity_status
    step = step_between(ACTIVITY_STATUSES, was, now)
    if step is None:
        raise InvalidTransition(
            "It went through more than one status: change it by hand."
        )
    situation = Situation(viewer, one.now)
    check_step(situation, step, field="activity_status", but=frozenset(Guard))


def _refused(one: Reversal, why: str) -> Reversal:
    return Reversal(one.now, one.was, one.ended, why)


def _made_new(
    viewer: Viewer, scope: Iterable[QuerySet[Any]], found: Sequence[Reversal]
) -> bool:
    """Return whether a threat or a part of an activity was recorded with the change."""
    first = min(one.ended.at for one in found) - _MOMENT
    last = max(one.ended.at for one in found) + _MOMENT
    changed = {(type(one.now), one.now.pk) for one in found}
    return any(
        (rows.model, pk) not in changed
        for rows in scope
        if rows.model in _MADE_WITH_CHANGES
        for pk in rows.filter(
            created_by_id=viewer.user_id, created_at__gte=first, created_at__lte=last
        ).values_list("pk", flat=True)
    )


_MADE_WITH_CHANGES = (GroupThreat, ActivityPlace, ActivityQuantity)


def _write(by: Viewer, found: Sequence[Reversal], request_id: uuid.UUID) -> None:
    # A predominant threat steps back before the former one takes its place again.
    rows = sorted(found, key=lambda one: getattr(one.was, "is_predominant", False))
    changed: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for one in rows:
        names, record = one.names, copy.copy(one.now)
        for name in names:
            setattr(record, name, getattr(one.was, name))
        undo_checks.check(by, record, frozenset(names))
        record.save(update_fields=names)
        changed[record._meta.label][record.pk] = names  # noqa: SLF001
    for label, each in sorted(changed.items()):
        audit.record(
            AuditKind.ALTERATION,
            label,
            each,
            reason=REASON,
            detail={
                "fields": sorted({name for names in each.values() for name in names}),
                "undone": str(request_id),
            },
        )
