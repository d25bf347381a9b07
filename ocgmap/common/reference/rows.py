"""Read checked CSV files: each complaint names the file, the line and the field.

Standard library only, so that it works before anything is installed.
"""

import csv
import datetime
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

Choice = TypeVar("Choice", bound=StrEnum)
Record = TypeVar("Record")


class ReferenceDataError(ValueError):
    """A reference file is wrong: which file, which line, which field, and why."""

    def __init__(
        self, path: Path, reason: str, *, line: int | None = None, field: str = ""
    ) -> None:
        """Say where: the last three parts of the path, the line and the field."""
        self.path = path
        self.line = line
        self.field = field
        self.reason = reason
        where = "/".join(path.parts[-3:])
        if line is not None:
            where += f", line {line}"
        if field:
            where += f", field {field}"
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, read cell by cell; a wrong cell raises."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, field: str, reason: str) -> ReferenceDataError:
        """Return the complaint about one cell of this row, to be raised."""
        return ReferenceDataError(self.path, reason, line=self.line, field=field)

    def optional(self, field: str) -> str:
        """Return the cell, which may be empty."""
        value = self.cells[field]
        if value != value.strip():
            raise self.error(field, f"{value!r} has spaces at an end; remove them")
        return value

    def text(self, field: str) -> str:
        """Return the cell, which must say something."""
        value = self.optional(field)
        if not value:
            raise self.error(field, "is empty; give a value")
        return value

    def code(self, field: str) -> str:
        """Return a code of small letters and digits joined by - or _."""
        value = self.text(field)
        if not CODE.fullmatch(value):
            raise self.error(
                field, f"{value!r} is no code; use small letters, digits, - or _"
            )
        return value

    def known(self, field: str, codes: frozenset[str], *, blank: bool = False) -> str:
        """Return a code that another file declares, or "" where blank is allowed."""
        value = self.optional(field)
        if (value or not blank) and value not in codes:
            raise self.error(field, f"{value!r} is not declared in its own file")
        return value

    def choice(self, field: str, kind: type[Choice]) -> Choice:
        """Return the member whose value the cell holds."""
        value = self.optional(field)
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(kind)
            raise self.error(
                field, f"{value!r} is not allowed; use one of: {allowed}"
            ) from None

    def day(self, field: str) -> datetime.date | None:
        """Return the date of the cell, or None where it is not known."""
        value = self.optional(field)
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise self.error(
                field, f"{value!r} is no date; write year-month-day, as 2023-11-22"
            ) from None

    def count(self, field: str) -> int | None:
        """Return a whole number above zero, or None where it is not known."""
        value = self.optional(field)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and int(value) > 0):
            raise self.error(field, f"{value!r} is no whole number above zero")
        return int(value)

    def flag(self, field: str) -> bool:
        """Return whether the cell says yes; only yes and no are read."""
        value = self.optional(field)
        if value not in {"yes", "no"}:
            raise self.error(field, f"{value!r} is neither yes nor no")
        return value == "yes"


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV file whose header is exactly ``columns``.

    Raises:
        ReferenceDataError: the file is absent, is not UTF-8, has another header, has
            a line of another length, or has no row.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ReferenceDataError(path, "the file is not there") from None
    except UnicodeDecodeError:
        raise ReferenceDataError(path, "is not UTF-8; save it as UTF-8") from None
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    if header != list(columns):
        raise ReferenceDataError(
            path,
            f"the header is {','.join(header)!r}, must be {','.join(columns)!r}",
            line=1,
        )
    empty = True
    for cells in reader:
        empty = False
        if len(cells) != len(columns):
            raise ReferenceDataError(
                path,
                f"has {len(cells)} cells, must have {len(columns)}",
                line=reader.line_num,
            )
        yield Row(path, reader.line_num, dict(zip(columns, cells, strict=True)))
    if empty:
        raise ReferenceDataError(path, "has a header and no rows")


def read_records(
    path: Path, columns: Sequence[str], build: Callable[[Row], Record]
) -> tuple[Record, ...]:
    """Return what ``build`` makes of each row of a file; raises as `read_rows`."""
    return tuple(build(row) for row in read_rows(path, columns))


def require_unique(path: Path, values: Iterable[Hashable]) -> None:
    """Raise `ReferenceDataError` if one of the values stands twice."""
    seen = set()
    for value in values:
        if value in seen:
            raise ReferenceDataError(path, f"{value!r} stands there twice")
        seen.add(value)
