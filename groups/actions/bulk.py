"""The same change to several groups at once: foreseen first, then made in one go."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypedDict

from django.db import transaction

from accounts import audit
from accounts.exceptions import NotOwner
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.groups import check_review
from groups.actions.records import because, check_fields
from groups.actions.states import status_changes
from groups.actions.stepping import Situation
from groups.exceptions import InvalidRecord
from groups.guards import Guard
from groups.models import CrimeGroup
from groups.permissions import editable
from ocgmap.common.errors import AppError
from ocgmap.common.remembering import remembering

# A person looks through the preview, and all rows are held until the end.
MOST_AT_ONCE = 200
CHANGED_MEANWHILE = "Someone else changed it after the preview. Look again."
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "tier": "Tier",
        "lead_officer": "Lead officer",
        "review_on": "Review by",
        "activity_status": "Activity status",
    }
)


class BulkChanges(TypedDict, total=False):
    """What is to be the same of all groups; left out means unchanged."""

    tier: str
    lead_officer: str
    review_on: datetime.date
    activity_status: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one group: its changes, or why it cannot change."""

    group: CrimeGroup
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: str = ""


def foresee(
    viewer: Viewer,
    groups: Iterable[CrimeGroup],
    wanted: BulkChanges,
    versions: Mapping[uuid.UUID, int] | None = None,
) -> list[Outcome]:
    """Return what `change` would do to each of these visible groups; writes nothing.

    Without ``versions`` each is foreseen from the version that it has now.
    """
    rows = list(groups)
    mine = editable(viewer, rows)
    with remembering():
        return [_outcome(viewer, row, mine, wanted, versions) for row in rows]


def change(
    *,
    by: Viewer,
    versions: Mapping[uuid.UUID, int],
    wanted: BulkChanges,
    reason: str,
) -> list[Outcome]:
    """Change the groups that can, from the versions that were shown; tell of each.

    Those that can't, or that somebody else changed meanwhile, stay as they are and say
    why. The rest change together or not at all. Groups that ``by`` no longer sees are
    left out.

    Raises:
        InvalidRecord: no reason, nothing to change, or more than 200 groups.
    """
    if not reason.strip():
        raise InvalidRecord("Enter the reason for the changes.", field="reason")
    if not wanted:
        raise InvalidRecord("Choose what to change.", field="change")
    check_number(len(versions))
    with because(reason), transaction.atomic():
        held = CrimeGroup.objects.visible_to(by).select_related("owner")
        rows = list(
            held.select_for_update(of=("self",), no_key=True)
            .filter(public_id__in=versions)
            .order_by("pk")
        )
        mine = editable(by, rows)
        with remembering():
            found = [_outcome(by, row, mine, wanted, versions) for row in rows]
        for outcome in found:
            _write(outcome)
        audit.record(
            AuditKind.ALTERATION,
            "groups.CrimeGroup",
            [one.group.pk for one in found if one.changes],
            reason=reason.strip(),
            detail={"fields": sorted(wanted), "asked": len(versions)},
        )
    return found


def check_number(groups: int) -> None:
    """Raise unless so many groups may be changed at once.

    Raises:
        InvalidRecord: it is none, or too many.
    """
    if not groups:
        raise InvalidRecord("Select at least one group.", field="group")
    if groups > MOST_AT_ONCE:
        raise InvalidRecord(
            f"At most {MOST_AT_ONCE} groups are changed at once; these are {groups:,}. "
            "Narrow the list.",
            field="group",
        )


def _outcome(
    viewer: Viewer,
    group: CrimeGroup,
    mine: Collection[int],
    wanted: BulkChanges,
    versions: Mapping[uuid.UUID, int] | None,
) -> Outcome:
    if versions is not None and group.version != versions[group.public_id]:
        return Outcome(group, refusal=CHANGED_MEANWHILE)
    try:
        changes = _changes(viewer, group, mine, wanted)
    except AppError as error:
        return Outcome(group, refusal=error.message)
    return Outcome(group, changes)


def _changes(
    viewer: Viewer, group: CrimeGroup, mine: Collection[int], wanted: BulkChanges
) -> dict[str, tuple[Any, Any]]:
    """Return each column that changes with its former and its new value.

    Raises:
        AppError: the group cannot change so.
    """
    if group.pk not in mine:
        raise NotOwner(f"It belongs to {group.owner.short_name}.")
    if group.merged_into_id is not None:
        raise InvalidRecord("It was merged into another group.")
    values: dict[str, Any] = {**wanted}
    status = values.get("activity_status")
    if status and status != group.activity_status:
        situation = Situation(viewer, group, review_on=values.get("review_on"))
        # The reason is asked for once, of all.
        values |= status_changes(situation, status, but=(Guard.REASON,))
    changes = {
        name: (getattr(group, name), value)
        for name, value in values.items()
        if getattr(group, name) != value
    }
    if not changes:
        raise InvalidRecord("It is so already.")
    _check_values(group, changes)
    return changes


def _check_values(group: CrimeGroup, changes: dict[str, tuple[Any, Any]]) -> None:
    """Raise unless the group may hold the new values; leaves it as it was."""
    for name, (_, value) in changes.items():
        setattr(group, name, value)
    try:
        check_fields(group)
        if "review_on" in changes:
            check_review(group.review_on)
    finally:
        for name, (former, _) in changes.items():
            setattr(group, name, former)


def _write(outcome: Outcome) -> None:
    if not outcome.changes:
        return
    for name, (_, value) in outcome.changes.items():
        setattr(outcome.group, name, value)
    outcome.group.save(update_fields=list(outcome.changes))
