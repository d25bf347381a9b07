"""The shapes that a scoring scheme is made of; the schemes themselves are tables.

A scheme is compared by identity: there is one object for each published version.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from scoring.engine.attributes import Level
from scoring.engine.facts import Claim, canonical_digest

INSUFFICIENT: Final = "insufficient information"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Which claims may be counted, by the two ordinal grades of their report."""

    worst_source: int
    assessments: frozenset[str]

    def admits(self, claim: Claim) -> bool:
        """Tell whether the claim's report is good enough and not withdrawn."""
        return not claim.withdrawn and self.admits_grades(
            claim.source_grade, claim.assessment_grade
        )

    def admits_grades(self, source: int, assessment: str) -> bool:
        """Tell whether a report of these grades is good enough."""
        return source <= self.worst_source and assessment in self.assessments


@dataclass(frozen=True, slots=True)
class Factor:
    """One attribute's place in a scheme: its points are weight x multiplier."""

    attribute: str
    weight: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The band part that an axis earns from this many points upward."""

    code: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Factors whose points are added; cuts run from gravest to least, or are empty."""

    key: str
    title: str
    factors: tuple[Factor, ...]
    cuts: tuple[Cut, ...] = ()

    def code(self, points: int) -> str | None:
        """Return the band part for these points; None where the axis has no cuts.

        Raises:
            ValueError: the points are below the lowest cut of the axis.
        """
        if not self.cuts:
            return None
        for cut in self.cuts:
            if points >= cut.at_least:
                return cut.code
        raise ValueError(f"{self.key}: {points} points are below every cut")


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """One published version of a way to score; never edited once in use.

    `multipliers` covers the four known levels, `unknown_as` says which of them an
    unknown counts as in the point value. Windows are calendar months back from
    the day of the reading.
    """

    key: str
    version: str
    title: str
    standing: str
    rationale: str
    source: str
    effective_on: date
    axes: tuple[Axis, ...]
    multipliers: Mapping[Level, int]
    unknown_as: Level
    usable: EvidenceRule
    floor_rule: EvidenceRule
    window_months: int

    def factors(self) -> Iterator[Factor]:
        """Yield the factors of all axes in the order of the tables."""
        for axis in self.axes:
            yield from axis.factors

    def attribute_keys(self) -> tuple[str, ...]:
        """Return the keys of all attributes that the scheme reads, in table order."""
        return tuple(factor.attribute for factor in self.factors())

    @property
    def has_bands(self) -> bool:
        """Tell whether the scheme sorts groups into bands at all."""
        return all(axis.cuts for axis in self.axes)

    def band(
        self, values: Sequence[int], unknown_count: int = 0, count: int = 1
    ) -> str | None:
        """Return the band of these points of each axis; None where there are none.

        With more than half of ``count`` attributes unknown: insufficient information.
        """
        if not self.has_bands:
            return None
        if 2 * unknown_count > count:
            return INSUFFICIENT
        pairs = zip(self.axes, values, strict=True)
        return "".join(axis.code(points) or "" for axis, points in pairs)

    def bands(self) -> tuple[str, ...]:
        """Return every band from the gravest; empty where the scheme has none."""
        if not self.has_bands:
            return ()
        codes = ([cut.code for cut in axis.cuts] for axis in self.axes)
        return tuple("".join(parts) for parts in product(*codes))


def scheme_digest(scheme: Scheme) -> str:
    """Return a SHA-256 hex digest of everything in the scheme that moves a figure."""
    return canonical_digest(
        {
            "key": scheme.key,
            "version": scheme.version,
            "axes": [_axis_content(axis) for axis in scheme.axes],
            "multipliers": {
                str(level): points for level, points in scheme.multipliers.items()
            },
            "unknown_as": str(scheme.unknown_as),
            "usable": _rule_content(scheme.usable),
            "floor_rule": _rule_content(scheme.floor_rule),
            "window_months": scheme.window_months,
        }
    )


def _axis_content(axis: Axis) -> list[object]:
    factors = [[factor.attribute, factor.weight] for factor in axis.factors]
    cuts = [[cut.code, cut.at_least] for cut in axis.cuts]
    return [axis.key, factors, cuts]


def _rule_content(rule: EvidenceRule) -> list[object]:
    return [rule.worst_source, sorted(rule.assessments)]
