"""Spellings under which equal identifiers meet, and which shapes are refused.

The kinds and their formats are read once from the project's own reference files.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ocgmap.common.reference import IdentifierKind, read_identifier_kinds

FOLDER = Path(__file__).resolve().parent / "reference"


@cache
def kinds() -> Mapping[str, IdentifierKind]:
    """Return every kind of identifier and place code by its code."""
    return MappingProxyType({kind.code: kind for kind in read_identifier_kinds(FOLDER)})


def normalise(kind: str, value: str) -> str:
    """Return the one spelling of ``value`` under which equal identifiers meet.

    Raises:
        KeyError: there is no such kind.
    """
    return kinds()[kind].normalise(value)


def misfit(kind: str, value: str) -> str:
    """Return in words why ``value`` has no known shape of its kind; empty if it has.

    Raises:
        KeyError: there is no such kind.
    """
    found = kinds()[kind]
    if found.fits(value):
        return ""
    examples = " or ".join(shape.example for shape in found.formats)
    return f"{found.name} “{value}” has no known shape. Enter it like {examples}."


def is_refused(kind: str, value: str) -> bool:
    """Return whether a misfit of this kind is refused; else it only warns.

    Raises:
        KeyError: there is no such kind.
    """
    found = kinds()[kind]
    return found.must_match and not found.fits(value)
