"""Run a block of code under a scope, in the open transaction and in every new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.db import connections

from ocgmap.common.scope import Scope, current

if TYPE_CHECKING:
    from ocgmap.common.db.base import DatabaseWrapper


@contextmanager
def acting_as(scope: Scope) -> Iterator[Scope]:
    """Bind ``scope`` for the block; afterwards the former scope holds again.

    Leaving the outermost scope inside an open transaction leaves one that sees nothing.
    Write `with acting_as(scope), transaction.atomic():` in this order.
    """
    token = current.set(scope)
    try:
        refresh()
        yield scope
    finally:
        current.reset(token)
        refresh()


def refresh() -> None:
    """Write the current scope into the open transaction, if one is open and healthy.

    Needed again after a new access class was made: it is not in the set yet.
    """
    wrapper = cast("DatabaseWrapper", connections["default"])
    if wrapper.in_atomic_block and not wrapper.needs_rollback and wrapper.is_guarded:
        wrapper.apply_scope(current.get())
