"""Read a pasted list: one thing a line, and what each may be. Pure.

A paste comes from mail, from Word and from spreadsheets: with bullets and numbers, with
marks that turn the direction of writing, with spaces that are none.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from groups.normalise import kinds
from ocgmap.common.identifiers import is_reference

MOST_LINES, MOST_LENGTH = 10_000, 200
_BULLET = re.compile(r"^(?:[•◦▪‣·●○*–—-]+\s+|\(?\d{1,5}[.)]\s+)")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_NAME = re.compile(r"[^\W\d_]{2}")
_URN = re.compile(r"[\w./:-][\w./: -]*", re.ASCII)
# Kinds whose shape tells them apart; what has no shape of its own is not guessed.
_SHAPED = ("phone", "vehicle", "email", "pnc_id", "cro")


class PasteKind(StrEnum):
    """What the list is said to hold."""

    ANY = "any"
    PEOPLE = "people"
    PHONES = "phones"
    VEHICLES = "vehicles"
    REFERENCES = "references"


class TooManyLines(ValueError):
    """The list has more lines than are looked up at once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line: as a `reference`, a `name`, or a kind of identifier."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty: its number, its text made plain, what it may be."""

    number: int
    text: str
    readings: tuple[Reading, ...] = ()


def read_lines(pasted: str, kind: PasteKind = PasteKind.ANY) -> list[Line]:
    """Return the lines that hold anything; one without readings is invalid.

    Raises:
        TooManyLines: there are more than 10,000 of them.
    """
    found = []
    for number, typed in enumerate(pasted.splitlines(), start=1):
        text = plain_line(typed)
        if text:
            found.append(Line(number, text, _readings(text, kind)))
        if len(found) > MOST_LINES:
            raise TooManyLines
    return found


def plain_line(typed: str) -> str:
    """Return a line without bullets, quotation marks and what cannot be seen."""
    seen = "".join(
        " " if unicodedata.category(one) in {"Zs", "Cc", "Zl", "Zp"} else one
        for one in unicodedata.normalize("NFC", typed)
        if unicodedata.category(one) not in {"Cf", "Cs", "Co", "Cn"}
    )
    text = " ".join(seen.translate(_QUOTES).split())
    return _BULLET.sub("", text + " ").strip(' "\t,;')


def _readings(text: str, kind: PasteKind) -> tuple[Reading, ...]:
    if len(text) > MOST_LENGTH:
        return ()
    if kind is PasteKind.PEOPLE:
        return _names(text)
    if kind is PasteKind.REFERENCES:
        return _references(text)
    if kind is PasteKind.PHONES:
        return _identifiers(text, ["phone"])
    if kind is PasteKind.VEHICLES:
        return _identifiers(text, ["vehicle"])
    if is_reference(text):
        return _references(text)
    if any(one.isdigit() for one in text) or "@" in text:
        return (*_identifiers(text, _SHAPED), *_references(text))
    return _names(text)


def _references(text: str) -> tuple[Reading, ...]:
    if is_reference(text) or _URN.fullmatch(text):
        return (Reading("reference", text.upper()),)
    return ()


def _identifiers(text: str, codes: Iterable[str]) -> tuple[Reading, ...]:
    known = kinds()
    return tuple(
        Reading(code, known[code].normalise(text))
        for code in codes
        if known[code].fits(text)
    )


def _names(text: str) -> tuple[Reading, ...]:
    """Return the name, given names first; "Surname, Given" is turned."""
    surname, comma, given = text.partition(",")
    name = f"{given} {surname}" if comma else text
    name = " ".join(name.split())
    return (Reading("name", name),) if _NAME.search(name) else ()
