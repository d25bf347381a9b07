"""How telephone numbers, registrations and the like are compared and checked.

Two spellings are the same identifier iff they normalise to the same text. Standard
library only; the kinds and their formats come from `groups/reference/`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s.\-()]+")
_SEPARATORS_AND_SLASHES = re.compile(r"[\s.\-()/\\]+")


def _international(compact: str) -> str:
    """Return a number with its country code; a bare leading 0 is read as British."""
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if compact.startswith("+440"):
        return "+44" + compact[4:]
    if compact.startswith("0"):
        return "+44" + compact[1:]
    return compact


# The steps that `identifier_kinds.csv` may name, applied from left to right.
STEPS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "trim": lambda value: _SPACES.sub(" ", value).strip(),
        "compact": lambda value: _SEPARATORS_AND_SLASHES.sub("", value),
        "compact_keep_slash": lambda value: _SEPARATORS.sub("", value),
        "upper": str.upper,
        "lower": str.lower,
        "international": _international,
    }
)


class UsedFor(StrEnum):
    """Whether a kind names an identifier of somebody, or a place."""

    IDENTIFIER = "identifier"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class IdentifierFormat:
    """One shape that a normalised value of a kind may have, with an example."""

    kind: str
    name: str
    pattern: re.Pattern[str]
    example: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """A kind of identifier; `must_match` false means that a misfit only warns."""

    code: str
    name: str
    steps: tuple[str, ...]
    must_match: bool
    used_for: UsedFor
    formats: tuple[IdentifierFormat, ...]

    def normalise(self, value: str) -> str:
        """Return the one spelling under which equal identifiers meet."""
        for step in self.steps:
            value = STEPS[step](value)
        return value

    def fits(self, value: str) -> bool:
        """Return whether the value has a known shape, or the kind knows no shape."""
        normalised = self.normalise(value)
        return not self.formats or any(
            shape.pattern.fullmatch(normalised) for shape in self.formats
        )
