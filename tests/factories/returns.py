"""Files of returns for tests: rows, and the files that hold them."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook

from intelligence.return_files import COLUMNS

HEADERS = [column.header for column in COLUMNS]
GOOD: Mapping[str, str] = {
    "text": "Seen unloading at the yard on three nights.",
    "received_on": "2026-03-09",
    "source_grade": "1",
    "assessment_grade": "A",
    "handling": "P",
    "sharing": "force",
}


def a_row(**changes: Any) -> dict[str, Any]:
    """Return the cells of a row that breaks no rule, by the keys of their columns."""
    return {**GOOD, **changes}


def some_rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Return rows of their own words and references."""
    return [
        a_row(
            text=f"Van {number} was seen at the yard.",
            owner_reference=f"DUR-{number:06}",
            **changes,
        )
        for number in range(1, count + 1)
    ]


def cells_of(rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    return [[row.get(column.key, "") for column in COLUMNS] for row in rows]


def csv_file(
    *rows: Mapping[str, Any],
    separator: str = ",",
    encoding: str = "utf-8",
    headers: Iterable[str] = HEADERS,
) -> bytes:
    """Return a CSV file of these rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(headers)
    writer.writerows(cells_of(rows))
    return out.getvalue().encode(encoding)


def xlsx_book(*rows: Mapping[str, Any], headers: Iterable[str] = HEADERS) -> Workbook:
    """Return a workbook of these rows, to be spoilt."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Reports"
    sheet.append(list(headers))
    for cells in cells_of(rows):
        sheet.append([cell if cell != "" else None for cell in cells])
    return book


def xlsx_file(book: Workbook) -> bytes:
    """Return the workbook as it would be sent."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
