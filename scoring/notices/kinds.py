"""Sorts of notice, and how each is said. Words stand here only, never in a row."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from groups.models.crime_group import ActivityStatus, RecordState, Tier


class NoticeKind(StrEnum):
    """What happened."""

    REPORTS = "reports"
    JOINED = "joined"
    LEFT = "left"
    COMPUTED = "computed_band"
    CONFIRMED = "confirmed_band"
    TIER = "tier"
    ACTIVITY = "activity_status"
    STATE = "record_state"
    OWNER = "owner"
    DETAILS = "details"
    LABEL = "label"
    MATCHES = "matches"
    TOO_MANY = "too_many"


# Texts of one and of several; `{}` takes the number.
_COUNTED: Final[Mapping[NoticeKind, tuple[str, str]]] = {
    NoticeKind.REPORTS: ("1 new report", "{:,} new reports"),
    NoticeKind.JOINED: ("1 membership added", "{:,} memberships added"),
    NoticeKind.LEFT: (
        "1 membership ended or withdrawn",
        "{:,} memberships ended or withdrawn",
    ),
    NoticeKind.MATCHES: ("1 more match", "{:,} more matches"),
}
_FIXED: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.OWNER: "Handed over to another organisation",
    NoticeKind.DETAILS: "Name, birth or identity changed",
    NoticeKind.LABEL: "Who may see it changed",
    NoticeKind.TOO_MANY: "Finds too many to follow: narrow the search",
}
_MOVED: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.COMPUTED: "Computed band",
    NoticeKind.CONFIRMED: "Confirmed band",
    NoticeKind.TIER: "Tier",
    NoticeKind.ACTIVITY: "Activity",
    NoticeKind.STATE: "Record",
}


def _choice(choices: type) -> Callable[[str], str]:
    texts = dict(choices.choices)  # type: ignore[attr-defined]
    return lambda code: str(texts.get(code, code))


def _band(code: str) -> str:
    return code.replace("_", " ") or "none"


_WORDS: Final[Mapping[NoticeKind, Callable[[str], str]]] = {
    NoticeKind.COMPUTED: _band,
    NoticeKind.CONFIRMED: _band,
    NoticeKind.TIER: _choice(Tier),
    NoticeKind.ACTIVITY: _choice(ActivityStatus),
    NoticeKind.STATE: _choice(RecordState),
}


def _text(kind: NoticeKind, count: int, before: str, after: str) -> str:
    """Return a notice as it is said."""
    if kind in _COUNTED:
        one, several = _COUNTED[kind]
        return one if count == 1 else several.format(count)
    if kind in _FIXED:
        return _FIXED[kind]
    said = _WORDS[kind]
    return f"{_MOVED[kind]}: {said(before)} → {said(after)}"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened; it exists while it is read."""

    kind: NoticeKind
    count: int
    at: datetime.datetime
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """Return the notice as it is said."""
        return _text(self.kind, self.count, self.before, self.after)
