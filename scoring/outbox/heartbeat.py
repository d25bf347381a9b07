"""Say that a part of the machinery is alive, for the health page."""

import time

from django.db import connection, transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

_EVERY_SECONDS = 1.0
_BEAT = """
insert into scoring_heartbeat (name, seen_at) values (%s, clock_timestamp())
on conflict (name) do update set seen_at = excluded.seen_at
"""
# When this process last wrote each name, on its own clock.
_last: dict[str, float] = {}


def beat(name: str) -> None:
    """Note that ``name`` is alive now, at most once a second.

    In a transaction of its own: in that of a pass, one drain would wait for another.
    """
    now = time.monotonic()
    if now - _last.get(name, -_EVERY_SECONDS) < _EVERY_SECONDS:
        return
    with (
        acting_as(system("scoring.heartbeat")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_BEAT, [name])
    _last[name] = now
