"""What two versions of a scheme make of the same evidence, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from scoring.engine.attributes import Level
from scoring.engine.combine import total
from scoring.engine.facts import GroupFacts
from scoring.engine.policy import INSUFFICIENT, Scheme
from scoring.engine.reading import Reading, read
from scoring.engine.results import Result

MOST_CHANGES: Final = 3


class PointsChange(NamedTuple):
    """One attribute's points under both versions, and its level under the last that reads it."""

    attribute: str
    level: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Bands and values of one group under two versions.

    `steps` is by how many bands it is graver under the later one, below nought where it
    is less grave, and nought where one of the two has not enough to go by. `changes` are
    the attributes whose points differ most.
    """

    band_before: str
    band_after: str
    steps: int
    value_before: int
    value_after: int
    changes: tuple[PointsChange, ...]


def compared(facts: GroupFacts, before: Scheme, after: Scheme) -> Compared:
    """Return what both versions make of the facts; the window is each one's own."""
    was, now = total(read(facts, before), before), total(read(facts, after), after)
    bands = was.band or "", now.band or ""
    return Compared(
        band_before=bands[0],
        band_after=bands[1],
        steps=steps_between(*bands, before),
        value_before=was.value,
        value_after=now.value,
        changes=tuple(_changes(was, now)),
    )


def steps_between(before: str, after: str, scheme: Scheme) -> int:
    """Return by how many bands ``after`` is graver than ``before``; versions share them."""
    if INSUFFICIENT in (before, after) or before == after:
        return 0
    places = _places(scheme)
    return places[before] - places[after]


@cache
def _places(scheme: Scheme) -> dict[str, int]:
    return {band: place for place, band in enumerate(scheme.bands())}


def _changes(was: Result, now: Result) -> Iterator[PointsChange]:
    before, after = _points(was.scheme), _points(now.scheme)
    levels = _levels(was.reading), _levels(now.reading)
    found = []
    for key in {**after, **before}:
        former = before[key][levels[0][key]] if key in before else 0
        later = after[key][levels[1][key]] if key in after else 0
        if former != later:
            level = levels[1].get(key) or levels[0][key]
            found.append(PointsChange(key, str(level), former, later))
    found.sort(key=lambda one: (-abs(one.after - one.before), one.attribute))
    yield from found[:MOST_CHANGES]


def _levels(reading: Reading) -> dict[str, Level]:
    return {entry.attribute: entry.level for entry in reading.entries}


@cache
def _points(scheme: Scheme) -> dict[str, dict[Level, int]]:
    """Return what each attribute counts for at each level."""
    known = scheme.multipliers
    return {
        factor.attribute: {
            level: factor.weight * known.get(level, known[scheme.unknown_as])
            for level in Level
        }
        for factor in scheme.factors()
    }
