"""What may stand in a cell of any file: text in the right encoding, and not too long."""

import re
from collections.abc import Iterator

from intelligence.return_files.columns import Column
from intelligence.return_files.limits import MOST_CHARACTERS
from intelligence.return_files.problems import Problem, problem

# How a text begins that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Bytes that a decoder could not read and kept; then what no text holds: controls but
# tab and line feed, lone surrogates, and the mark of a decoder that gave up.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_BROKEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_ENCODING_CURE = (
    "Save the file again as “CSV UTF-8”, or as an Excel workbook, and check this cell."
)


def cleaned(text: str) -> str:
    """Return the text with plain line feeds and no space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().strip("\ufeff")


def unquoted(text: str) -> str:
    """Return the text without the mark that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def problems_of(row: int, column: Column, text: str) -> Iterator[Problem]:
    """Yield what is wrong with the text of one cell, whatever its column."""
    if len(text) > MOST_CHARACTERS:
        yield problem(
            row,
            column.header,
            text,
            f"A cell holds at most {MOST_CHARACTERS:,} characters; this one has "
            f"{len(text):,}.",
            "Shorten it, or look for a quotation mark that is never closed.",
        )
    escaped = _NOT_UTF8.search(text)
    if escaped:
        yield _not_utf8(row, column, text, escaped.group())
    elif _BROKEN.search(text):
        yield problem(
            row,
            column.header,
            text,
            "This cell holds characters that are not text.",
            _ENCODING_CURE,
        )


def _not_utf8(row: int, column: Column, text: str, escaped: str) -> Problem:
    """Name the byte, and what it would be in the encoding that it most likely is in."""
    byte = ord(escaped) - 0xDC00
    guess = bytes([byte]).decode("cp1252", errors="replace")
    likely = "" if guess == "\ufffd" else f", which in Windows-1252 is “{guess}”"
    shown = text.encode("utf-8", errors="surrogateescape").decode(
        "cp1252", errors="replace"
    )
    return problem(
        row,
        column.header,
        shown,
        f"This cell holds the byte {byte:02X}{likely}; the file is not in UTF-8 here.",
        _ENCODING_CURE,
    )
