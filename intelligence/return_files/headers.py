"""The header row: which column stands where, or what is wrong with it."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from intelligence.return_files.columns import (
    COLUMNS,
    NOT_READ,
    Column,
    by_header,
    folded,
)
from intelligence.return_files.problems import FileRefused

_CURE = (
    "Take the headers of the template unchanged, in any order: one row, above all rows "
    "of reports."
)
_NEAR = 60
_NOT_READ = frozenset(folded(text) for text in NOT_READ)


def columns_of(headers: Sequence[str]) -> list[Column | None]:
    """Return the column of each place up to the last header; None: it is not read.

    Raises:
        FileRefused: headers are unknown, missing, doubled or empty; each is named, an
            unknown one with the nearest right one.
    """
    given = [text.strip() for text in headers]
    while given and not given[-1]:
        given.pop()
    found = [by_header.get(folded(text)) for text in given]
    faults = [
        *_unknown(given, found),
        *_doubled(found),
        *_missing(found),
    ]
    if faults:
        raise FileRefused(f"The headers are not right. {' '.join(faults)}", _CURE)
    return found


def _unknown(given: Sequence[str], found: Sequence[Column | None]) -> list[str]:
    faults = []
    for place, (text, column) in enumerate(zip(given, found, strict=True), start=1):
        if column is not None or folded(text) in _NOT_READ:
            continue
        if not text:
            faults.append(f"Column {place} has no header.")
            continue
        near = _nearest(text)
        hint = f"; the nearest is “{near}”" if near else ""
        faults.append(f"Column {place}, “{text[:60]}”, is not known{hint}.")
    return faults


def _nearest(text: str) -> str:
    """Return the right header that looks most like it, empty if none does."""
    names = {column.header: folded(column.header) for column in COLUMNS}
    best = process.extractOne(
        folded(text), names, scorer=fuzz.WRatio, score_cutoff=_NEAR
    )
    return str(best[2]) if best else ""


def _doubled(found: Sequence[Column | None]) -> list[str]:
    known = [column.header for column in found if column is not None]
    doubled = dict.fromkeys(name for name in known if known.count(name) > 1)
    return [f"“{name}” stands there {known.count(name)} times." for name in doubled]


def _missing(found: Sequence[Column | None]) -> list[str]:
    names = [f"“{one.header}”" for one in COLUMNS if one not in found]
    return [f"Missing: {', '.join(names)}."] if names else []
