"""Groups and people on record that may be the one about to be recorded, with reasons.

Among visible rows only: by name and alias (spelling, likeness, sound), by the owner's
reference, and by the same telephone, vehicle or other identifier.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.visibility import Viewer
from groups.matching import answering
from groups.models import CrimeGroup, Nominal
from groups.pasted import Line, Reading, read_lines
from ocgmap.common.ranking import Hit, found_for_each
from ocgmap.common.records import ProtectedRecord

MOST_LIKE: Final = 5
# So many times as many are looked at: some were merged into others since.
_LOOKED_AT: Final = 4
_WHY: Final[Mapping[int, str]] = {
    0: "The same reference",
    1: "The name or an alias holds every word",
    2: "Similar spelling",
    3: "Sounds alike",
}
Span = tuple[datetime.date | None, datetime.date | None]


@dataclass(frozen=True, slots=True)
class Sought:
    """Who or what is about to be recorded: its names, references, identifiers, birth.

    A reference counts only where it is the very same, a name also where it is alike.
    """

    names: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    born: Span = (None, None)


@dataclass(slots=True)
class Likeness:
    """A record that may be the same, and why, the strongest reason first."""

    record: Any
    reasons: list[str] = field(default_factory=list)


def groups_like(by: Viewer, sought: Sought) -> list[Likeness]:
    """Return the groups that may be the one sought, most alike first. Few queries."""
    return _alike(by, CrimeGroup, "ocgmap_find_groups", [sought])[0]


def people_like(by: Viewer, sought: Sequence[Sought]) -> list[list[Likeness]]:
    """Return for each person sought the people who may be the same, most alike first.

    The number of queries does not grow with how many are sought.
    """
    found = _alike(by, Nominal, "ocgmap_find_people", sought)
    for one, alike in zip(sought, found, strict=True):
        for likeness in alike:
            if _same_birth(one.born, likeness.record):
                likeness.reasons.append("Born at the same time, as far as it is known")
    return found


def _alike(
    by: Viewer, model: Any, function: str, sought: Sequence[Sought]
) -> list[list[Likeness]]:
    seen = model.objects.visible_to(by)
    if model is CrimeGroup:  # its survivor is the one to go on with
        seen = seen.filter(merged_into__isnull=True)
    texts = [
        (place, text)
        for place, one in enumerate(sought)
        for text in (*one.references, *one.names)
    ]
    most = _LOOKED_AT * MOST_LIKE
    hits = found_for_each(seen, function, [text for _, text in texts], most)
    numbers = _readings(sought)
    users = answering(by, [one for read in numbers for one in read])
    ids = {hit.id for found in hits for hit in found}
    rows = {row.pk: row for row in seen.filter(pk__in=ids).select_related("owner")}
    alike: list[dict[int, Likeness]] = [{} for _ in sought]
    for place, read in enumerate(numbers):
        for reading in read:
            _add_users(alike[place], model, reading, users.get(reading, ()))
    for (place, name), found in zip(texts, hits, strict=True):
        is_reference = name in sought[place].references
        for hit in found:
            if hit.id in rows and (hit.tier == 0 or not is_reference):
                _add(alike[place], rows[hit.id], _why(hit, name, rows[hit.id]))
    return [list(one.values())[:MOST_LIKE] for one in alike]


def _readings(sought: Sequence[Sought]) -> list[list[Reading]]:
    return [
        [
            reading
            for text in one.identifiers
            for line in read_lines(text)
            for reading in line.readings
            if reading.kind != "name"
        ]
        for one in sought
    ]


def _add_users(
    alike: dict[int, Likeness],
    model: Any,
    reading: Reading,
    records: Sequence[ProtectedRecord],
) -> None:
    for record in records:
        if isinstance(record, model):
            kind = reading.kind.replace("_", " ")
            _add(alike, record, f"Has the same {kind}: {reading.value}")


def _add(alike: dict[int, Likeness], record: Any, reason: str) -> None:
    one = alike.setdefault(record.pk, Likeness(record))
    if reason not in one.reasons:
        one.reasons.append(reason)


def _why(hit: Hit, name: str, record: Any) -> str:
    own = record.name if isinstance(record, CrimeGroup) else record.display_name
    if hit.tier == 1 and own.casefold() == name.casefold():
        return "The same name"
    return _WHY[hit.tier]


def _same_birth(born: Span, record: Nominal) -> bool:
    first, last = born
    if not (first and last and record.born_from and record.born_to):
        return False
    return record.born_from <= last and first <= record.born_to


def people_of_lines(by: Viewer, lines: Sequence[Line]) -> list[list[Nominal]]:
    """Return for each line of a list the people whom it may mean. Few queries."""
    known = answering(by, [one for line in lines for one in line.readings])
    found = []
    for line in lines:
        people: dict[int, Nominal] = {}
        for reading in line.readings:
            for record in known.get(reading, ()):
                if isinstance(record, Nominal):
                    people[record.pk] = record
        found.append(list(people.values()))
    return found
