"""Which kind of file it is, and its rows up to the limit."""

from collections.abc import Iterator

from intelligence.return_files import csv_rows, xlsx_rows
from intelligence.return_files.limits import MEBIBYTE, MOST_BYTES, MOST_ROWS
from intelligence.return_files.problems import FileRefused, Row

_ZIP = b"PK\x03\x04"
# Workbooks before 2007, and any workbook with a password.
_OLD = b"\xd0\xcf\x11\xe0"


def read(content: bytes, *, most_rows: int = MOST_ROWS) -> Iterator[Row]:
    """Yield the rows of a CSV or XLSX file, each that is not empty, as it is read.

    Raises:
        FileRefused: the file as a whole cannot be taken, or has too many rows or none.
    """
    check_size(len(content))
    if content.startswith(_OLD):
        raise FileRefused(
            "This is an old Excel workbook (.xls), or one with a password.",
            "Save it as .xlsx without a password.",
        )
    rows = (xlsx_rows if content.startswith(_ZIP) else csv_rows).rows(content)
    count = 0
    for row in rows:
        count += 1
        if count > most_rows:
            raise FileRefused(
                f"The file has more than {most_rows:,} rows.",
                "Split it into several files of one return.",
            )
        yield row
    if not count:
        raise FileRefused(
            "The file has no rows below its headers.",
            "If there was nothing to report, mark the return as nil in the register.",
        )


def check_size(size_bytes: int) -> None:
    """Return when a file of this size may be read.

    Raises:
        FileRefused: it is empty or too large.
    """
    if not size_bytes:
        raise FileRefused("The file is empty.", "Choose the file again.")
    if size_bytes > MOST_BYTES:
        raise FileRefused(
            f"The file has {size_bytes / MEBIBYTE:,.1f} MB; at most "
            f"{MOST_BYTES // MEBIBYTE} MB are taken.",
            "Split it into several files of one return.",
        )
