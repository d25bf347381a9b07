"""Groups that cannot be rescored: set aside with their error, so that others go on.

An exception is caught at once. A process that is killed leaves no exception; so a
careful drain, which is what every process starts as, first notes in a transaction of
its own which groups it is about to take. Notes that are left over name the suspects:
they are taken last and alone, and set aside when that has killed several processes.
"""

from collections.abc import Collection

import structlog
from django.db import DatabaseError, connection

logger = structlog.get_logger(__name__)

ALONE_FROM_TRIES = 2
MOST_TRIES = 6
MOST_RETRIES_OF_DEAD = 24
_LONGEST_ERROR = 300

_SET_ASIDE = """
insert into scoring_outboxdead (group_id, error, tries, at)
values (%s, %s, 1, clock_timestamp())
on conflict (group_id) do update
    set error = excluded.error, tries = scoring_outboxdead.tries + 1, at = excluded.at
"""
_SET_RECEIPTS_ASIDE = """
update scoring_receipt set state = 'set_aside', included_at = null
where group_id = %s and state = 'queued'
"""
# Not those that another drain holds: it is about to clear their attempts.
_WAITING = """
select o.group_id, coalesce(max(a.tries), 0)
from (select group_id from scoring_outbox
      order by id limit %s for update skip locked) o
left join scoring_attempt a on a.group_id = o.group_id
where o.group_id is not null group by o.group_id
"""
_BEGIN = """
insert into scoring_attempt (group_id, tries, at)
select g, 1, clock_timestamp() from unnest(%s::bigint[]) g order by g
on conflict (group_id) do update
    set tries = scoring_attempt.tries + 1, at = excluded.at
"""


def set_aside(group: int, error: str) -> None:
    """Put a group into the dead letters and raise the alarm; its marks are taken.

    To be called in the transaction that took the marks, so that none is lost.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE, [group, error])
        cursor.execute(_SET_RECEIPTS_ASIDE, [group])
    # The error's words stay in the database: what says them may one day quote a record.
    kind = error.partition(":")[0].partition(" ")[0]
    logger.error("alarm: group set aside, not rescored", group_id=group, kind=kind)


def forget(groups: Collection[int]) -> None:
    """Clear the dead letters and attempts of groups that were rescored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from scoring_outboxdead where group_id = any(%s)", [list(groups)]
        )
        cursor.execute(
            "delete from scoring_attempt where group_id = any(%s)", [list(groups)]
        )


def describe(error: Exception) -> str:
    """Return type and message of an error, without anything from a row.

    A database's message may quote a row, so only its code and the names of table and
    constraint are kept. Other errors here know ids, levels and dates alone.
    """
    if not isinstance(error, DatabaseError):
        return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    cause = error.__cause__
    details = getattr(cause, "diag", None)
    parts = [type(error).__name__, str(getattr(cause, "sqlstate", "") or "")]
    parts += [
        str(getattr(details, name, "") or "")
        for name in ("table_name", "constraint_name")
    ]
    return " ".join(part for part in parts if part)


def next_careful_groups(limit: int) -> list[int]:
    """Note the groups that a careful pass may take now, and return them.

    Several that nobody died of; else the one suspect with the fewest tries, or none
    when that one has used them up: it is set aside. To be committed before the pass.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [limit])
        tries = dict(cursor.fetchall())
    chosen = [group for group, count in tries.items() if count < ALONE_FROM_TRIES]
    if not chosen and tries:
        group = min(tries, key=lambda group: (tries[group], group))
        if tries[group] >= MOST_TRIES:
            _give_up(group, tries[group])
            return []
        chosen = [group]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [chosen])
    return chosen


def suspects_remain() -> bool:
    """Return whether a marked group has been begun by processes that died."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from scoring_attempt a join scoring_outbox o "
            "on o.group_id = a.group_id where a.tries >= %s)",
            [ALONE_FROM_TRIES],
        )
        return bool(cursor.fetchone()[0])


def _give_up(group: int, tries: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from scoring_outbox where group_id = %s", [group])
        is_ours = cursor.rowcount > 0
        cursor.execute("delete from scoring_attempt where group_id = %s", [group])
    if is_ours:
        set_aside(group, f"the process died {tries} times while rescoring this group")
