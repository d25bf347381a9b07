"""What was left to do at the end of each of the last months."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.visibility import Viewer
from scoring.picture.filters import AWAITING, UNJUDGED, overdue_on
from scoring.picture.lines import lines
from scoring.picture.scopes import PictureScope
from scoring.picture.trend import month_ends

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Debt:
    """How many groups the reader's picture of a day's end holds, and what they lack.

    `disposed` counts those whose record was disposed of since.
    """

    day: datetime.date
    groups: int
    overdue: int
    unjudged: int
    awaiting: int
    disposed: int


def debts(viewer: Viewer, scope: PictureScope, today: datetime.date) -> list[Debt]:
    """Return the debt at the end of each of the last months, the oldest first.

    The same numbers as `read` gives for those days. A few queries a month.
    """
    return [_debt(viewer, scope, day) for day in month_ends(today, MONTHS)]


def _debt(viewer: Viewer, scope: PictureScope, day: datetime.date) -> Debt:
    found = lines(viewer, scope, day).aggregate(
        groups=Count("pk"),
        overdue=Count("pk", filter=overdue_on(day).query),
        unjudged=Count("pk", filter=UNJUDGED.query),
        awaiting=Count("pk", filter=AWAITING.query),
        disposed=Count("pk", filter=Q(is_disposed=True)),
    )
    return Debt(day, **found)
