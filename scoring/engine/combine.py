"""From facts to a score: read, add up each axis, place in a band."""

from collections.abc import Mapping
from functools import cache

from scoring.engine.attributes import Level
from scoring.engine.factors import Worth, worth
from scoring.engine.facts import GroupFacts
from scoring.engine.policy import EvidenceRule, Scheme
from scoring.engine.reading import Reading, read, reading_of_levels
from scoring.engine.results import AxisResult, Result


def score(facts: GroupFacts, scheme: Scheme) -> Result:
    """Return the score of the facts as at their day, with interval, band and floor."""
    reading = read(facts, scheme)
    return total(reading, scheme, floor=floor(facts, scheme, scheme.floor_rule))


def score_levels(levels: Mapping[str, Level], scheme: Scheme) -> Result:
    """Return the score of levels that come without evidence; missing is unknown."""
    return total(reading_of_levels(levels, scheme), scheme)


def floor(facts: GroupFacts, scheme: Scheme, only: EvidenceRule) -> int:
    """Return the lower end of the interval when only such claims are counted."""
    reading = read(facts, scheme, only=only)
    return sum(axis.low for axis in _axes(reading, scheme))


def total(reading: Reading, scheme: Scheme, *, floor: int | None = None) -> Result:
    """Return the score of a reading that was made, or stored, under this scheme."""
    axes = _axes(reading, scheme)
    value = low = high = unknown = 0
    for axis in axes:
        value += axis.value
        low += axis.low
        high += axis.high
        unknown += axis.unknown_count
    return Result(scheme, reading, value, low, high, axes, unknown, floor)


def _axes(reading: Reading, scheme: Scheme) -> tuple[AxisResult, ...]:
    """Return the sums of each axis: the one loop that every score goes through."""
    results = []
    start = 0
    for axis, tables in zip(scheme.axes, worth_tables(scheme), strict=True):
        value = low = high = unknown = 0
        entries = reading.entries[start : start + len(tables)]
        start += len(tables)
        for table, entry in zip(tables, entries, strict=True):
            points, least, most, is_unknown = table[entry.level]
            value += points
            low += least
            high += most
            unknown += is_unknown
        results.append(AxisResult(axis, value, low, high, unknown))
    return tuple(results)


@cache
def worth_tables(scheme: Scheme) -> tuple[tuple[Mapping[Level, Worth], ...], ...]:
    """Return each factor's worth at each level, axis by axis, once a scheme."""
    return tuple(
        tuple(
            {level: worth(factor, level, scheme) for level in Level}
            for factor in axis.factors
        )
        for axis in scheme.axes
    )
