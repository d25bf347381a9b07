"""How many of a region's mapped submissions are scored a second time."""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ocgmap.common.reference.rows import Row, read_records

FILE = Path(__file__).resolve().parents[1] / "reference" / "second_scoring_shares.csv"
_COLUMNS = ["region", "one_in", "from_on", "reason"]
# Where the file says nothing of a region: local configuration, to be confirmed.
USUAL_ONE_IN: Final = 10


@dataclass(frozen=True, slots=True)
class Share:
    """That one in so many submissions of a region is drawn, from a day on; 0: none."""

    region: str
    one_in: int
    from_on: datetime.date
    reason: str


@cache
def shares() -> tuple[Share, ...]:
    """Return every share of the file, in its order.

    Raises:
        ReferenceDataError: a cell is wrong.
    """
    return read_records(FILE, _COLUMNS, _share)


def share_of(body: str, day: datetime.date) -> int:
    """Return of how many submissions one is drawn in a region on ``day``; 0: none.

    ``body`` is the code of the region, or of an organisation that is in none. The latest
    start decides.
    """
    found = [one for one in shares() if one.region == body and one.from_on <= day]
    latest = max(found, key=lambda one: one.from_on, default=None)
    return USUAL_ONE_IN if latest is None else latest.one_in


def _share(row: Row) -> Share:
    day = row.day("from_on")
    if day is None:
        raise row.error("from_on", "is empty; give the day from which it holds")
    is_none = row.text("one_in") == "none"
    one_in = 0 if is_none else row.count("one_in")
    if one_in is None:
        raise row.error("one_in", "is empty; give a number, or none")
    return Share(
        region=row.code("region"),
        one_in=one_in,
        from_on=day,
        reason=row.text("reason"),
    )
