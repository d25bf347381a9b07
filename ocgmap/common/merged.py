"""One list out of rows of several kinds, by their moments, in keyset pages.

Each kind gives at most a page of rows, so a page costs one query a kind whatever there
is. Rows of one moment are told apart by their kind and key: none is skipped or repeated.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import Q, QuerySet

from ocgmap.common.keyset import BadCursor, sealed_box


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows of one kind, and the expression of the moment of each, which is never null.

    `code` tells the stream from the others of its list.
    """

    code: str
    rows: QuerySet[Any]
    moment: Any


@dataclass(frozen=True, slots=True)
class MergedPage:
    """Rows with the code of their stream, newest first; `next` is empty on the last."""

    rows: list[tuple[str, Any]]
    next: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The row after which a page begins."""

    moment: datetime.datetime
    code: str
    pk: int


def merged_page(
    streams: Sequence[Stream],
    *,
    asked: str,
    size: int,
    cursor: str = "",
    until: datetime.datetime | None = None,
) -> MergedPage:
    """Return up to ``size`` rows of all streams, none after ``until``.

    A cursor serves only the list that ``asked`` names. One query a stream.

    Raises:
        BadCursor: the cursor is not one that this list gave out.
    """
    place = _opened(cursor, asked) if cursor else None
    # Each stream comes newest first; the sort keeps what is alike in this order.
    found = [
        (stream.code, row)
        for stream in sorted(streams, key=lambda one: one.code)
        for row in _rows(stream, place, until)[: size + 1]
    ]
    found.sort(key=lambda one: one[1].merged_at, reverse=True)
    shown = found[:size]
    return MergedPage(shown, _sealed(*shown[-1], asked) if len(found) > size else "")


def _rows(
    stream: Stream, place: _Place | None, until: datetime.datetime | None
) -> QuerySet[Any]:
    rows: QuerySet[Any] = stream.rows.annotate(merged_at=stream.moment)
    if until is not None:
        rows = rows.filter(merged_at__lte=until)
    if place is not None:
        rows = rows.filter(_beyond(stream.code, place))
    return rows.order_by("-merged_at", "-pk")


def _beyond(code: str, place: _Place) -> Q:
    if code > place.code:
        return Q(merged_at__lte=place.moment)
    earlier = Q(merged_at__lt=place.moment)
    if code < place.code:
        return earlier
    return earlier | Q(merged_at=place.moment, pk__lt=place.pk)


def _sealed(code: str, row: Any, asked: str) -> str:
    content = [asked, row.merged_at.isoformat(), code, row.pk]
    sealed = sealed_box().encrypt(json.dumps(content).encode())
    return sealed.decode().rstrip("=")


def _opened(cursor: str, asked: str) -> _Place:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        content = json.loads(sealed_box().decrypt(padded.encode()))
        name, moment, code, pk = content
        if name != asked:
            raise BadCursor
        return _Place(datetime.datetime.fromisoformat(moment), code, int(pk))
    except (InvalidToken, ValueError, TypeError) as error:
        raise BadCursor from error
