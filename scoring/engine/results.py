"""What a score is: a value, what the unknowns could make of it, and every reason."""

from dataclasses import dataclass
from typing import NamedTuple

from scoring.engine.attributes import Level
from scoring.engine.factors import reason, worth
from scoring.engine.policy import Axis, Scheme
from scoring.engine.reading import Evidence, Reading


@dataclass(frozen=True, slots=True)
class FactorResult:
    """One attribute's points, the range they could take, why, and on what grounds."""

    attribute: str
    level: Level
    points: int
    low: int
    high: int
    reason: str
    evidence: Evidence
    unjudged: bool


class AxisResult(NamedTuple):
    """One axis's points and their interval, with band parts where it has any."""

    axis: Axis
    value: int
    low: int
    high: int
    unknown_count: int

    @property
    def key(self) -> str:
        """Return the key of the axis."""
        return self.axis.key

    @property
    def code(self) -> str | None:
        """Return the band part that the value earns."""
        return self.axis.code(self.value)


class Result(NamedTuple):
    """The score of one reading under one scheme.

    `low` and `high` bound the value over everything that the unknowns could be.
    `floor` is the lower end on the scheme's well-founded evidence alone; None when only
    the reading was at hand. Bands and reasons are made when asked, since most scores
    are stored and counted, not read.
    """

    scheme: Scheme
    reading: Reading
    value: int
    low: int
    high: int
    axes: tuple[AxisResult, ...]
    unknown_count: int
    floor: int | None

    @property
    def band(self) -> str | None:
        """Return the band; None where the scheme has none.

        `insufficient information` where more than half of the attributes are unknown.
        """
        return self.scheme.band(
            [axis.value for axis in self.axes], self.unknown_count, self.attribute_count
        )

    @property
    def band_low(self) -> str | None:
        """Return the band at the lower end of the interval."""
        return self.scheme.band([axis.low for axis in self.axes])

    @property
    def band_high(self) -> str | None:
        """Return the band at the upper end of the interval."""
        return self.scheme.band([axis.high for axis in self.axes])

    @property
    def attribute_count(self) -> int:
        """Return how many attributes the scheme reads."""
        return len(self.reading.entries)

    @property
    def unknown_share(self) -> float:
        """Return the share of attributes that are unknown, from 0 to 1."""
        return self.unknown_count / self.attribute_count

    @property
    def unjudged_count(self) -> int:
        """Return how many levels rest on claims that no person has judged."""
        return sum(entry.unjudged for entry in self.reading.entries)

    def factors(self) -> tuple[FactorResult, ...]:
        """Build the result of each attribute, in table order, with its reason."""
        results = []
        pairs = zip(self.scheme.factors(), self.reading.entries, strict=True)
        for factor, entry in pairs:
            found = worth(factor, entry.level, self.scheme)
            results.append(
                FactorResult(
                    attribute=factor.attribute,
                    level=entry.level,
                    points=found.points,
                    low=found.low,
                    high=found.high,
                    reason=reason(factor, entry, self.scheme),
                    evidence=entry.evidence,
                    unjudged=entry.unjudged,
                )
            )
        return tuple(results)
