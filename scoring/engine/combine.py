"""From facts to a score: read, add up each axis, place in a band."""

from collections.abc import Iterable, Mapping
from functools import cache

from scoring.engine.attributes import Level
from scoring.engine.factors import Worth, worth
from scoring.engine.facts import GroupFacts
from scoring.engine.policy import INSUFFICIENT, Axis, EvidenceRule, Scheme
from scoring.engine.reading import AttributeReading, Reading, read, reading_of_levels
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
    unknown = sum(entry.level == Level.UNKNOWN for entry in reading.entries)
    mostly_unknown = 2 * unknown > len(reading.entries)
    band = _band(axis.code for axis in axes)
    return Result(
        scheme=scheme,
        reading=reading,
        value=sum(axis.value for axis in axes),
        low=sum(axis.low for axis in axes),
        high=sum(axis.high for axis in axes),
        axes=axes,
        unknown_count=unknown,
        band=INSUFFICIENT if scheme.has_bands and mostly_unknown else band,
        band_low=_band(axis.code_low for axis in axes),
        band_high=_band(axis.code_high for axis in axes),
        floor=floor,
    )


def _band(codes: Iterable[str | None]) -> str | None:
    parts = [code for code in codes if code is not None]
    return "".join(parts) or None


def _axes(reading: Reading, scheme: Scheme) -> tuple[AxisResult, ...]:
    results = []
    start = 0
    for axis, tables in zip(scheme.axes, _worth_tables(scheme), strict=True):
        entries = reading.entries[start : start + len(tables)]
        results.append(_axis(axis, tables, entries))
        start += len(tables)
    return tuple(results)


def _axis(
    axis: Axis,
    tables: tuple[Mapping[Level, Worth], ...],
    entries: tuple[AttributeReading, ...],
) -> AxisResult:
    value = low = high = 0
    for table, entry in zip(tables, entries, strict=True):
        found = table[entry.level]
        value += found.points
        low += found.low
        high += found.high
    code, code_low, code_high = (
        axis.code(points) if axis.cuts else None for points in (value, low, high)
    )
    return AxisResult(axis.key, value, low, high, code, code_low, code_high)


@cache
def _worth_tables(scheme: Scheme) -> tuple[tuple[Mapping[Level, Worth], ...], ...]:
    """Return each factor's worth at each level, axis by axis, once a scheme."""
    return tuple(
        tuple(
            {level: worth(factor, level, scheme) for level in Level}
            for factor in axis.factors
        )
        for axis in scheme.axes
    )
