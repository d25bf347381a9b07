"""Activities that were recorded wrongly, with their places and quantities."""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from django.db import transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import facts
from groups.actions.activities import (
    PlaceDraft,
    QuantityDraft,
    place_of,
    quantity_of,
)
from groups.actions.records import because, held, stale
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    Offence,
    ThreatType,
)
from groups.permissions import check_can_edit
from ocgmap.common.errors import NotFound

D = TypeVar("D", PlaceDraft, QuantityDraft)
P = TypeVar("P", ActivityPlace, ActivityQuantity)

_PLACE = ("role", "area", "outcode", "country")
_QUANTITY = ("commodity", "amount", "low", "high", "unit", "currency")


@dataclass(frozen=True, slots=True)
class PartChange(Generic[D]):
    """What a place or quantity should say: a new one if `part` is None."""

    draft: D
    part: uuid.UUID | None = None
    is_withdrawn: bool = False


class ActivityChanges(TypedDict, total=False):
    """What may be corrected of an activity; left out means unchanged."""

    threat_type: ThreatType
    offence: Offence | None
    modus: str
    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str


def parts_version(viewer: Viewer, activity: Activity) -> int:
    """Return a number that grows when the activity or one of its parts changes.

    It is the sum of their versions: a change adds to one, a new part is one more.
    """
    versions = [activity.version]
    for rows in (
        ActivityPlace.objects.ever_visible_to(viewer),
        ActivityQuantity.objects.ever_visible_to(viewer),
    ):
        found = rows.filter(activity=activity)
        versions += found.values_list("version", flat=True)
    return sum(versions)


def correct(
    *,
    by: Viewer,
    activity: Activity,
    version: int,
    reason: str,
    places: Iterable[PartChange[PlaceDraft]] = (),
    quantities: Iterable[PartChange[QuantityDraft]] = (),
    **changes: Unpack[ActivityChanges],
) -> Activity:
    """Correct an activity and some of its places and quantities, all or nothing.

    `version` is what `parts_version` said. Parts that are not named stay as they are.

    Raises:
        AppError: as `facts.correct` and `activities.add`; `row` in its details is the
            place or quantity at fault.
    """
    check_can_edit(by, activity)
    reason = facts.check_reason(reason)
    with because(reason), transaction.atomic():
        now = held(by, activity)
        present = parts_version(by, now)
        if present != version:
            raise stale(present)
        fresh = facts.correct(
            by=by,
            fact=now,
            version=now.version,
            reason=reason,
            values={**changes},
        )
        put = _Put(by, fresh, reason)
        put.all(ActivityPlace, _PLACE, place_of, places)
        put.all(ActivityQuantity, _QUANTITY, quantity_of, quantities)
    return fresh


def withdraw(*, by: Viewer, activity: Activity, version: int, reason: str) -> Activity:
    """Withdraw an activity with its places and quantities; return it.

    Raises:
        AppError: as `facts.withdraw`.
    """
    check_can_edit(by, activity)
    reason = facts.check_reason(reason)
    with because(reason), transaction.atomic():
        fresh = facts.withdraw(by=by, fact=activity, version=version, reason=reason)
        for rows in (
            ActivityPlace.objects.visible_to(by).filter(activity=activity),
            ActivityQuantity.objects.visible_to(by).filter(activity=activity),
        ):
            parts: list[ActivityPlace | ActivityQuantity] = list(rows)
            if parts:
                rows.update(**facts.withdrawal(by, reason))
                ids = [part.pk for part in parts]
                facts.record_withdrawn(parts[0], ids, reason)
    return fresh


@dataclass(frozen=True, slots=True)
class _Put:
    """Writes the parts of one activity, each with its audit row."""

    by: Viewer
    activity: Activity
    reason: str

    def all(
        self,
        model: type[P],
        columns: tuple[str, ...],
        build: Callable[[Activity, int, D], P],
        wanted: Iterable[PartChange[D]],
    ) -> None:
        standing: dict[uuid.UUID, Any] = {
            row.public_id: row for row in self._standing(model)
        }
        for row, change in enumerate(wanted):
            part = None
            if change.part is not None:
                part = standing.get(change.part)
                if part is None:
                    raise NotFound
            if change.is_withdrawn:
                self._withdraw(part)
            else:
                self._write(part, build(self.activity, row, change.draft), columns)

    def _standing(self, model: type[P]) -> Iterator[P]:
        rows: Any = model._default_manager.all()  # noqa: SLF001 - its own class
        yield from rows.visible_to(self.by).filter(activity=self.activity)

    def _withdraw(self, part: Any) -> None:
        if part is not None:  # a new row that was struck out again is nothing
            facts.withdraw(
                by=self.by, fact=part, version=part.version, reason=self.reason
            )

    def _write(self, part: Any, built: Any, columns: tuple[str, ...]) -> None:
        if part is None:
            built.save(force_insert=True)
            self._audit(AuditKind.COLLECTION, built)
            return
        for column in columns:
            setattr(part, column, getattr(built, column))
        part.save(update_fields=columns)
        self._audit(AuditKind.ALTERATION, part)

    def _audit(self, kind: AuditKind, part: Any) -> None:
        audit.record(
            kind,
            part._meta.label,  # noqa: SLF001 - the documented interface
            [part.pk],
            reason=self.reason,
            detail={"activity": self.activity.pk},
        )
