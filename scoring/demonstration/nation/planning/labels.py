"""Labels as text while nothing is in the database: codes of tags joined by a plus."""

from collections.abc import Collection
from functools import cache
from typing import Final

SAFEGUARDING: Final = "compartment:safeguarding"
CORRUPTION: Final = "compartment:corruption"
ALL_FORCES: Final = "all-forces"
_PLUS: Final = "+"


def own(owner: str) -> str:
    """Return the label of what only the organisation sees."""
    return f"org:{owner}"


@cache
def is_own(label: str) -> bool:
    """Return whether only the own organisation sees what carries the label."""
    return any(code.startswith("org:") for code in codes(label))


def force(owner: str) -> str:
    """Return the label of the usual audience: the owner, its ROCU and the NCA."""
    return f"force:{owner}"


def region(code: str) -> str:
    """Return the label of what all forces of a region see."""
    return f"region:{code}"


@cache
def join(a: str, b: str) -> str:
    """Return the label of what rests on two others."""
    return a if a == b else _PLUS.join(sorted({*codes(a), *codes(b)}))


@cache
def codes(label: str) -> frozenset[str]:
    """Return the codes of the tags that a label requires."""
    return frozenset(label.split(_PLUS))


def is_seen(label: str, held: Collection[str]) -> bool:
    """Return whether somebody who holds these tags sees the label."""
    return codes(label) <= frozenset(held)
