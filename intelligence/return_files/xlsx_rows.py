"""Rows of an Excel workbook: one visible sheet of values, read as a stream."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from intelligence.return_files import cells, headers, workbook
from intelligence.return_files.columns import Column
from intelligence.return_files.limits import MOST_COLUMNS
from intelligence.return_files.problems import FileRefused, Problem, Row, problem

SHEET: Final = "Reports"
NOTES: Final = "Notes"
_MOST_SHEET_ROWS: Final = 1_048_576
# A number in a date column is a year, or counts the days of the book's date system.
_YEARS: Final = range(1900, 2101)
_SERIALS: Final = range(15_000, 80_000)
_NOT_CODES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
)


def rows(content: bytes) -> Iterator[Row]:
    """Yield each row that is not empty, as it is read.

    Raises:
        FileRefused: the workbook is damaged, has hidden or further sheets or merged
            cells, or its headers are wrong; what is at fault is named.
    """
    workbook.check(content)
    with _mended():
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet = _sheet(book)
        merged = workbook.merged_in(content, sheet._worksheet_path)  # noqa: SLF001
        if merged:
            raise _has_merged(sheet.title, merged)
        yield from _rows(sheet, book.epoch)
    finally:
        book.close()


def _sheet(book: Any) -> Any:
    """Return the one sheet that holds the reports."""
    hidden = [one.title for one in book.worksheets if one.sheet_state != "visible"]
    if hidden:
        raise FileRefused(
            f"The workbook has hidden sheets: {_named(hidden)}. What nobody sees is not "
            "taken.",
            "Show them and look at what they hold; then delete them and send the file.",
        )
    others = [one for one in book.worksheets if one.title != NOTES]
    if len(others) == 1:
        return others[0]
    raise FileRefused(
        f"The workbook has {len(others)} sheets with rows: "
        f"{_named(one.title for one in others)}.",
        f"Keep one sheet, “{SHEET}”, and send the others as files of their own; the "
        f"sheet “{NOTES}” of the template may stay.",
    )


def _named(titles: Iterable[str]) -> str:
    return ", ".join(f"“{title[:40]}”" for title in titles) or "none"


def _has_merged(title: str, merged: Sequence[str]) -> FileRefused:
    shown = ", ".join(merged[:5])
    more = f" and {len(merged) - 5} more" if len(merged) > 5 else ""
    return FileRefused(
        f"Cells of the sheet “{title[:40]}” are merged: {shown}{more}. What stands in a "
        "merged cell belongs to no one row.",
        "Unmerge them and fill each row.",
    )


@contextmanager
def _mended() -> Iterator[None]:
    """Turn any fault of a damaged workbook into its refusal."""
    try:
        yield
    except FileRefused:
        raise
    except _FAULTS as error:
        raise workbook.corrupt() from error


def _rows(sheet: Any, epoch: datetime) -> Iterator[Row]:
    with _mended():
        sheet.reset_dimensions()  # what the file says of its size may be wrong
    columns: list[Column | None] = []
    for number, record in _records(sheet):
        if number > _MOST_SHEET_ROWS:
            raise workbook.corrupt()
        if number == 1:
            columns = headers.columns_of(_header(record))
        elif any(cell.value not in {None, ""} for cell in record):
            yield _row(number, record, columns, epoch)
    if not columns:
        raise FileRefused(
            "The sheet is empty.", "Put the headers of the template into row 1."
        )


def _records(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    records = iter(sheet.iter_rows())
    number = 0
    while True:
        number += 1
        with _mended():
            record = next(records, None)
        if record is None:
            return
        yield number, record


def _header(record: Sequence[Any]) -> list[str]:
    if len(record) > MOST_COLUMNS:
        record = record[:MOST_COLUMNS]
    return ["" if cell.value is None else str(cell.value) for cell in record]


def _row(
    number: int,
    record: Sequence[Any],
    columns: Sequence[Column | None],
    epoch: datetime,
) -> Row:
    values: dict[str, str] = {}
    faults: list[Problem] = []
    for place, cell in enumerate(record, start=1):
        if cell.value in {None, ""}:
            continue
        name = f"{get_column_letter(place)}{number}"
        if place > len(columns):
            faults.append(_stray(number, name, str(cell.value)))
            continue
        column = columns[place - 1]
        if column is None:
            continue
        with _mended():
            text, wrong = _text(cell, column, name, number, epoch)
        faults += [*wrong, *cells.problems_of(number, column, text)]
        if text:
            values[column.key] = text
    return Row(number, values, faults)


def _stray(number: int, name: str, value: str) -> Problem:
    return problem(
        number,
        "",
        value,
        f"Cell {name} stands under no header.",
        "Move what it says into a column of the template, or empty it.",
    )


def _text(
    cell: Any, column: Column, name: str, number: int, epoch: datetime
) -> tuple[str, list[Problem]]:
    """Return what a cell says, as text, and why it cannot be taken."""
    value = cell.value
    if cell.data_type == "f":
        shown = value if isinstance(value, str) else "=…"
        return "", [
            problem(
                number,
                column.header,
                shown,
                f"Cell {name} holds a formula; values are wanted.",
                "Copy the column and paste it as values.",
            )
        ]
    if cell.data_type == "e":
        return "", [
            problem(
                number,
                column.header,
                str(value),
                f"Cell {name} holds an error of the spreadsheet.",
                "Correct it, or empty the cell.",
            )
        ]
    if isinstance(value, date | time | timedelta):
        return _dated(cell, column, name, number)
    if isinstance(value, bool):
        return str(value).upper(), []
    if isinstance(value, int | float):
        return _number(value, column, epoch), []
    return cells.cleaned(str(value)), []


def _dated(
    cell: Any, column: Column, name: str, number: int
) -> tuple[str, list[Problem]]:
    """Return a date as exactly as the cell shows it."""
    value = cell.value
    if not column.is_date:
        return "", [
            problem(
                number,
                column.header,
                str(value),
                f"Cell {name} is formatted as a date: the spreadsheet has changed what "
                "was typed.",
                "Format the column as text and type it again.",
            )
        ]
    if not isinstance(value, date):
        return str(value), []  # a time of day, which is no date: the parser says so
    shown = _NOT_CODES.sub("", str(cell.number_format or "")).lower()
    if "d" in shown or "m" not in shown:
        return (f"{value:%Y}" if shown in {"yyyy", "yy"} else f"{value:%Y-%m-%d}"), []
    return f"{value:%Y-%m}", []


def _number(value: float, column: Column, epoch: datetime) -> str:
    """Return a number as text; in a date column a serial number as its day."""
    whole = int(value)
    if column.is_date and whole in _SERIALS and whole not in _YEARS:
        return f"{from_excel(whole, epoch):%Y-%m-%d}"
    return str(whole) if whole == value else repr(value)
