"""Keyset pages: a page starts at a row, never at a number.

So rows that come or go meanwhile are neither skipped nor shown twice. A cursor is
encrypted, since what it holds (a row's key and the value it is sorted by) would tell how
many rows there are, or a name.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from ocgmap.common.errors import AppError

M = TypeVar("M", bound=models.Model)


class BadCursor(AppError):
    """The cursor was altered, or is of another address or ordering."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__(
            "cursor: This cursor is not of this address and ordering. Start again "
            "without a cursor, and follow `next` as it is given.",
            field="cursor",
        )


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are sorted: by `field`, ties by the row's key, both the same way.

    `field` is a column of the row itself; "id" is the order in which rows were made.
    """

    field: str = "id"
    descending: bool = False

    @property
    def text(self) -> str:
        """Return the order as Django writes it."""
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows in order, and the cursors of the pages beside them, empty where none is."""

    rows: list[M]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The row beside which a page begins; `key` is its sort value as text."""

    pk: int
    key: str | None
    is_backward: bool


def page_of(
    queryset: models.QuerySet[M], order: Order, *, size: int, cursor: str = ""
) -> Page[M]:
    """Return one page of up to `size` rows. One query.

    Raises:
        BadCursor: the cursor is not one that this order of these rows gave out.
    """
    place = _opened(cursor, queryset.model, order) if cursor else None
    is_backward = bool(place and place.is_backward)
    walk = Order(order.field, order.descending ^ is_backward)
    found = _sorted(queryset, walk)
    if place:
        found = found.filter(_beyond(queryset.model, walk, place))
    rows = list(found[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if is_backward:
        rows.reverse()
    has_next = bool(rows) and (is_backward or has_more)
    has_previous = bool(rows) and (has_more if is_backward else place is not None)
    return Page(
        rows,
        next=_sealed(rows[-1], order, is_backward=False) if has_next else "",
        previous=_sealed(rows[0], order, is_backward=True) if has_previous else "",
    )


def page_and_sums(
    queryset: models.QuerySet[M],
    order: Order,
    *,
    size: int,
    cursor: str = "",
    **sums: models.Aggregate,
) -> tuple[Page[M], dict[str, Any]]:
    """Return a page, and sums over all the rows that there are.

    The rows hold their key and what they are sorted by: what is shown of them is read by
    key. One query for the first page, so that the rows are looked for once; else two.

    Raises:
        BadCursor: the cursor is not one that this order of these rows gave out.
    """
    bare = queryset.only("pk", order.field)
    if cursor:
        page = page_of(bare, order, size=size, cursor=cursor)
        return page, queryset.order_by().aggregate(**sums)
    over = {name: models.Window(one) for name, one in sums.items()}
    page = page_of(bare.annotate(**over), order, size=size)
    if not page.rows:
        return page, dict.fromkeys(sums, 0)
    return page, {name: getattr(page.rows[0], name) for name in sums}


def _sorted(queryset: models.QuerySet[M], order: Order) -> models.QuerySet[M]:
    key = "-pk" if order.descending else "pk"
    return (
        queryset.order_by(key) if _is_key(order) else queryset.order_by(order.text, key)
    )


def _is_key(order: Order) -> bool:
    return order.field in {"id", "pk"}


def _beyond(model: type[models.Model], walk: Order, place: _Place) -> Q:
    """Return the condition for the rows after `place`; PostgreSQL puts nulls highest."""
    side = "lt" if walk.descending else "gt"
    same_key = {f"pk__{side}": place.pk}
    if _is_key(walk):
        return Q(**same_key)
    if place.key is None:
        ties = Q(**{f"{walk.field}__isnull": True}, **same_key)
        return ties | Q(**{f"{walk.field}__isnull": False}) if walk.descending else ties
    field: Any = model._meta.get_field(walk.field)  # noqa: SLF001
    compare = LessThan if walk.descending else GreaterThan
    # A comparison of rows: one range of an index, where OR would be two.
    after = Q(
        compare(
            _row(F(walk.field), F("pk")),
            _row(Value(field.to_python(place.key), field), Value(place.pk)),
        )
    )
    if field.null and not walk.descending:
        after |= Q(**{f"{walk.field}__isnull": True})
    return after


def _row(*parts: Any) -> Func:
    return Func(
        *parts, template="(%(expressions)s)", output_field=models.BooleanField()
    )


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = hashlib.sha256(b"ocgmap.cursor:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def sealed_box() -> Fernet:
    """Return what cursors are encrypted with."""
    return _box(settings.SECRET_KEY)


def _sealed(row: models.Model, order: Order, *, is_backward: bool) -> str:
    field: Any = row._meta.get_field(order.field)  # noqa: SLF001
    empty = field.value_from_object(row) is None
    key = None if empty or _is_key(order) else field.value_to_string(row)
    content = [row._meta.label, order.text, row.pk, key, is_backward]  # noqa: SLF001
    sealed = sealed_box().encrypt(json.dumps(content).encode())
    return sealed.decode().rstrip("=")


def _opened(cursor: str, model: type[models.Model], order: Order) -> _Place:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        content = json.loads(sealed_box().decrypt(padded.encode()))
        label, text, pk, key, is_backward = content
        if (label, text) != (model._meta.label, order.text):  # noqa: SLF001
            raise BadCursor
        if key is not None:
            field: Any = model._meta.get_field(order.field)  # noqa: SLF001
            field.to_python(key)
    except (InvalidToken, ValueError, ValidationError) as error:
        raise BadCursor from error
    return _Place(pk, key, is_backward)
