"""Who may see what: labels form a lattice, and a viewer dominates some of them. Pure.

A label is a set of required tags and a marking. A viewer holds tags and a clearance.
The label is visible iff every required tag is held and the marking is not above the
clearance. The join of labels is what a thing made from all of them must carry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from accounts.roles import Right, Role


class Marking(IntEnum):
    """The markings this system takes; nothing above OFFICIAL-SENSITIVE is accepted."""

    OFFICIAL = 1
    OFFICIAL_SENSITIVE = 2

    @property
    def label(self) -> str:
        """Return the marking as it is printed."""
        return self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader must hold, and the marking."""

    requires: frozenset[int] = frozenset()
    marking: int = Marking.OFFICIAL

    @property
    def rank(self) -> int:
        """Return a number that grows along the label order (a linear extension)."""
        return len(self.requires) * 8 + self.marking

    def at_least(self, other: "Label") -> bool:
        """Return whether this label is at least as strict as ``other``."""
        return other.requires <= self.requires and other.marking <= self.marking


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or service as it stands at this request: never kept beyond it.

    `is_shared` says that people work through its token, so that who of them asks is what
    the call says and nothing proves.
    """

    user_id: int
    organisation_id: int
    role: Role
    rights: frozenset[Right] = field(default_factory=frozenset)
    tags: frozenset[int] = field(default_factory=frozenset)
    clearance: int = Marking.OFFICIAL
    is_shared: bool = False

    @property
    def can_view(self) -> bool:
        """Return whether intelligence is visible at all; else the class set is empty."""
        return Right.VIEW in self.rights

    def has(self, right: Right) -> bool:
        """Return whether the viewer has ``right``."""
        return right in self.rights


def dominates(viewer: Viewer, label: Label) -> bool:
    """Return whether ``viewer`` may see what carries ``label``."""
    return (
        viewer.can_view
        and label.requires <= viewer.tags
        and label.marking <= viewer.clearance
    )


def join(labels: Iterable[Label]) -> Label:
    """Return the least label at least as strict as each; of none, the open label."""
    requires: frozenset[int] = frozenset()
    marking = int(Marking.OFFICIAL)
    for label in labels:
        requires |= label.requires
        marking = max(marking, label.marking)
    return Label(requires, marking)


def narrows(old: Label, new: Label, ladder: Sequence[int]) -> bool:
    """Return whether ``new`` in the place of ``old`` lets nobody see more.

    ``ladder`` are audiences from the narrowest to the widest: whoever holds one of them
    holds all after it. So a step down it is stricter, though the tags are others.
    """
    held = [place for place, tag in enumerate(ladder) if tag in new.requires]
    implied = frozenset(ladder[held[0] :]) if held else frozenset()
    return old.requires <= new.requires | implied and old.marking <= new.marking
