"""What every write to a record shares: the lock, the checks, the label, the version."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypedDict, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.actions import labels
from accounts.models import Organisation, Tag
from accounts.models.access_class import TagKind
from accounts.visibility import Label, Marking, Viewer, join
from groups.exceptions import CompartmentNotHeld, InvalidRecord
from ocgmap.common import plain_text
from ocgmap.common.acting import refresh
from ocgmap.common.errors import NotFound, StaleVersion
from ocgmap.common.records import Fact, ProtectedRecord, visible_classes
from ocgmap.common.scope import current

R = TypeVar("R", bound=ProtectedRecord)
F = TypeVar("F", bound=Fact)


class Telling(TypedDict, total=False):
    """On what basis a fact stands, why, when it held, and what readers must hold."""

    basis: str
    rationale: str
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str
    compartments: Iterable[int]


def held(viewer: Viewer, record: R) -> R:
    """Return the row as it stands now, kept from change until the transaction ends.

    Raises:
        NotFound: it is hidden from ``viewer``, or gone.
    """
    rows: Any = type(record)._default_manager.all()  # noqa: SLF001 - its own class
    found = (
        rows.visible_to(viewer)
        .select_for_update(no_key=True)
        .filter(pk=record.pk)
        .first()
    )
    if found is None:
        raise NotFound
    return cast("R", found)


def swap(viewer: Viewer, record: R, version: int, changes: Mapping[str, Any]) -> R:
    """Write ``changes`` to the row if it still has ``version``; return it as written.

    Raises:
        InvalidRecord: a value is not allowed.
        NotFound: the row is hidden from ``viewer``, or gone.
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    fresh = held(viewer, record)
    check_version(fresh, version)
    for name, value in changes.items():
        setattr(fresh, name, value)
    check_fields(fresh)
    fresh.save(update_fields=list(changes))
    fresh.refresh_from_db()
    return fresh


def check_version(record: ProtectedRecord, version: int) -> None:
    """Raise unless ``record``, as it stands, has the version that was shown.

    Raises:
        StaleVersion: someone else changed it meanwhile; nothing was written.
    """
    if record.version != version:
        raise stale(record.version)


def stale(current_version: int) -> StaleVersion:
    """Return the refusal of a change that was made from an old version."""
    return StaleVersion(
        "Someone else changed this record after you opened it. Nothing of yours was "
        "saved. Compare your text with the present values, then save again.",
        current_version=current_version,
    )


