"""Whether a workbook is safe to open, and whole: judged from its zip file alone."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from intelligence.return_files.limits import MEBIBYTE, MOST_PARTS, MOST_UNPACKED_BYTES
from intelligence.return_files.problems import FileRefused

_BLOCK: Final = 1024 * 1024
_OVERLAP: Final = 512
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z0-9:$]{1,40})"')
# Beyond XFD there is no column: such a cell would only use up memory.
_FAR_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="[A-Z]{4,}')
_DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0D\0", b"<\0!\0E\0")
_OPEN_AGAIN: Final = "Open it in the spreadsheet, save it as .xlsx and send that."


def corrupt() -> FileRefused:
    """Return the refusal of a workbook that cannot be read."""
    return FileRefused(
        "The workbook cannot be read: it is damaged, or was cut off on its way.",
        _OPEN_AGAIN,
    )


def check(content: bytes) -> None:
    """Return when the parts of the workbook may be unpacked.

    Raises:
        FileRefused: it is damaged, unpacks to too much, or declares entities.
    """
    with opened(content) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
            raise FileRefused(
                f"The workbook unpacks to {unpacked // MEBIBYTE:,} MB in {len(parts):,} "
                f"parts; at most {MOST_UNPACKED_BYTES // MEBIBYTE:,} MB in "
                f"{MOST_PARTS:,} parts are taken.",
                "Take pictures and unused sheets out, or split the rows over two files.",
            )
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused(
                "The workbook is locked with a password.", "Save it without one."
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    for block in _blocks(archive, part.filename):
        if any(word in block for word in _DECLARATIONS):
            raise FileRefused(
                "The workbook declares entities, which no spreadsheet writes.",
                _OPEN_AGAIN,
            )
        if _FAR_CELL.search(block):
            raise corrupt()


def merged_in(content: bytes, part: str) -> list[str]:
    """Return the merged ranges of the sheet that stands in this part."""
    found: dict[str, None] = {}
    with opened(content) as archive:
        for block in _blocks(archive, part):
            found |= dict.fromkeys(ref.decode() for ref in _MERGED.findall(block))
    return list(found)


def opened(content: bytes) -> zipfile.ZipFile:
    """Return the zip file.

    Raises:
        FileRefused: it is none, or is damaged.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise corrupt() from error


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in blocks, each beginning with the end of the one before."""
    tail = b""
    try:
        with archive.open(name) as part:
            while read := part.read(_BLOCK):
                yield tail + read
                tail = read[-_OVERLAP:]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        KeyError,
        ValueError,
    ) as error:
        raise corrupt() from error
