"""The file of a new scheme version, checked to the last cell before anything is kept.

A CSV of the columns kind, axis, name, value, source, confidence. Every fault is named
with its line, field, rule and cure, so that one reading mends them all.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from scoring.engine.attributes import CATALOGUE
from scoring.engine.policy import Axis, Scheme
from scoring.engine.scheme_rows import (
    COLUMNS,
    NAMES,
    TEXTS,
    RowKind,
    SchemeRow,
)

MAX_BYTES: Final = 200_000
_LONGEST_TEXT = 4_000
_MOST_POINTS = 1_000
_MOST_MONTHS = 120
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")
_NUMBER = re.compile(r"[0-9]{1,4}")


class SchemeProblem(NamedTuple):
    """What is wrong in one place: line 0 is the file as a whole."""

    line: int
    field: str
    rule: str
    cure: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.rule} {self.cure}"


class SchemeFileRefusedError(Exception):
    """The file is none that a version can be made of; `problems` says why."""

    def __init__(self, problems: Sequence[SchemeProblem]) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = tuple(problems)


class _Numbered(NamedTuple):
    line: int
    row: SchemeRow


def rows_from(
    content: bytes, base: Scheme, confidences: Iterable[str]
) -> tuple[SchemeRow, ...]:
    """Return the rows of a file that makes a version beside ``base``.

    Raises:
        SchemeFileRefusedError: it does not; every fault is named.
    """
    found = _read(content)
    problems = [
        *_cells(found, set(confidences)),
        *_repeats(found),
        *_scheme(found, base),
        *_levels(found, base),
        *_axes(found, base),
    ]
    if problems:
        raise SchemeFileRefusedError(sorted(problems))
    return tuple(one.row for one in found)


def as_csv(rows: Iterable[SchemeRow]) -> str:
    """Return the rows as a file that `rows_from` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def _read(content: bytes) -> list[_Numbered]:
    if len(content) > MAX_BYTES:
        raise _whole(
            f"A table of a scheme holds at most {MAX_BYTES:,} bytes.",
            "Give the file of one version.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _whole(
            "The file must be UTF-8 text.", "Save it again as UTF-8."
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise _whole(f"The file must be CSV: {error}.", "Mend that place.") from None
    wanted = ",".join(COLUMNS)
    if not lines or tuple(lines[0][1]) != COLUMNS:
        raise _whole("The first line must name the columns.", f"Write {wanted}.")
    if short := [line for line, row in lines[1:] if len(row) != len(COLUMNS)]:
        raise SchemeFileRefusedError(
            [
                SchemeProblem(
                    line,
                    "line",
                    f"A line has {len(COLUMNS)} cells.",
                    f"Fill {wanted}; quote cells that hold a comma.",
                )
                for line in short
            ]
        )
    return [
        _Numbered(line, SchemeRow(*(cell.strip() for cell in row)))
        for line, row in lines[1:]
    ]


def _whole(rule: str, cure: str) -> SchemeFileRefusedError:
    return SchemeFileRefusedError([SchemeProblem(0, "file", rule, cure)])


def _cells(
    found: Iterable[_Numbered], confidences: set[str]
) -> Iterator[SchemeProblem]:
    kinds = ", ".join(RowKind)
    for line, row in found:
        if row.kind not in set(RowKind):
            yield SchemeProblem(
                line, "kind", f"A line is one of: {kinds}.", "Choose one of them."
            )
        if not row.source:
            yield SchemeProblem(
                line, "source", "Every line has a source.", "Say who decided it."
            )
        if row.confidence not in confidences:
            names = ", ".join(sorted(confidences))
            yield SchemeProblem(
                line,
                "confidence",
                f"A confidence is one of: {names}.",
                "Choose one of them.",
            )
        has_axis = row.kind in {RowKind.WEIGHT, RowKind.CUT}
        if row.axis and not has_axis:
            yield SchemeProblem(
                line, "axis", "Only weights and cuts have an axis.", "Leave it empty."
            )


def _repeats(found: Iterable[_Numbered]) -> Iterator[SchemeProblem]:
    seen: set[tuple[str, ...]] = set()
    for line, row in found:
        # An attribute stands once in all, the code of a band part once in its axis.
        key = (row.kind, row.axis if row.kind == RowKind.CUT else "", row.name)
        if key in seen:
            yield SchemeProblem(
                line, "name", f"{row.name!r} stands twice.", "Keep the one meant."
            )
        seen.add(key)


def _scheme(found: Iterable[_Numbered], base: Scheme) -> Iterator[SchemeProblem]:
    said = {one.row.name: one for one in found if one.row.kind == RowKind.SCHEME}
    for name in NAMES:
        if name not in said:
            yield SchemeProblem(
                0, name, f"The file must say its {name}.", f"Add a line scheme,,{name}."
            )
    checks: dict[str, tuple[Callable[[str], bool], str]] = {
        "key": (lambda text: text == base.key, f"A version is one of {base.key}."),
        "version": (
            lambda text: bool(_VERSION.fullmatch(text)) and text != base.version,
            f"A version is numbers with dots, and not {base.version}.",
        ),
        "effective_on": (_is_day, "A day is written YYYY-MM-DD."),
        "window_months": (
            lambda text: _is_number(text, 1, _MOST_MONTHS),
            f"The window is 1 to {_MOST_MONTHS} whole months.",
        ),
        "unknown_as": (
            lambda text: text in {str(level) for level in base.multipliers},
            "An unknown counts as nil, low, medium or high.",
        ),
        **{
            name: (
                lambda text: 0 < len(text) <= _LONGEST_TEXT,
                f"A text has 1 to {_LONGEST_TEXT:,} characters.",
            )
            for name in TEXTS
        },
    }
    for name, (line, row) in said.items():
        if name not in checks:
            names = ", ".join(NAMES)
            yield SchemeProblem(
                line, "name", f"A scheme has no {name!r}.", f"Use one of: {names}."
            )
            continue
        holds, rule = checks[name]
        if not holds(row.value):
            yield SchemeProblem(line, "value", rule, f"Correct the {name}.")


def _levels(found: Iterable[_Numbered], base: Scheme) -> Iterator[SchemeProblem]:
    said = {one.row.name: one for one in found if one.row.kind == RowKind.LEVEL}
    order = sorted(base.multipliers, key=lambda level: base.multipliers[level])
    names = [str(level) for level in order]
    yield from _unlike(said, names, "level", "")
    former = 0
    for name in names:
        if name not in said:
            continue
        line, row = said[name]
        if not _is_number(row.value, former, _MOST_POINTS):
            yield SchemeProblem(
                line,
                "value",
                "A higher level is worth as many points as the one below, or more.",
                f"Write a whole number from {former} to {_MOST_POINTS}.",
            )
            return
        former = int(row.value)


def _axes(found: Sequence[_Numbered], base: Scheme) -> Iterator[SchemeProblem]:
    axes = {axis.key: axis for axis in base.axes}
    for line, row in found:
        if row.kind in {RowKind.WEIGHT, RowKind.CUT} and row.axis not in axes:
            names = ", ".join(axes)
            yield SchemeProblem(
                line, "axis", f"An axis is one of: {names}.", "Choose one of them."
            )
    for axis in base.axes:
        own = [one for one in found if one.row.axis == axis.key]
        weights = [one for one in own if one.row.kind == RowKind.WEIGHT]
        yield from _weights(weights, axis)
        yield from _cuts([one for one in own if one.row.kind == RowKind.CUT], axis)


def _weights(found: Sequence[_Numbered], axis: Axis) -> Iterator[SchemeProblem]:
    if not found:
        yield SchemeProblem(
            0, axis.key, "An axis weighs one attribute at least.", "Add its weights."
        )
    for line, row in found:
        if row.name not in CATALOGUE:
            yield SchemeProblem(
                line,
                "name",
                f"There is no attribute {row.name!r}.",
                "Use the key of one in the reference page of the schemes.",
            )
        if not _is_number(row.value, 1, _MOST_POINTS):
            yield SchemeProblem(
                line,
                "value",
                f"A weight is a whole number from 1 to {_MOST_POINTS}.",
                "Leave the line out for an attribute that weighs nothing.",
            )


def _cuts(found: Sequence[_Numbered], axis: Axis) -> Iterator[SchemeProblem]:
    said = {one.row.name: one for one in found}
    codes = [cut.code for cut in axis.cuts]
    yield from _unlike(said, codes, "cut", axis.key)
    former: int | None = None
    for code in codes:
        if code not in said:
            continue
        line, row = said[code]
        is_last = code == codes[-1]
        most = (_MOST_POINTS * _MOST_POINTS) if former is None else former - 1
        is_right = row.value == "0" if is_last else row.value.isascii()
        is_right = is_right and row.value.isdigit() and len(row.value) < 8
        if not is_right or not (0 <= int(row.value) <= most):
            yield SchemeProblem(
                line,
                "value",
                "Cuts fall from the gravest to the least, which begins at 0.",
                "Write fewer points than for the code before it.",
            )
            return
        former = int(row.value)


def _unlike(
    said: dict[str, _Numbered], names: Sequence[str], kind: str, axis: str
) -> Iterator[SchemeProblem]:
    """Yield each name that is missing, and each that is none of them."""
    known = ", ".join(names)
    for name in names:
        if name not in said:
            where = f" of {axis}" if axis else ""
            yield SchemeProblem(
                0,
                f"{kind} {name}",
                f"The {kind} {name}{where} is missing: versions share their codes.",
                f"Add a line {kind},{axis},{name}.",
            )
    for name, (line, _) in said.items():
        if name not in names:
            yield SchemeProblem(
                line, "name", f"There is no {kind} {name!r}.", f"Use: {known}."
            )


def _is_number(text: str, least: int, most: int) -> bool:
    return bool(_NUMBER.fullmatch(text)) and least <= int(text) <= most


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
