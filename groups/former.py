"""Former states of records: what a row said at a version, as far as a reader may see.

A state is told iff its own label is visible, as the database's second lock has it too.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.visibility import Viewer
from groups.models import Activity, ActivityPlace, ActivityQuantity, CrimeGroup
from ocgmap.common.records import ProtectedRecord, visible_classes

R = TypeVar("R", bound=ProtectedRecord)
# More steps than these are not followed one by one: who took the last is told alone.
MOST_STEPS = 30


@dataclass(frozen=True, slots=True)
class Ending:
    """How a state ended: when, by whose step, in which request, and why."""

    at: datetime.datetime
    user_id: int | None
    request_id: uuid.UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a record said from one step to the next; the present state has no end."""

    row: Any
    ended: Ending | None = None


def events_of(viewer: Viewer, model: type[ProtectedRecord]) -> models.QuerySet[Any]:
    """Return the former states of records of a kind that ``viewer`` may see."""
    tracked: Any = model
    rows: Any = tracked.history.rel.related_model.objects
    return cast(
        "models.QuerySet[Any]",
        rows.filter(access_class_id__in=visible_classes(viewer)),
    )


def row_of(model: type[R], event: Any) -> R:
    """Return the record as it was before the step that stored ``event``; never saved."""
    names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001
    return model(**{name: getattr(event, name) for name in names})


def ending_of(event: Any) -> Ending:
    """Return how the state that ``event`` stores ended."""
    context = event.pgh_context or {}
    return Ending(
        event.pgh_created_at,
        context.get("user"),
        event.pgh_context_id,
        context.get("reason", ""),
    )


def states_since(viewer: Viewer, record: R, version: int) -> list[State]:
    """Return the states from ``version`` to the present one, oldest first.

    Empty where one of them is hidden, there is no such version, or it is too far back:
    the base of a comparison is then not known. One query.
    """
    if not 0 <= record.version - version <= MOST_STEPS:
        return []
    kind = type(record)
    events = events_of(viewer, kind).filter(
        pgh_obj_id=record.pk, version__gte=version, version__lt=record.version
    )
    found = [
        State(row_of(kind, event), ending_of(event))
        for event in events.order_by("version")
    ]
    if len(found) != record.version - version:
        return []
    return [*found, State(record)]


def merged_then(
    viewer: Viewer, survivors: Collection[int], instant: datetime.datetime | None
) -> dict[int, int]:
    """Return the groups that were merged into these at ``instant`` (None: are now).

    By id, each with the id of its survivor: of the groups that ``viewer`` may see now, in
    states that they may see. One query; two for a moment of the past.
    """
    seen = CrimeGroup.objects.visible_to(viewer)
    found: dict[int, Any] = dict(
        seen.filter(merged_into__in=survivors).values_list("pk", "merged_into_id")
    )
    if instant is None:
        return found
    # What held at the moment is kept by the first step after it.
    later = events_of(viewer, CrimeGroup).filter(
        pgh_created_at__gt=instant, pgh_obj_id__in=seen.values("pk")
    )
    once = later.filter(merged_into_id__in=survivors).values("pgh_obj_id")
    first = (
        later.filter(Q(pgh_obj_id__in=list(found)) | Q(pgh_obj_id__in=once))
        .order_by("pgh_obj_id", "version")
        .distinct("pgh_obj_id")
    )
    found |= dict(first.values_list("pgh_obj_id", "merged_into_id"))
    return {pk: into for pk, into in found.items() if into in survivors}


@dataclass(frozen=True, slots=True)
class FormerActivity:
    """An activity with its parts as they were: states since then, and former parts."""

    states: list[State]
    places: list[Any]
    quantities: list[Any]


def activity_since(
    viewer: Viewer, activity: Activity, version: int
) -> FormerActivity | None:
    """Return an activity when it and its parts together had ``version``.

    That is the sum that `parts_version` speaks of; None where no moment had it, as far
    as ``viewer`` sees. Six queries.
    """
    kinds: tuple[type[Any], ...] = (Activity, ActivityPlace, ActivityQuantity)
    rows: dict[type[Any], list[Any]] = {Activity: [activity]}
    for kind in kinds[1:]:
        rows[kind] = list(
            kind.objects.ever_visible_to(viewer)
            .filter(activity=activity)
            .order_by("pk")
        )
    events = {kind: _events(viewer, kind, rows[kind]) for kind in kinds}
    moments = [one.pgh_created_at for kind in kinds for one in events[kind]]
    moments += [one.created_at for kind in kinds[1:] for one in rows[kind]]
    steps = sum(one.version for kind in kinds for one in rows[kind]) - version
    if not 0 <= steps <= len(moments):
        return None
    cut = sorted(moments, reverse=True)[steps - 1] if steps else None
    former = {kind: _at(kind, rows[kind], events[kind], cut) for kind in kinds}
    [base] = former[Activity] or [None]
    states = states_since(viewer, activity, base.version) if base else []
    if not states:
        return None
    return FormerActivity(states, former[ActivityPlace], former[ActivityQuantity])


def _events(viewer: Viewer, kind: type[Any], rows: Sequence[Any]) -> list[Any]:
    found = events_of(viewer, kind).filter(pgh_obj_id__in=[one.pk for one in rows])
    return list(found.order_by("version"))


def _at(
    kind: type[Any],
    rows: Iterable[Any],
    events: Iterable[Any],
    cut: datetime.datetime | None,
) -> list[Any]:
    """Return the rows as they stood just before ``cut``; None: as they stand."""
    first: dict[int, Any] = {}
    for event in events:
        if cut is not None and event.pgh_created_at >= cut:
            first.setdefault(event.pgh_obj_id, event)
    known = [row for row in rows if cut is None or row.created_at < cut]
    was = [row_of(kind, first[one.pk]) if one.pk in first else one for one in known]
    return [one for one in was if one.withdrawn_at is None]


def names_of(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return who the users are: name and organisation. One query."""
    users = User.objects.select_related("organisation").in_bulk(
        {one for one in ids if one}
    )
    return {
        pk: f"{user.name}, {user.organisation.short_name}" for pk, user in users.items()
    }
