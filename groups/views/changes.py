"""Former states of records, told as steps: what changed, when, by whom and why.

A step is told iff the record is visible now and both its states were: the rule of the
database's second lock, kept here by the first.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from accounts.models import AccessClass, Tag
from accounts.visibility import Viewer
from groups.former import events_of, names_of
from groups.views.cards import Cell
from ocgmap.common.records import ProtectedRecord
from ocgmap.common.templatetags.govuk import uk_date

PAGE_SIZE = 50
LABEL = "Who may see it"
_NOT_TOLD = {
    "id",
    "public_id",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "submitted_at",
    "submitted_by",
    "reviewed_by",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Visible records of one kind, and what a step about one of them is called."""

    rows: models.QuerySet[Any]
    title: Callable[[Any], str]

    def events(self, viewer: Viewer) -> models.QuerySet[Any]:
        """Return the former states of these records that ``viewer`` may see."""
        keys = self.rows.order_by().values("pk")
        return events_of(viewer, self.rows.model).filter(pgh_obj_id__in=keys)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one record; without changes, the record was new.

    `version` is that of the state which the change ended.
    """

    at: datetime.datetime
    what: str
    about: ProtectedRecord
    user_id: int | None
    why: str = ""
    request_id: uuid.UUID | None = None
    changes: list[list[Cell]] = field(default_factory=list)
    version: int = 0

    @property
    def touches_label(self) -> bool:
        """Return whether the step changed who may see the record."""
        return any(name["text"] == LABEL for name, *_ in self.changes)

    @property
    def is_new(self) -> bool:
        """Return whether the record was made by this step."""
        return not self.changes


@dataclass(frozen=True, slots=True)
class History:
    """Steps, newest first, with the names of who took them; `before` leads on."""

    steps: list[tuple[Step, str]]
    before: datetime.datetime | None

    def records(self) -> Iterator[ProtectedRecord]:
        """Yield the records that the steps are about, and those that these name."""
        for step, _ in self.steps:
            yield from records_of(step)


def records_of(step: Step) -> Iterator[ProtectedRecord]:
    """Yield the record that a step is about, and those that it names. No query."""
    yield step.about
    loaded = step.about._state.fields_cache  # noqa: SLF001 - no query here
    yield from (one for one in loaded.values() if _is_record(one))


def history_of(
    viewer: Viewer,
    sources: Iterable[Source],
    before: datetime.datetime | None,
    after: datetime.datetime | None = None,
) -> History:
    """Return the newest steps before a moment (None: now). A few queries a source.

    None earlier than ``after`` is looked for.
    """
    steps: list[Step] = []
    for source in sources:
        steps += _made(source, before, after)
        steps += _changed(viewer, source, before, after)
    steps.sort(key=lambda step: step.at, reverse=True)
    shown = steps[:PAGE_SIZE]
    names = names_of(step.user_id for step in shown)
    return History(
        steps=[(step, names.get(step.user_id or 0, "System")) for step in shown],
        before=shown[-1].at if len(steps) > PAGE_SIZE else None,
    )


def made_step(source: Source, row: Any) -> Step:
    """Return the step by which a record of a source was made."""
    return Step(row.created_at, source.title(row), row, row.created_by_id)


def changed_steps(viewer: Viewer, source: Source, found: Sequence[Any]) -> list[Step]:
    """Return what each of these former states became; fewer where nothing is to tell.

    A former state is stored when the next one is written.
    """
    if not found:
        return []
    now = {row.pk: row for row in source.rows.filter(pk__in=_objects(found))}
    later = {
        (event.pgh_obj_id, event.version): event
        for event in source.events(viewer).filter(
            pgh_obj_id__in=_objects(found),
            version__in=[event.version + 1 for event in found],
        )
    }
    words = Words(viewer)
    steps = []
    for event in found:
        record = now[event.pgh_obj_id]
        after = later.get((record.pk, event.version + 1), record)
        if after.version != event.version + 1:
            continue  # a state between the two is hidden: the step would mislead
        context = event.pgh_context or {}
        changes = words.differences(source.rows.model, event, after)
        if changes:
            steps.append(
                Step(
                    event.pgh_created_at,
                    source.title(record),
                    record,
                    context.get("user"),
                    context.get("reason", ""),
                    event.pgh_context_id,
                    changes,
                    event.version,
                )
            )
    return steps


def _made(
    source: Source,
    before: datetime.datetime | None,
    after: datetime.datetime | None,
) -> list[Step]:
    rows = source.rows.order_by("-created_at")
    if before:
        rows = rows.filter(created_at__lt=before)
    if after:
        rows = rows.filter(created_at__gt=after)
    return [made_step(source, row) for row in rows[: PAGE_SIZE + 1]]


def _changed(
    viewer: Viewer,
    source: Source,
    before: datetime.datetime | None,
    after: datetime.datetime | None,
) -> list[Step]:
    page = source.events(viewer)
    if before:
        page = page.filter(pgh_created_at__lt=before)
    if after:
        page = page.filter(pgh_created_at__gt=after)
    found = list(page.order_by("-pgh_created_at", "-pgh_id")[: PAGE_SIZE + 1])
    return changed_steps(viewer, source, found)


def _is_record(row: Any) -> bool:
    return isinstance(row, ProtectedRecord)


def _objects(events: Sequence[Any]) -> set[int]:
    return {event.pgh_obj_id for event in events}


class Words:
    """Values of columns as this reader may read them."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._known: dict[tuple[Any, int], str | None] = {}

    def differences(
        self, model: type[models.Model], former: Any, later: Any
    ) -> list[list[Cell]]:
        """Return a row for each column that the step changed: name, before, after.

        A change that speaks of a hidden record is left out: it would tell that there
        is one.
        """
        rows = []
        for column in model._meta.fields:  # noqa: SLF001 - documented
            ends = [getattr(state, column.attname) for state in (former, later)]
            if column.name in _NOT_TOLD or ends[0] == ends[1]:
                continue
            texts = [self._value(column, end) for end in ends]
            if None not in texts:
                rows.append([{"text": text} for text in (_label(column), *texts)])
        return rows

    def _value(self, column: Any, value: Any) -> str | None:
        """Return the value in words; None where it is a hidden record."""
        if value is None or value == "":
            return "Empty"
        if column.is_relation:
            return self._record(column.related_model, value)
        if column.choices:
            texts: Mapping[Any, Any] = dict(column.flatchoices)
            return str(texts.get(value, value))
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return uk_date(value) if isinstance(value, datetime.date) else str(value)

    def _record(self, model: Any, pk: int) -> str | None:
        key = (model, pk)
        if key not in self._known:
            self._known[key] = self._read(model, pk)
        return self._known[key]

    def _read(self, model: Any, pk: int) -> str | None:
        if model is AccessClass:
            return _audience(pk)
        rows = model.objects.filter(pk=pk)
        if issubclass(model, ProtectedRecord):
            rows = rows.visible_to(self.viewer)
        row = rows.first()
        return None if row is None else str(row)


def _label(column: Any) -> str:
    if column.name == "access_class":
        return LABEL
    return str(column.verbose_name).capitalize()


def _audience(class_id: int) -> str:
    """Return in words what a reader must hold."""
    label = AccessClass.objects.get(pk=class_id)
    names = Tag.objects.filter(pk__in=label.requires).values_list("name", flat=True)
    return "; ".join(names)
