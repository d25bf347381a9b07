"""What a timeline is made of: entries, and the streams of rows that they come from."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Case, DateTimeField, DurationField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from groups.views.changes import Step
from ocgmap.common.merged import Stream
from ocgmap.common.records import Precision, ProtectedRecord

UNDATED: Final = datetime.datetime(1800, 1, 1, tzinfo=datetime.UTC)
NO_DATE: Final = "Date not known"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened or that we did.

    `heading` is the month it stands under, as exactly as that is known. `when` is a
    date in words for what happened; `at` is the moment of what we did. `records` are
    what it shows, for the audit.
    """

    kind: str
    title: str
    heading: str
    when: str = ""
    at: datetime.datetime | None = None
    by: str = ""
    url: str = ""
    text: str = ""
    tag: dict[str, str] | None = None
    step: Step | None = None
    records: tuple[ProtectedRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A stream of one kind, and how its rows are told; None is not told at all.

    What it tells is asked for whole pages, so that it may look up names at once.
    """

    kind: str
    stream: Stream
    tell: Callable[[Sequence[Any]], Sequence[Entry | None]] = field(repr=False)


def moment_of_day(name: str, precision: str = "") -> Coalesce:
    """Return the expression of the moment that a column of a date stands for.

    A year stands behind its January, under a heading of its own; what has no date comes
    last of all.
    """
    start: Any = Cast(name, DateTimeField())
    if precision:
        behind = Case(
            When(
                **{precision: Precision.YEAR},
                then=Value(datetime.timedelta(seconds=1), DurationField()),
            ),
            default=Value(datetime.timedelta(0), DurationField()),
        )
        start -= behind
    return Coalesce(start, Value(UNDATED), output_field=DateTimeField())


def month_of(day: datetime.date | None, precision: str = "") -> str:
    """Return the heading of a day: its month, or its year where no more is known."""
    if day is None:
        return NO_DATE
    if precision == Precision.YEAR:
        return f"{day.year}, month not known"
    return f"{day:%B %Y}"


def month_of_moment(at: datetime.datetime) -> str:
    """Return the heading of a moment: its month here."""
    return month_of(timezone.localdate(at))
