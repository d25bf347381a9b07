"""A force's return as a file: its format as data, its readers and its template. Pure.

`columns` says what a return file is; the template, the page of documentation and every
check come from it. Readers turn CSV and XLSX into `Row`s of plain text; `parsing` turns
a row into values or into problems that name row, column, rule and cure.
"""

from intelligence.return_files.columns import COLUMNS, Column, Needed, by_key
from intelligence.return_files.limits import MOST_BYTES, MOST_ROWS
from intelligence.return_files.parsing import Parsed, Partial, parse
from intelligence.return_files.problems import FileRefused, Problem, Row
from intelligence.return_files.reading import read
from intelligence.return_files.repeats import mark_repeats
from intelligence.return_files.writing import (
    csv_bytes,
    problems_csv,
    refused_csv,
    template_csv,
    template_xlsx,
)

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Column",
    "FileRefused",
    "Needed",
    "Parsed",
    "Partial",
    "Problem",
    "Row",
    "by_key",
    "csv_bytes",
    "mark_repeats",
    "parse",
    "problems_csv",
    "read",
    "refused_csv",
    "template_csv",
    "template_xlsx",
]
