"""The notices of one reader, by what they watch."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.models.functions import Now
from django.utils import timezone

from accounts.visibility import Viewer
from scoring.models import Watch
from scoring.models.watch import MOST_WATCHED, WatchQuerySet
from scoring.notices.kinds import Notice, NoticeKind
from scoring.notices.records import told_of
from scoring.notices.searches import MOST_FOUND, matches_of, newest_of

# A row that was written this long ago is committed, as good as surely; so it was on the
# page. Reading the page does not cover what is younger.
_SETTLED: Final = datetime.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class News:
    """What happened to one thing that is watched, the newest first."""

    watch: Watch
    notices: list[Notice]


@dataclass(frozen=True, slots=True)
class Noticed:
    """All notices of a reader; `until` is what reading them covers."""

    until: datetime.datetime
    news: list[News] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many notices there are."""
        return sum(len(one.notices) for one in self.news)

    @property
    def newest_at(self) -> datetime.datetime | None:
        """Return when the newest of them came about; None without any."""
        return max((n.at for one in self.news for n in one.notices), default=None)


def watches_of(viewer: Viewer) -> WatchQuerySet:
    """Return the viewer's watches of what they see, with what is watched."""
    seen = Watch.objects.visible_to(viewer).order_by("pk")
    return seen.select_related("group__owner", "nominal", "search")


def news_of(viewer: Viewer, usual: str) -> Noticed:
    """Return what happened to what ``viewer`` watches since they last read of it.

    ``usual`` is the scope of a saved search that names none. Two queries, and a few for
    each search that is watched, however many records there are.
    """
    rows = watches_of(viewer).annotate(asked_at=Now())[:MOST_WATCHED]
    watches = list(rows)
    if not watches:
        return Noticed(timezone.now())
    told: dict[int, list[Notice]] = {one.pk: [] for one in watches}
    of_records = [one for one in watches if one.search_id is None]
    for watch_id, notice in told_of(viewer, of_records):
        told[watch_id].append(notice)
    for watch in watches:
        if watch.search_id is not None:
            told[watch.pk] += _of_search(viewer, watch, usual)
    news = [News(one, _newest_first(told[one.pk])) for one in watches if told[one.pk]]
    news.sort(key=lambda one: one.notices[0].at, reverse=True)
    asked_at: datetime.datetime = vars(watches[0])["asked_at"]
    return Noticed(asked_at - _SETTLED, news)


def _newest_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda one: one.at, reverse=True)


def _of_search(viewer: Viewer, watch: Watch, usual: str) -> Iterator[Notice]:
    saved = watch.search
    if saved is None:
        raise LookupError("the watch is of a search")
    matches = matches_of(viewer, saved, usual)
    if matches.is_beyond:
        if len(watch.found) <= MOST_FOUND:  # not told of yet
            at = max(matches.changed_at.values())
            yield Notice(NoticeKind.TOO_MANY, 1, at)
        return
    new = matches.new(watch.found)
    if new:
        at = newest_of(viewer, saved, matches, new)
        yield Notice(NoticeKind.MATCHES, len(new), at)


def found_by_searches(
    viewer: Viewer,
    watches: Iterable[Watch],
    usual: str,
    until: datetime.datetime,
) -> dict[int, list[int]]:
    """Return, by watch of a search, the keys that count as read up to ``until``."""
    found = {}
    for watch in watches:
        if watch.search is not None:
            matches = matches_of(viewer, watch.search, usual)
            found[watch.pk] = matches.read_by(until, watch.found)
    return found
