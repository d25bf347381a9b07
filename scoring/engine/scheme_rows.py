"""A version of a scheme as the rows of a table, and the scheme that rows make.

A version is added beside the published one that it follows (`base`): it keeps that
one's key, axes, codes of bands and rules of grades, so that lists, decisions and history
of both can be read together. It says anew what each attribute weighs, what each level is
worth, from how many points a band part begins, and how long a report counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from scoring.engine.attributes import Level
from scoring.engine.policy import Axis, Cut, Factor, Scheme

COLUMNS: Final = ("kind", "axis", "name", "value", "source", "confidence")


class RowKind(StrEnum):
    """What a row says something of."""

    SCHEME = "scheme"
    LEVEL = "level"
    WEIGHT = "weight"
    CUT = "cut"


class SchemeRow(NamedTuple):
    """One row: what it says, and on what ground."""

    kind: str
    axis: str
    name: str
    value: str
    source: str
    confidence: str


# What a file says of the version as a whole, once each.
TEXTS: Final = ("title", "standing", "rationale", "source")
NAMES: Final = (
    "key",
    "version",
    *TEXTS,
    "effective_on",
    "window_months",
    "unknown_as",
)


def scheme_of(rows: Iterable[Sequence[str]], base: Scheme) -> Scheme:
    """Return the scheme that checked rows make: the same object for the same rows."""
    return _made(tuple(SchemeRow(*row) for row in rows), base)


@cache
def _made(rows: tuple[SchemeRow, ...], base: Scheme) -> Scheme:
    said = {row.name: row.value for row in rows if row.kind == RowKind.SCHEME}
    worth = {row.name: int(row.value) for row in rows if row.kind == RowKind.LEVEL}
    return replace(
        base,
        version=said["version"],
        title=said["title"],
        standing=said["standing"],
        rationale=said["rationale"],
        source=said["source"],
        effective_on=date.fromisoformat(said["effective_on"]),
        window_months=int(said["window_months"]),
        unknown_as=Level(said["unknown_as"]),
        multipliers=MappingProxyType(
            {level: worth[str(level)] for level in base.multipliers}
        ),
        axes=tuple(_axis(axis, rows) for axis in base.axes),
    )


def _axis(axis: Axis, rows: Sequence[SchemeRow]) -> Axis:
    own = [row for row in rows if row.axis == axis.key]
    return replace(
        axis,
        factors=tuple(
            Factor(row.name, int(row.value))
            for row in own
            if row.kind == RowKind.WEIGHT
        ),
        cuts=tuple(
            Cut(row.name, int(row.value)) for row in own if row.kind == RowKind.CUT
        ),
    )


def rows_of(scheme: Scheme, source: str, confidence: str) -> tuple[SchemeRow, ...]:
    """Return the rows that say what ``scheme`` says: what a new version begins from."""
    said = {
        "key": scheme.key,
        "version": scheme.version,
        "title": scheme.title,
        "standing": scheme.standing,
        "rationale": scheme.rationale,
        "source": scheme.source,
        "effective_on": scheme.effective_on.isoformat(),
        "window_months": str(scheme.window_months),
        "unknown_as": str(scheme.unknown_as),
    }
    rows = [(RowKind.SCHEME, "", name, said[name]) for name in NAMES]
    rows += [
        (RowKind.LEVEL, "", str(level), str(points))
        for level, points in scheme.multipliers.items()
    ]
    for axis in scheme.axes:
        rows += [
            (RowKind.WEIGHT, axis.key, one.attribute, str(one.weight))
            for one in axis.factors
        ]
        rows += [
            (RowKind.CUT, axis.key, cut.code, str(cut.at_least)) for cut in axis.cuts
        ]
    return tuple(SchemeRow(*row, source, confidence) for row in rows)
