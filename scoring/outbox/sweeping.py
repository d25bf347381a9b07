"""Mark what time alone has changed, and what was set aside and may be well again."""

import datetime

from django.db import connection, transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.outbox.effect import take_effect
from scoring.outbox.poison import MOST_RETRIES_OF_DEAD

_MARK_DUE = """
insert into scoring_outbox (group_id, cause_id, at)
select group_id, null, clock_timestamp() from scoring_scorehead
where next_change_on <= %s order by group_id
"""
_MARK_DEAD = """
insert into scoring_outbox (group_id, cause_id, at)
select group_id, null, clock_timestamp() from scoring_outboxdead
where tries < %s order by group_id
"""
_MARK_PROFILES = """
insert into scoring_outbox (group_id, cause_id, at)
values (null, null, clock_timestamp())
"""


def sweep(day: datetime.date, *, all_dead: bool = False) -> int:
    """Mark the groups whose evidence has turned by ``day``; return how many.

    Also the profiles, since holdings are dated; the version of the scheme that takes
    effect by then; and the groups set aside (those that failed too often only with
    ``all_dead``). Marking twice is harmless.
    """
    most = 2**31 - 1 if all_dead else MOST_RETRIES_OF_DEAD
    with (
        acting_as(system("scoring.sweep")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        take_effect(day)
        cursor.execute(_MARK_PROFILES)
        cursor.execute(_MARK_DUE, [day])
        due = int(cursor.rowcount)
        cursor.execute(_MARK_DEAD, [most])
        return due + int(cursor.rowcount)
