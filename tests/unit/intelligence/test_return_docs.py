"""`docs/returns.md` says what the format is, and its example does what it says."""

from intelligence.return_files import MOST_BYTES, MOST_ROWS, parse, read
from intelligence.return_files.describing import filled_in
from intelligence.return_files.limits import MEBIBYTE, MOST_UNPACKED_BYTES
from ocgmap.bootstrap.paths import ROOT

PAGE = ROOT / "docs" / "returns.md"


def test_the_table_is_that_of_the_program() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled_in(page), (
        "write the page anew: "
        "PAGE.write_text(intelligence.return_files.describing.filled_in(page))"
    )


def test_the_limits_are_those_of_the_program() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"At most {MOST_ROWS:,} rows and {MOST_BYTES // MEBIBYTE} MB." in page
    assert f"unpack to {MOST_UNPACKED_BYTES // MEBIBYTE} MB" in page


def test_the_example_does_what_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = page.partition("```csv\n")[2].partition("```")[0]
    judged = [parse(row, {}) for row in read(example.encode())]
    assert [parsed is not None for parsed, _ in judged] == [True, True, True, False]
    problems = judged[3][1]
    assert [(one.row, one.column, one.value) for one in problems] == [
        (5, "Event date", "soon"),
        (5, "Source grade", "4"),
    ]
