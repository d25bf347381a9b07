"""Notices: what happened to what an account watches, worked out whenever it is read.

Nothing of a notice is stored. It is read from records, their former states and the lines
of the picture, with what the reader may see at that moment; so a label that is raised
afterwards takes the notice away too, and a hidden row never made one.
"""

from scoring.notices.kinds import Notice, NoticeKind
from scoring.notices.reading import (
    News,
    Noticed,
    found_by_searches,
    news_of,
    watches_of,
)
from scoring.notices.searches import MOST_FOUND, found_now, is_watchable, rows_of

__all__ = [
    "MOST_FOUND",
    "News",
    "Notice",
    "NoticeKind",
    "Noticed",
    "found_by_searches",
    "found_now",
    "is_watchable",
    "news_of",
    "rows_of",
    "watches_of",
]
