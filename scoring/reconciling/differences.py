"""One difference between what is stored and what should be."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from accounts.visibility import Label, Marking

Kind = Literal[
    "missing",
    "wrong",
    "extra",
    "overlap",
    "future",
    "ungrounded",
    "receipt",
    "dead",
    "profile",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: of which group, for readers of which label, by which scheme.

    `kind` is missing, wrong or extra for lines; overlap and future for their periods;
    ungrounded for a fact with neither citation nor rationale; receipt, dead and profile
    for the drain's own rows; waiting for marks that no drain comes for.
    """

    kind: Kind
    group: str = ""
    label: str = ""
    scheme: str = ""
    field: str = ""
    expected: Any = None
    found: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return it for printing."""
        return asdict(self)


def label_text(label: Label, tag_codes: Mapping[int, str]) -> str:
    """Return a label as people read it: its marking and the codes of its tags."""
    codes = sorted(tag_codes.get(tag, str(tag)) for tag in label.requires)
    return " ".join([Marking(label.marking).label, *codes])
