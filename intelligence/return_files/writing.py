"""What we write: the template, the problems, and refused rows to be corrected.

A text that a spreadsheet would take for a formula is written so that it is none.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from intelligence.return_files.cells import FORMULA
from intelligence.return_files.columns import COLUMNS, NOT_READ
from intelligence.return_files.limits import MEBIBYTE, MOST_BYTES, MOST_ROWS
from intelligence.return_files.problems import Problem, Row
from intelligence.return_files.xlsx_rows import NOTES, SHEET

_PROBLEM_HEADERS = ("Row", "Column", "Value", "What is wrong", "What to do")
_LIMITS = (
    f"At most {MOST_ROWS:,} rows and {MOST_BYTES // MEBIBYTE} MB. Values only: no "
    "formulas, no merged cells, no hidden sheets."
)
_TEXT = "@"
_ROWS_FORMATTED = 500


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file in UTF-8 that spreadsheets recognise as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def problems_csv(problems: Iterable[Problem]) -> bytes:
    """Return the problems, one a line."""
    rows = (
        [str(one.row), one.column, one.value, one.rule, one.cure] for one in problems
    )
    return csv_bytes(_PROBLEM_HEADERS, rows)


def refused_csv(rows: Iterable[tuple[Row, str]]) -> bytes:
    """Return refused rows as a file of the template, to be corrected and sent again.

    Two columns more say which row it was and why; they are not read.
    """
    headers = [*(column.header for column in COLUMNS), *NOT_READ]
    return csv_bytes(
        headers,
        (
            [
                *(row.values.get(column.key, "") for column in COLUMNS),
                str(row.number),
                why,
            ]
            for row, why in rows
        ),
    )


def template_csv() -> bytes:
    """Return the template as CSV: the headers alone."""
    return csv_bytes([column.header for column in COLUMNS], [])


def template_xlsx(attributes: Mapping[str, str]) -> bytes:
    """Return the template as a workbook: a sheet to fill in, and one of notes.

    ``attributes`` maps the key of each attribute to its meaning.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append([column.header for column in COLUMNS])
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = 60 if column.key == "text" else 20
        # As text, so that no reference or partial date is turned into something else.
        sheet.column_dimensions[letter].number_format = _TEXT
        for row in range(2, _ROWS_FORMATTED + 2):
            sheet.cell(row, place).number_format = _TEXT
    _notes(book.create_sheet(NOTES), attributes)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _notes(sheet: object, attributes: Mapping[str, str]) -> None:
    lines: list[Sequence[str]] = [
        ("Column", "Needed", "What it is", "Example", "Another example"),
        *(
            (one.header, str(one.needed), one.meaning, one.example, one.second_example)
            for one in COLUMNS
        ),
        (),
        ("Attribute of a claim", "", "What it means"),
        *((key, "", meaning) for key, meaning in attributes.items()),
        (),
        (
            "Limits",
            "",
            _LIMITS,
        ),
    ]
    for line in lines:
        sheet.append([harmless(text) for text in line])  # type: ignore[attr-defined]
    _layout(sheet)


def _layout(sheet: object) -> None:
    cells = sheet
    for letter, width in zip("ABCDE", (24, 12, 90, 40, 40), strict=True):
        cells.column_dimensions[letter].width = width  # type: ignore[attr-defined]
    for row in cells.iter_rows():  # type: ignore[attr-defined]
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row == 1:
                cell.font = Font(bold=True)
