"""What recorded facts say of an attribute, to stand beside the judgement of it.

It never enters a score: facts may be incomplete or old, and a person weighs them. Where
nothing is recorded nothing is said; that is no nil. More facts never say less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from scoring.engine.attributes import RANK, Level

HOME: Final = "GB"


class Measure(StrEnum):
    """What is counted of the facts."""

    REACH = "reach"
    ENTERPRISES = "enterprises"
    LINKED_GROUPS = "linked_groups"


class Place(NamedTuple):
    """Where an activity took place; no area where only a country is known."""

    area: int | None
    region: int | None
    country: str = HOME


@dataclass(frozen=True, slots=True)
class RecordedFacts:
    """What one reader sees of a group: places, kinds of threat, and other groups.

    `linked` are groups by a link, `sharing` those that share a member. Order carries no
    meaning.
    """

    places: frozenset[Place] = frozenset()
    threats: frozenset[int] = frozenset()
    linked: frozenset[int] = frozenset()
    sharing: frozenset[int] = frozenset()


class DerivedRule(NamedTuple):
    """From how much of a measure on the facts say a level of an attribute, and why so."""

    attribute: str
    measure: Measure
    at_least: int
    level: Level
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What the facts say of one attribute, and how much of what was counted."""

    attribute: str
    level: Level
    measure: Measure
    count: int

    def disagrees_with(self, level: Level) -> bool:
        """Return whether another known level stands; an unknown one says nothing."""
        return level in RANK and level != self.level


def derive(facts: RecordedFacts, rules: Iterable[DerivedRule]) -> dict[str, Derived]:
    """Return what the facts say, by attribute; what they say nothing of is left out."""
    counts = measured(facts)
    found: dict[str, Derived] = {}
    for rule in rules:
        count = counts[rule.measure]
        held = found.get(rule.attribute)
        if count < rule.at_least:
            continue
        if held is None or RANK[rule.level] > RANK[held.level]:
            found[rule.attribute] = Derived(
                rule.attribute, rule.level, rule.measure, count
            )
    return found


def measured(facts: RecordedFacts) -> dict[Measure, int]:
    """Return how much there is of each measure; the reach as a step of `REACHES`."""
    return {
        Measure.REACH: _reach(facts.places),
        Measure.ENTERPRISES: len(facts.threats),
        Measure.LINKED_GROUPS: len(facts.linked | facts.sharing),
    }


REACHES: Final[Sequence[str]] = (
    "no place recorded",
    "one area",
    "several areas of one region",
    "several regions",
    "abroad",
)


def _reach(places: frozenset[Place]) -> int:
    if any(place.country != HOME for place in places):
        return 4
    areas = {place.area for place in places if place.area is not None}
    # An area without a region is one of its own.
    regions = {
        ("region", place.region) if place.region is not None else ("area", place.area)
        for place in places
        if place.area is not None
    }
    if len(regions) > 1:
        return 3
    return min(len(areas), 2)
