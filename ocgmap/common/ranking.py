"""Pages of what a search function found, best first, of the rows that may be seen.

The cursor is encrypted: what it holds (a row's key and rank) would tell how many rows
there are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ocgmap.common.keyset import BadCursor, sealed_box

COUNTED_UP_TO = 10_000
# The functions return at most so many.
_MOST = COUNTED_UP_TO + 1


class Hit(NamedTuple):
    """A row that was found: tier 0 is the best, and within it the greatest score."""

    id: int
    tier: int
    score: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Return what hits are sorted by."""
        return self.tier, -self.score, -self.id


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a search found of one kind, best first."""

    hits: Sequence[Hit] = ()

    @property
    def count(self) -> int:
        """Return how many there are; 10,001 means that there may be more."""
        return len(self.hits)

    @property
    def is_counted(self) -> bool:
        """Return whether the count is exact."""
        return self.count <= COUNTED_UP_TO

    @property
    def count_text(self) -> str:
        """Return the count as it is shown."""
        return f"{self.count:,}" if self.is_counted else f"{COUNTED_UP_TO:,}+"

    def page(self, size: int, cursor: str = "") -> tuple[list[Hit], str]:
        """Return the hits after ``cursor``, and the cursor of those that follow.

        Raises:
            BadCursor: the cursor was altered.
        """
        hits: Sequence[Hit] = self.hits
        if cursor:
            last = _opened(cursor)
            hits = [hit for hit in hits if hit.place > last.place]
        shown = list(hits[:size])
        return shown, _sealed(shown[-1]) if len(hits) > size else ""


def found_among(seen: QuerySet[Any], function: str, arguments: Sequence[Any]) -> Found:
    """Return what a search function of the database finds among the rows of ``seen``."""
    allowed = _allowed(seen)
    if allowed is None:
        return Found()
    inner, values = allowed
    marks = ", ".join("%s" for _ in arguments)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select f.id, f.tier, f.score from {function}({marks}, %s) f "  # noqa: S608
            f"where f.id in ({inner}) order by f.tier, f.score desc, f.id desc",
            [*arguments, _MOST, *values],
        )
        return Found([Hit(*row) for row in cursor.fetchall()])


def _allowed(seen: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """Return the query of the keys of ``seen``; None where it can hold no row at all."""
    try:
        return seen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None


def found_for_each(
    seen: QuerySet[Any], function: str, texts: Sequence[str], most: int
) -> list[list[Hit]]:
    """Return for each text the best rows of ``seen`` that a function of names finds.

    One query; an empty text finds nothing.
    """
    found: list[list[Hit]] = [[] for _ in texts]
    allowed = _allowed(seen)
    if not any(texts) or allowed is None:
        return found
    inner, values = allowed
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.place, f.id, f.tier, f.score "  # noqa: S608
            "from unnest(%s::text[]) with ordinality a (wanted, place) "
            f"cross join lateral {function}(a.wanted, false, %s) f where f.id in ({inner}) "
            "order by a.place, f.tier, f.score desc, f.id desc",
            [list(texts), most, *values],
        )
        for place, *hit in cursor.fetchall():
            found[place - 1].append(Hit(*hit))
    return found


class Counted(NamedTuple):
    """How many rows there are; 10,001 means that there may be more."""

    number: int
    text: str


def counted(rows: QuerySet[Any], one: str, many: str) -> Counted:
    """Count rows, exactly up to 10,000. One query."""
    count = rows.order_by()[:_MOST].count()
    if count > COUNTED_UP_TO:
        return Counted(count, f"{COUNTED_UP_TO:,}+ {many}")
    return Counted(count, f"{count:,} {one if count == 1 else many}")


def counts(several: Sequence[QuerySet[Any]]) -> list[int]:
    """Count each of several sets of rows, exactly up to 10,000. One query for all."""
    if not several:
        return []
    parts: list[str] = []
    values: list[Any] = []
    for rows in several:
        try:
            inner, own = rows.order_by().values("pk")[:_MOST].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(select count(*) from ({inner}) r)")  # noqa: S608
        values += own
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        return [int(one) for one in cursor.fetchone()]


def in_order(rows: QuerySet[Any], hits: Sequence[Hit]) -> list[Any]:
    """Return the rows of these hits in their order; a row that went is left out."""
    by_id = {row.pk: row for row in rows.filter(pk__in=[hit.id for hit in hits])}
    return [by_id[hit.id] for hit in hits if hit.id in by_id]


def check_cursor(cursor: str) -> None:
    """Raise unless ``cursor`` is empty or was given out here.

    Raises:
        BadCursor: it was altered, or is another list's.
    """
    if cursor:
        _opened(cursor)


def _sealed(hit: Hit) -> str:
    return sealed_box().encrypt(json.dumps(hit).encode()).decode().rstrip("=")


def _opened(cursor: str) -> Hit:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        number, tier, score = json.loads(sealed_box().decrypt(padded.encode()))
    except (InvalidToken, ValueError, TypeError) as error:
        raise BadCursor from error
    return Hit(number, tier, score)
