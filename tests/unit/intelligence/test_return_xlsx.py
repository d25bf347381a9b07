"""Workbooks of returns: dates, formulas, merged cells, sheets, and hostile files."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from intelligence.return_files import COLUMNS, FileRefused, Row, read
from intelligence.return_files.limits import MOST_UNPACKED_BYTES
from intelligence.return_files.writing import template_xlsx
from tests.factories.returns import a_row, some_rows, xlsx_book, xlsx_file

PLACE = {column.key: place for place, column in enumerate(COLUMNS, start=1)}


def rows_of(book: Workbook) -> list[Row]:
    return list(read(xlsx_file(book)))


def cell(book: Workbook, key: str, row: int = 2) -> Any:
    return book["Reports"].cell(row, PLACE[key])


def test_values_of_every_kind() -> None:
    book = xlsx_book(a_row(owner_reference=417, source_grade=1, groups="G-1; G-2"))
    [row] = rows_of(book)
    assert not row.problems
    assert row.values["owner_reference"] == "417"
    assert row.values["source_grade"] == "1"
    assert row.values["text"] == a_row()["text"]


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
@pytest.mark.parametrize("as_number", [False, True])
def test_dates_in_both_date_systems(epoch: datetime, *, as_number: bool) -> None:
    book = xlsx_book(a_row())
    book.epoch = epoch
    place = cell(book, "received_on")
    if as_number:  # formatted as a number: only the book knows from when it counts
        place.value = (datetime(2026, 3, 9) - epoch).days  # noqa: DTZ001
        place.value += 1 if epoch == CALENDAR_WINDOWS_1900 else 0
        place.value -= 1 if epoch == CALENDAR_WINDOWS_1900 else 0
        place.number_format = "General"
    else:
        place.value = date(2026, 3, 9)
    [row] = rows_of(book)
    assert row.values["received_on"] == "2026-03-09"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("dd/mm/yyyy", "2026-03-01"),
        ("mmm-yy", "2026-03"),
        ('[$-809]mmmm yyyy"."', "2026-03"),
        ("yyyy", "2026"),
    ],
)
def test_a_date_is_as_exact_as_it_is_shown(shown: str, text: str) -> None:
    book = xlsx_book(a_row())
    cell(book, "event").value = date(2026, 3, 1)
    cell(book, "event").number_format = shown
    assert rows_of(book)[0].values["event"] == text


def test_a_year_as_a_number() -> None:
    assert rows_of(xlsx_book(a_row(event=2025)))[0].values["event"] == "2025"


def test_a_reference_that_became_a_date() -> None:
    book = xlsx_book(a_row())
    cell(book, "owner_reference").value = date(2026, 4, 3)
    [problem] = rows_of(book)[0].problems
    assert problem.column == "Own reference"
    assert "A2 is formatted as a date" in problem.rule


def test_formulas_are_refused_by_cell() -> None:
    book = xlsx_book(*some_rows(2))
    cell(book, "text", 3).value = '="Seen "&A2'
    rows = rows_of(book)
    assert not rows[0].problems
    [problem] = rows[1].problems
    assert (problem.row, problem.column) == (3, "Sanitised text")
    assert problem.rule == "Cell B3 holds a formula; values are wanted."
    assert "paste it as values" in problem.cure
    assert "text" not in rows[1].values


def test_text_that_only_looks_like_a_formula() -> None:
    book = xlsx_book(a_row())
    cell(book, "text").value = "=1+1"
    cell(book, "text").data_type = "s"
    assert rows_of(book)[0].values["text"] == "=1+1"


def test_errors_of_the_spreadsheet() -> None:
    book = xlsx_book(a_row())
    cell(book, "source_grade").value = "#N/A"
    [problem] = rows_of(book)[0].problems
    assert "E2 holds an error" in problem.rule


def test_merged_cells_are_refused_by_name() -> None:
    book = xlsx_book(*some_rows(3))
    book["Reports"].merge_cells("B2:B3")
    book["Reports"].merge_cells("H2:J2")
    with pytest.raises(FileRefused, match=r"“Reports” are merged: B2:B3, H2:J2\."):
        rows_of(book)


def test_hidden_sheets_are_refused_by_name() -> None:
    book = xlsx_book(a_row())
    book.create_sheet("Sources").sheet_state = "veryHidden"
    with pytest.raises(FileRefused, match="hidden sheets: “Sources”"):
        rows_of(book)


def test_a_second_sheet_is_not_left_out_unsaid() -> None:
    book = xlsx_book(a_row())
    book.create_sheet("Notes")
    assert rows_of(book)
    book.create_sheet("April")
    with pytest.raises(FileRefused, match="2 sheets with rows: “Reports”, “April”"):
        rows_of(book)


def test_what_stands_under_no_header() -> None:
    book = xlsx_book(a_row())
    book["Reports"]["Z2"] = "see also"
    [problem] = rows_of(book)[0].problems
    assert "Cell Z2 stands under no header" in problem.rule


def test_empty_rows_and_a_wrong_size_in_the_file() -> None:
    book = xlsx_book(*some_rows(1))
    for place, value in enumerate(xlsx_book(a_row())["Reports"][2], start=1):
        book["Reports"].cell(7, place).value = value.value
    content = respelt(
        xlsx_file(book), b'<dimension ref="A1:P7"', b'<dimension ref="A1:A1"'
    )
    assert [row.number for row in read(content)] == [2, 7]


def test_the_template_takes_rows() -> None:
    book = load_workbook(io.BytesIO(template_xlsx({"violence": "How violent."})))
    assert book.sheetnames == ["Reports", "Notes"]
    for column in COLUMNS:
        book["Reports"].cell(2, PLACE[column.key]).value = a_row().get(column.key)
    [row] = read(xlsx_file(book))
    assert dict(row.values) == a_row()
    notes = [[one.value for one in line] for line in book["Notes"].iter_rows()]
    assert {line[0] for line in notes} >= {column.header for column in COLUMNS}
    assert ["violence", None, "How violent.", None, None] in notes


def respelt(content: bytes, old: bytes, new: bytes, part: str = "sheet1.xml") -> bytes:
    """Return the workbook with something else in one of its parts."""
    out = io.BytesIO()
    met = False
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read_from,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write_to,
    ):
        for name in read_from.namelist():
            body = read_from.read(name)
            if name.endswith(part):
                met = old in body
                body = body.replace(old, new)
            write_to.writestr(name, body)
    assert met
    return out.getvalue()


def test_a_workbook_that_was_cut_off() -> None:
    content = xlsx_file(xlsx_book(*some_rows(50)))
    for size in (10, 100, len(content) // 2, len(content) - 5):
        with pytest.raises(FileRefused, match="damaged, or was cut off"):
            list(read(content[:size]))


def test_damage_inside() -> None:
    content = xlsx_file(xlsx_book(*some_rows(50)))
    broken = respelt(content, b"</sheetData>", b"<row></sheetData>")
    with pytest.raises(FileRefused, match="damaged"):
        list(read(broken))


def test_entities_are_not_opened() -> None:
    content = xlsx_file(xlsx_book(a_row()))
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet '
    with pytest.raises(FileRefused, match="declares entities"):
        list(read(respelt(content, b"<worksheet ", bomb)))


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO(xlsx_file(xlsx_book(a_row())))
    block = b"\0" * (8 * 1024 * 1024)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/x.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(MOST_UNPACKED_BYTES // len(block) + 1):
            part.write(block)
    assert len(out.getvalue()) < 2_000_000
    with pytest.raises(FileRefused, match="unpacks to"):
        list(read(out.getvalue()))


def test_a_cell_beyond_every_column() -> None:
    content = xlsx_file(xlsx_book(a_row()))
    with pytest.raises(FileRefused, match="damaged"):
        list(read(respelt(content, b'<c r="B2"', b'<c r="ZZZZZZZ2"')))
