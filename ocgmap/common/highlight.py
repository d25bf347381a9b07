"""Show where the words of a search stand in a text that the reader may see. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_AROUND = 90
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_hit` where it is one of the words."""

    text: str
    is_hit: bool = False


def excerpt_of(text: str, words: Iterable[str]) -> list[Piece]:
    """Return the part of ``text`` around the first of ``words``, cut into pieces.

    The pieces put together are a part of the text on one line, with “…” where it was
    cut; without any of the words it is its beginning. At most 181 characters and the
    longest word.
    """
    line = _SPACE.sub(" ", text).strip()
    wanted = [re.escape(word) for word in words if word]
    found = re.compile("|".join(wanted), re.IGNORECASE) if wanted else None
    first = found.search(line) if found else None
    start = max(0, (first.start() if first else 0) - _AROUND)
    end = (first.end() if first else start + _AROUND) + _AROUND
    part = line[start:end]
    pieces = list(_pieces(part, found))
    if start:
        pieces.insert(0, Piece("…"))
    if end < len(line):
        pieces.append(Piece("…"))
    return pieces


def _pieces(text: str, found: re.Pattern[str] | None) -> Iterable[Piece]:
    place = 0
    for hit in found.finditer(text) if found else ():
        if hit.start() > place:
            yield Piece(text[place : hit.start()])
        yield Piece(hit.group(), is_hit=True)
        place = hit.end()
    if place < len(text):
        yield Piece(text[place:])
