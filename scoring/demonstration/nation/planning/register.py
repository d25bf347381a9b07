"""The register of returns of the nation: each force's months, late and nil ones too."""

import calendar
import datetime
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from scoring.demonstration.nation.planning import labels
from scoring.demonstration.nation.planning.country import Country
from scoring.demonstration.nation.planning.spread import Chance
from scoring.demonstration.nation.planning.tables import RETURN, Rows

MONTHS: Final = 24
_DUE_AFTER_DAYS: Final = 14
_LATE, _NIL, _MISSING = 0.12, 0.06, 0.06
# Returns that never came are asked after; these few are still open.
_MISSING_MONTHS: Final = 6
_SPACE: Final = uuid.UUID("6f1c1d52-6a55-4b52-8a0e-6d6f63676d61")


@dataclass(frozen=True, slots=True)
class Entry:
    """One month's return of one force; `received` is None while it is outstanding."""

    public_id: str
    owner: str
    first: datetime.date
    last: datetime.date
    due: datetime.date
    received: datetime.date | None
    is_nil: bool


@cache
def entry_of(seed: int, day: datetime.date, owner: str, months_ago: int) -> Entry:
    """Return the entry of the calendar month so many months before ``day``."""
    chance = Chance(f"{seed}/return/{owner}/{months_ago}")
    first, last = _month(day, months_ago)
    due = last + datetime.timedelta(days=_DUE_AFTER_DAYS)
    yesterday = day - datetime.timedelta(days=1)
    received: datetime.date | None = due - datetime.timedelta(
        days=chance.randint(0, _DUE_AFTER_DAYS - 1)
    )
    if chance.hits(_LATE):
        received = due + datetime.timedelta(days=chance.randint(1, 25))
    if months_ago <= _MISSING_MONTHS and chance.hits(_MISSING):
        received = None
    if received is not None and received > yesterday:
        received = None
    return Entry(
        public_id=uuid.uuid5(_SPACE, f"{seed}/{owner}/{first}").hex,
        owner=owner,
        first=first,
        last=last,
        due=due,
        received=received,
        is_nil=received is not None and chance.hits(_NIL),
    )


def came_in(
    seed: int, day: datetime.date, owner: str, received: datetime.date
) -> str | None:
    """Return the id of the force's return that a report of that day came in, if any."""
    months_ago = (day.year - received.year) * 12 + day.month - received.month
    if not 1 <= months_ago <= MONTHS:
        return None
    entry = entry_of(seed, day, owner, months_ago)
    return None if entry.received is None or entry.is_nil else entry.public_id


def plan_register(country: Country, seed: int, day: datetime.date) -> Rows:
    """Return the rows of the whole register. What came is counted once all is loaded."""
    rows = Rows()
    for owner in country.forces:
        for months_ago in range(MONTHS, 0, -1):
            rows.add(RETURN, _row(entry_of(seed, day, owner, months_ago)))
    return rows


def _row(entry: Entry) -> tuple[Any, ...]:
    opened = f"{entry.first.isoformat()} 06:00:00+00"
    received = entry.received and f"{entry.received.isoformat()} 11:30:00+00"
    return (
        entry.public_id,
        entry.owner,
        labels.force(entry.owner),
        opened,
        None,
        "import" if entry.received else "browser",
        entry.first,
        entry.last,
        entry.due,
        entry.is_nil,
        "",
        "{}",
        received,
    )


def _month(day: datetime.date, months_ago: int) -> tuple[datetime.date, datetime.date]:
    year, month = divmod(day.year * 12 + day.month - 1 - months_ago, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, 1), datetime.date(year, month + 1, last)