def changed_names(record: models.Model, changes: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that ``changes`` would alter, in order."""
    return sorted(n for n, value in changes.items() if getattr(record, n) != value)


def check_fields(record: models.Model) -> None:
    """Raise unless every own column holds a value of the right sort and length.

    Foreign keys are left out: callers resolve them. No query. Texts have plain line
    feeds afterwards.

    Raises:
        InvalidRecord: the message names the field, the rule and the cure.
    """
    fields = record._meta.fields  # noqa: SLF001 - the documented interface
    for field in fields:
        value = None if field.is_relation else getattr(record, field.name)
        if isinstance(value, str):
            setattr(record, field.name, _text(field, value))
    relations = {field.name for field in fields if field.is_relation}
    try:
        record.clean_fields(exclude=relations | _WRITTEN_BY_TRIGGER)
    except ValidationError as error:
        name, faults = next(iter(error.error_dict.items()))
        at_fault = next(field for field in fields if field.name == name)
        raise InvalidRecord(_sentence(at_fault, faults[0]), field=name) from error


def _text(field: Any, value: str) -> str:
    """Return the text with plain line feeds; raise where it is too long or no text."""
    text = plain_text.plain(value)
    longest = getattr(field, "max_length", None)
    if longest and len(text) > longest:
        raise InvalidRecord(
            f"{label(field)} must be {longest:,} characters or fewer; it has "
            f"{len(text):,}. Shorten it.",
            field=field.name,
        )
    if not plain_text.is_readable(text):
        raise InvalidRecord(
            f"{label(field)} {plain_text.FAULT} {plain_text.CURE}", field=field.name
        )
    return text


_WRITTEN_BY_TRIGGER = {"id", "public_id", "version", "created_at", "changed_at"}


def label(field: Any) -> str:
    """Return what people call a column."""
    return str(field.verbose_name).capitalize()


def _sentence(field: Any, fault: ValidationError) -> str:
    if fault.code == "invalid_choice":
        allowed = ", ".join(str(value) for value, _ in field.flatchoices)
        value = (fault.params or {}).get("value")
        return f"{label(field)} cannot be “{value}”. Use one of: {allowed}."
    if fault.code in {"blank", "null"}:
        return f"{label(field)} must be filled in. Enter it."
    return f"{label(field)}: {' '.join(fault.messages)} Correct it."


def check_period(from_on: datetime.date | None, to_on: datetime.date | None) -> None:
    """Raise unless both ends are in the past and in order.

    Raises:
        InvalidRecord: the start or the end is in the future, or the end comes first.
    """
    today = timezone.localdate()
    for name, text, day in (("from_on", "start", from_on), ("to_on", "end", to_on)):
        if day and day > today:
            raise InvalidRecord(
                f"The {text} date must not be in the future. Enter today or an earlier "
                "date, or leave it empty.",
                field=name,
            )
    if from_on and to_on and from_on > to_on:
        raise InvalidRecord(
            "The end date is before the start date. Correct one of them.", field="to_on"
        )


def class_of_child(
    viewer: Viewer, parents: Iterable[ProtectedRecord], *extra: Label
) -> int:
    """Return the class that joins the parents' labels and ``extra``.

    Raises:
        CompartmentNotHeld: ``viewer`` could not see what carries it.
    """
    class_ids = {parent.access_class_id for parent in parents}
    wanted = [one for one in extra if one.requires]
    if not wanted:
        return labels.join_of(class_ids)
    least = join(wanted)
    if not least.requires <= viewer.tags:
        raise CompartmentNotHeld(
            "Choose only compartments that you hold.", field="compartments"
        )
    return labels.intern(join([least, *labels.labels_of(class_ids).values()]))


def class_chosen(
    viewer: Viewer,
    owner: Organisation,
    sharing: str | None,
    access_class_id: int | None,
    compartments: Iterable[int],
) -> int:
    """Return the class for a choice of sharing, or the one given if ``viewer`` sees it.

    Raises:
        NotFound: the class given is not one that ``viewer`` sees.
        UnknownSharing: the sharing or a compartment is not one to choose.
    """
    if access_class_id is None:
        return labels.class_for(
            owner=owner, sharing=sharing or "", compartments=compartments, by=viewer
        )
    if access_class_id not in visible_classes(viewer):
        raise NotFound
    return access_class_id


def compartment_label(viewer: Viewer, compartments: Iterable[int]) -> Label:
    """Return the label of these compartments.

    Raises:
        CompartmentNotHeld: ``viewer`` does not hold one of them, or it is none.
    """
    wanted = frozenset(compartments)
    held_tags = {tag.pk for tag in labels.compartments_for(viewer)} if wanted else set()
    if wanted - held_tags:
        raise CompartmentNotHeld(
            "Choose only compartments that you hold.", field="compartments"
        )
    return Label(wanted, Marking.OFFICIAL)


def compartment(code: str) -> Label:
    """Return the label of the compartment with this code; made by the reference data."""
    tag = Tag.objects.get(code=f"compartment:{code}", kind=TagKind.COMPARTMENT)
    return Label(frozenset({tag.pk}), Marking.OFFICIAL)


def new_fact(
    fact: F,
    viewer: Viewer,
    parents: Iterable[ProtectedRecord],
    told: Telling,
    *extra: Label,
) -> F:
    """Save a fact that was only built so far; return it.

    Its label joins those of its parents, ``extra`` and the compartments told; it is
    asserted by the organisation of ``viewer``.

    Raises:
        InvalidRecord: a date, code or length is not allowed.
        CompartmentNotHeld: ``viewer`` could not see the fact.
    """
    values: dict[str, Any] = {**told}
    wanted = compartment_label(viewer, values.pop("compartments", ()))
    for name, value in values.items():
        setattr(fact, name, value)
    fact.asserted_by_id = viewer.organisation_id
    check_period(fact.from_on, fact.to_on)
    check_fields(fact)
    fact.access_class_id = class_of_child(viewer, parents, wanted, *extra)
    fact.save(force_insert=True)
    return fact


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Let the history of the block's changes say why; write it outside `atomic()`."""
    scope = current.get()
    if scope is None or not reason:
        yield
        return
    former, scope.reason = scope.reason, reason
    try:
        refresh()
        yield
    finally:
        scope.reason = former
        refresh()
