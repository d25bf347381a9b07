"""Rows of one file that say the same, or share a reference and do not."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from intelligence.return_files.problems import Row


def mark_repeats(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, each knowing the earlier row that it repeats or clashes with.

    A row repeats an earlier one when every cell is the same. Holds 16 bytes a row.
    """
    contents: dict[bytes, int] = {}
    references: dict[bytes, int] = {}
    for row in rows:
        row.same_as = contents.setdefault(_digest(row), row.number)
        if row.same_as == row.number:
            row.same_as = None
            row.clashes_with = _clash(row, references)
        yield row


def _clash(row: Row, references: dict[bytes, int]) -> int | None:
    reference = row.values.get("owner_reference", "").casefold()
    if not reference:
        return None
    first = references.setdefault(
        _short(reference.encode(errors="replace")), row.number
    )
    return None if first == row.number else first


def _digest(row: Row) -> bytes:
    body = json.dumps(dict(row.values), sort_keys=True)
    return _short(body.encode())


def _short(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
