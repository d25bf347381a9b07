"""Which of two texts stands, when two people changed the same record."""

from enum import StrEnum


class Keep(StrEnum):
    """Whose text stands."""

    THEIRS = "theirs"
    MINE = "mine"


def preselected(*, is_base_known: bool, mine: bool, theirs: bool) -> Keep | None:
    """Return whose text is offered: of the side that alone changed it, else nobody's.

    `mine` and `theirs` say whether each side differs from what stood at first; what
    both changed, or nobody knows the base of, is for the person to choose.
    """
    if not is_base_known or (mine and theirs):
        return None
    return Keep.MINE if mine else Keep.THEIRS
