"""Rows of a CSV file: UTF-8 or UTF-16, separated by comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from intelligence.return_files import cells, headers
from intelligence.return_files.columns import Column, by_header, folded
from intelligence.return_files.problems import FileRefused, Problem, Row, problem

_SEPARATORS: Final = ",;\t"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AGAIN: Final = "Save the file again as “CSV UTF-8”, or as an Excel workbook."


def rows(content: bytes) -> Iterator[Row]:
    """Yield each row that is not empty, as it is read.

    Raises:
        FileRefused: it is no such file, its headers are wrong, or a quotation mark is
            never closed; the row is named.
    """
    text = _opened(content)
    reader = csv.reader(text, delimiter=_separator(content), strict=True)
    records = _records(reader)
    _, first = next(records, (1, []))
    if not any(cell.strip() for cell in first):
        raise FileRefused(
            "The first row is empty.", "Put the headers of the template into it."
        )
    columns = headers.columns_of([cells.cleaned(cell) for cell in first])
    for number, record in records:
        if any(cell.strip() for cell in record):
            yield _row(number, record, columns, len(first))


def _opened(content: bytes) -> io.TextIOWrapper:
    """Return the text; bytes that are not UTF-8 stay marked, so that their cell shows."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            errors = "replace" if encoding == "utf-16" else "surrogateescape"
            return _text(content, encoding, errors)
    if b"\0" in content[:4096]:
        raise FileRefused(
            "The file is neither text nor an Excel workbook.", _SAVE_AGAIN
        )
    return _text(content, "utf-8", "surrogateescape")


def _text(content: bytes, encoding: str, errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BytesIO(content), encoding=encoding, errors=errors, newline=""
    )


def _separator(content: bytes) -> str:
    """Return the separator under which the first line has most of the headers."""
    line = _opened(content).readline(65_536)

    def known(separator: str) -> int:
        parts = [folded(part) for part in line.split(separator)]
        return sum(part in by_header for part in parts)

    return max(_SEPARATORS, key=lambda one: (known(one), line.count(one)))


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(
                f"Row {number} cannot be read: a quotation mark in it is never closed, "
                "or stands where none may. Nothing after it can be trusted.",
                "Put each text with a quotation mark, separator or line break into "
                "quotation marks, and double those inside it; or save the file again "
                "from a spreadsheet. If the file was cut off, send the whole.",
            ) from error


def _row(
    number: int, record: Sequence[str], columns: Sequence[Column | None], width: int
) -> Row:
    values: dict[str, str] = {}
    faults: list[Problem] = []
    for place, given in enumerate(record):
        text = cells.unquoted(cells.cleaned(given))
        if not text:
            continue
        if place >= len(columns):
            faults.append(_stray(number, place, text))
            continue
        column = columns[place]
        if column is not None:
            faults += cells.problems_of(number, column, text)
            values[column.key] = text
    if len(record) != width:
        faults.append(_wrong_width(number, len(record), width))
    return Row(number, values, faults)


def _stray(number: int, place: int, text: str) -> Problem:
    return problem(
        number,
        "",
        text,
        f"The cell in column {place + 1} stands under no header.",
        "Move what it says into a column of the template, or empty it.",
    )


def _wrong_width(number: int, given: int, width: int) -> Problem:
    return problem(
        number,
        "",
        "",
        f"This row has {given} cells; the row of headers has {width}.",
        "A text with a separator in it needs quotation marks around it; a row that was "
        "cut off must be whole.",
    )
