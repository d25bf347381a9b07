"""What a saved search finds, and what of that its watcher has not been told of.

A watch keeps the keys of what its search had found when it was last read. What it finds
now, with the rights of now, less those keys, is new: a record that was recorded, that
came to match, or that the watcher may see since.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from django.db.models import Max, QuerySet

from accounts.visibility import Viewer
from groups.filters import NominalFilterSet
from groups.models import Nominal, SavedSearch
from groups.models.saved_search import SearchKind
from intelligence.filters import ReportFilterSet
from intelligence.models import Report
from ocgmap.common.errors import AppError
from scoring.exceptions import NotWatchable
from scoring.filters import matching
from scoring.models import PictureLine

# A search that finds more is for reading, not for watching.
MOST_FOUND: Final = 2_000
_WATCHABLE: Final = (SearchKind.GROUPS, SearchKind.PEOPLE, SearchKind.REPORTS)


def is_watchable(saved: SavedSearch) -> bool:
    """Return whether a search can be watched: one over everything only ranks."""
    return saved.kind in _WATCHABLE


def rows_of(by: Viewer, saved: SavedSearch, usual: str) -> QuerySet[Any]:
    """Return the groups, people or reports that a saved search finds for ``by``.

    Raises:
        InvalidParameter: a filter can no longer be meant.
    """
    if saved.kind == SearchKind.GROUPS:
        return matching(by, saved.asked, usual, saved.text)
    asker = SimpleNamespace(viewer=by)
    if saved.kind == SearchKind.PEOPLE:
        people = Nominal.objects.visible_to(by)
        return NominalFilterSet(queryset=people, request=asker).found_by(saved, people)
    reports = Report.objects.visible_to(by)
    return ReportFilterSet(queryset=reports, request=asker).found_by(saved, reports)


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search finds now: when each record was changed last, by key."""

    changed_at: dict[int, datetime.datetime] = field(default_factory=dict)

    @property
    def is_beyond(self) -> bool:
        """Return whether it finds more than can be watched; then not all are here."""
        return len(self.changed_at) > MOST_FOUND

    def new(self, known: Collection[int]) -> set[int]:
        """Return the keys that are not among ``known``."""
        return self.changed_at.keys() - set(known)

    def read_by(self, until: datetime.datetime, known: Collection[int]) -> list[int]:
        """Return the keys that count as read once the page of ``until`` was read.

        What changed after it was perhaps not on the page.
        """
        if self.is_beyond:
            return sorted(self.changed_at)
        new = self.new(known)
        return sorted(
            key
            for key, changed_at in self.changed_at.items()
            if key not in new or changed_at <= until
        )


def matches_of(by: Viewer, saved: SavedSearch, usual: str) -> Matches:
    """Return what a saved search finds for ``by``; nothing if it cannot be run."""
    try:
        rows = rows_of(by, saved, usual)
    except AppError:
        return Matches()
    found = rows.order_by().values_list("pk", "changed_at")[: MOST_FOUND + 1]
    return Matches(dict(found))


def found_now(by: Viewer, saved: SavedSearch, usual: str) -> list[int]:
    """Return the keys of what a search finds now, to watch it from now on.

    Raises:
        NotWatchable: it is over everything, or finds too many.
    """
    if saved.kind not in _WATCHABLE:
        raise NotWatchable(
            "A search over everything cannot be watched. Save a search of one list."
        )
    matches = matches_of(by, saved, usual)
    if matches.is_beyond:
        raise NotWatchable(
            f"The search finds more than {MOST_FOUND:,}. Narrow it, save it, and watch "
            "that one."
        )
    return list(matches.changed_at)


def newest_of(
    by: Viewer, saved: SavedSearch, matches: Matches, new: Collection[int]
) -> datetime.datetime:
    """Return when the newest of these matches came about: changed, or scored anew."""
    newest = max(matches.changed_at[key] for key in new)
    if saved.kind == SearchKind.GROUPS:
        lines = PictureLine.objects.visible_to(by).at(None).filter(group_id__in=new)
        scored = lines.aggregate(newest=Max("valid_from"))["newest"]
        newest = max(newest, scored or newest)
    return newest
