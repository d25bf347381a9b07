"""CSV files of returns: separators, encodings, headers, and files that are not whole."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.return_files import COLUMNS, FileRefused, Row, mark_repeats, read
from intelligence.return_files.writing import csv_bytes, template_csv
from tests.factories.returns import HEADERS, a_row, csv_file, some_rows


def rows_of(content: bytes) -> list[Row]:
    return list(read(content))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(separator: str, encoding: str) -> None:
    text = "Café, “yard”; two\tvans"
    content = csv_file(a_row(text=text), separator=separator, encoding=encoding)
    [row] = rows_of(content)
    assert row.number == 2
    assert row.values["text"] == text
    assert not row.problems


def test_big_endian_utf_16() -> None:
    content = codecs.BOM_UTF16_BE + csv_file(a_row()).decode().encode("utf-16-be")
    assert rows_of(content)[0].values["sharing"] == "force"


def test_one_cell_in_another_encoding_is_named() -> None:
    content = csv_file(a_row(text="Café Ärger"), a_row(text="xx"), a_row())
    content = content.replace(b"xx", b"Caf\xe9")
    rows = rows_of(content)
    assert [bool(row.problems) for row in rows] == [False, True, False]
    [problem] = rows[1].problems
    assert (problem.row, problem.column) == (3, "Sanitised text")
    assert problem.value == "Café"
    assert "byte E9, which in Windows-1252 is “é”" in problem.rule
    assert "CSV UTF-8" in problem.cure


@pytest.mark.parametrize(
    "character", ["\ufffd", "\0", "\x07"], ids=["replaced", "nul", "bell"]
)
def test_characters_that_are_not_text(character: str) -> None:
    [row] = rows_of(csv_file(a_row(text=f"Seen {'x' * 5000}{character} at")))
    [problem] = row.problems
    assert problem.column == "Sanitised text"
    assert "not text" in problem.rule


def test_utf_16_that_was_cut_off() -> None:
    rows = rows_of(csv_file(a_row(), encoding="utf-16")[:-3])
    assert rows[-1].problems


@pytest.mark.parametrize(
    ("header", "near"),
    [
        ("Sanitized text", "Sanitised text"),
        ("sanitised_text ", ""),
        ("Date recieved", "Date received"),
        ("Own ref", "Own reference"),
        ("Zzzz", None),
    ],
)
def test_wrong_header_is_named_with_the_nearest(header: str, near: str | None) -> None:
    place = {"Date recieved": 3, "Own ref": 0}.get(header, 1)
    headers = [*HEADERS]
    right, headers[place] = headers[place], header
    content = csv_file(a_row(), headers=headers)
    if near == "":  # case, spaces and underscores do not matter
        assert rows_of(content)
        return
    with pytest.raises(FileRefused) as refused:
        rows_of(content)
    message = refused.value.message
    assert f"Column {place + 1}, “{header}”, is not known" in message
    assert f"Missing: “{right}”." in message
    assert (f"the nearest is “{near}”" in message) is (near is not None)


def test_every_wrong_header_is_named_at_once() -> None:
    headers = [*HEADERS[2:], "Colour", "Groups", ""]
    with pytest.raises(FileRefused) as refused:
        rows_of(csv_file(headers=[*headers[:-1]]) + b"1,2\n")
    message = refused.value.message
    assert "“Colour”" in message
    assert "Missing: “Own reference”, “Sanitised text”." in message
    assert "“Groups” stands there 2 times" in message


def test_columns_in_any_order() -> None:
    content = csv_bytes(
        HEADERS[::-1], [[a_row().get(one.key, "") for one in COLUMNS][::-1]]
    )
    assert dict(rows_of(content)[0].values) == a_row()


def test_quotation_mark_that_is_never_closed() -> None:
    content = csv_file(*some_rows(3)) + b'"never closed,'
    with pytest.raises(FileRefused, match="Row 5 cannot be read"):
        rows_of(content)


def test_row_that_was_cut_off() -> None:
    content = csv_file(*some_rows(2))
    rows = rows_of(content[: content.rindex(b"2026")])
    [problem] = rows[1].problems
    assert problem.row == 3
    assert f"has 4 cells; the row of headers has {len(COLUMNS)}" in problem.rule


def test_separator_in_a_text_without_quotation_marks() -> None:
    content = csv_file(a_row(text="TEXT")).replace(b"TEXT", b"two, vans")
    rules = [one.rule for one in rows_of(content)[0].problems]
    assert f"This row has {len(COLUMNS) + 1} cells" in rules[-1]


def test_empty_rows_are_left_out_and_numbers_stay() -> None:
    lines = csv_file(*some_rows(2)).split(b"\r\n")
    content = b"\r\n".join([lines[0], b"", b",,,", lines[1], b"", lines[2], b""])
    assert [row.number for row in rows_of(content)] == [4, 6]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n", "first row is empty", id="empty line"),
        pytest.param(template_csv(), "no rows below", id="headers alone"),
        pytest.param(b"\xd0\xcf\x11\xe0...", "old Excel", id="xls"),
        pytest.param(b"%PDF\0\0", "neither text nor", id="pdf"),
        pytest.param(b"PK\x03\x04 and no more", "damaged", id="cut workbook"),
    ],
)
def test_files_that_are_no_returns(content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        rows_of(content)


def test_more_rows_than_the_limit() -> None:
    content = csv_file(*some_rows(4))
    assert len(list(read(content, most_rows=4))) == 4
    with pytest.raises(FileRefused, match="more than 3 rows"):
        list(read(content, most_rows=3))


def test_rows_that_repeat_or_clash() -> None:
    first, second = some_rows(2)
    other = {**first, "text": "Something else."}
    rows = list(mark_repeats(read(csv_file(first, second, first, other))))
    assert [row.same_as for row in rows] == [None, None, 2, None]
    assert [row.clashes_with for row in rows] == [None, None, None, 2]


@given(
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd"
        ),
        min_size=1,
        max_size=60,
    ).filter(lambda text: text.strip() == text)
)
def test_what_we_write_is_harmless_and_reads_back(text: str) -> None:
    cells = [a_row(text=text).get(one.key, "") for one in COLUMNS]
    content = csv_bytes(HEADERS, [cells])
    [row] = rows_of(content)
    assert not row.problems
    if not text.startswith("'"):
        assert row.values["text"] == text
    written = content.decode("utf-8-sig").splitlines()[1]
    assert not written.split(",", 1)[1].lstrip('"').startswith(("=", "+", "-", "@"))
