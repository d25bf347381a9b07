"""Show where the words of a search stand in a text that the reader may see. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What the database puts around a word that was found: characters that no text holds.
START, STOP = "\x02", "\x03"
_SPACE = re.compile(r"\s+")
_MARKED = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_hit` where it is one of the words."""

    text: str
    is_hit: bool = False


def pieces_of(marked: str) -> list[Piece]:
    """Return a text whose hits stand between `START` and `STOP`, cut into pieces."""
    line = _SPACE.sub(" ", marked)
    return [
        Piece(piece.text.replace(START, "").replace(STOP, ""), piece.is_hit)
        for piece in _cut(line, _MARKED)
    ]


def highlighted(text: str, words: Iterable[str]) -> list[Piece]:
    """Return all of ``text``, cut where one of ``words`` stands in any case."""
    wanted = sorted(
        {re.escape(word) for word in words if len(word) > 1}, key=len, reverse=True
    )
    if not wanted:
        return [Piece(text)] if text else []
    return list(_cut(text, re.compile(f"({'|'.join(wanted)})", re.IGNORECASE)))


def _cut(text: str, found: re.Pattern[str]) -> Iterator[Piece]:
    place = 0
    for hit in found.finditer(text):
        if hit.start() > place:
            yield Piece(text[place : hit.start()])
        yield Piece(hit.group(1), is_hit=True)
        place = hit.end()
    if place < len(text):
        yield Piece(text[place:])
