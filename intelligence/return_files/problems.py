"""What can be wrong with a return file, and a row as it was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocgmap.common.errors import AppError

_LONGEST_SHOWN = 80


class FileRefused(AppError):
    """The file as a whole cannot be taken; the message names the rule and the cure."""

    code = "file_refused"

    def __init__(self, rule: str, cure: str) -> None:
        super().__init__(f"{rule} {cure}", field="file", rule=rule, cure=cure)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one row: the column's header, the value, the rule, the cure."""

    row: int
    column: str
    value: str
    rule: str
    cure: str

    def as_json(self) -> list[Any]:
        """Return it as a list for storage; `Problem(*stored)` reads it back."""
        return [self.row, self.column, self.value, self.rule, self.cure]

    def as_object(self) -> dict[str, Any]:
        """Return it with a name for each part."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "rule": self.rule,
            "cure": self.cure,
        }


def problem(row: int, column: str, value: str, rule: str, cure: str) -> Problem:
    """Return a problem with its value cut to what a page can show."""
    plain = "".join(one if one.isprintable() else " " for one in value)
    shown = plain if len(plain) <= _LONGEST_SHOWN else f"{plain[: _LONGEST_SHOWN - 1]}…"
    return Problem(row, column, shown, rule, cure)


@dataclass(slots=True)
class Row:
    """One row of a file, numbered as a spreadsheet shows it; the header is row 1.

    `values` holds the text of each cell by the key of its column, empty ones left out.
    `same_as` is an earlier row that says the same; `clashes_with` an earlier row that
    has the same reference and says something else.
    """

    number: int
    values: Mapping[str, str]
    problems: Sequence[Problem] = field(default_factory=list)
    same_as: int | None = None
    clashes_with: int | None = None

    def as_json(self) -> list[Any]:
        """Return the row as a list for storage; `row_from` reads it back."""
        return [
            self.number,
            dict(self.values),
            [one.as_json() for one in self.problems],
            self.same_as,
            self.clashes_with,
        ]


def row_from(stored: Sequence[Any]) -> Row:
    """Return the row that `Row.as_json` wrote."""
    number, values, problems, same_as, clashes_with = stored
    found = [Problem(*one) for one in problems]
    return Row(number, values, found, same_as, clashes_with)
