"""How much a return file may hold; each limit is named where it is met."""

from typing import Final

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 64 * MEBIBYTE
MOST_ROWS: Final = 250_000
# A workbook is a zip file: what it unpacks to, and by how much it may grow.
MOST_UNPACKED_BYTES: Final = 512 * MEBIBYTE
MOST_PARTS: Final = 2_000
MOST_COLUMNS: Final = 100
# A single cell: what a spreadsheet itself can hold.
MOST_CHARACTERS: Final = 32_767
