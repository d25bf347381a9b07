"""Take marks out of the outbox, and tell the receipts what became of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

# The groups of the oldest marks and of the newest: so nothing waits for ever, and one
# submission does not wait behind an import. All marks of these groups are taken, since
# one rescore answers them all.
# `= any(array(...))` runs the inner select once; a join could run it again and lock
# more rows than it deletes.
_CLAIM = """
delete from scoring_outbox where id = any(array(
    select id from scoring_outbox
    where group_id is null or group_id = any(array(
        (select group_id from (
            select group_id, id from scoring_outbox
            where %(only)s::bigint[] is null or group_id = any(%(only)s)
            order by id limit %(marks)s) o
         group by group_id order by min(id) limit %(half)s)
        union
        (select group_id from (
            select group_id, id from scoring_outbox
            where %(only)s::bigint[] is null or group_id = any(%(only)s)
            order by id desc limit %(marks)s) n
         group by group_id order by max(id) desc limit %(half)s)))
    for update skip locked
))
returning group_id, cause_id
"""
# How many marks are looked through to find enough groups.
_MARKS_A_GROUP = 10
# Locked first, in one order, by a statement of its own: the next one then sees marks
# that a submitter committed while it was waited for.
_HOLD_RECEIPTS = """
select 1 from scoring_receipt r
where r.state <> 'included' and r.state in ('queued', 'set_aside')
  and r.group_id = any(%(groups)s) and (
    r.state = 'set_aside'
    or (r.report_id, r.group_id) in (
        select * from unnest(%(reports)s::bigint[], %(touched)s::bigint[])))
order by r.report_id, r.group_id for update
"""
_STAMP = """
update scoring_receipt r set state = 'included', included_at = clock_timestamp()
where r.state <> 'included' and r.state in ('queued', 'set_aside')
  and r.group_id = any(%(groups)s) and (
    r.state = 'set_aside'
    or (r.report_id, r.group_id) in (
        select * from unnest(%(reports)s::bigint[], %(touched)s::bigint[])))
  and not exists (
    select from scoring_outbox o
    where o.group_id = r.group_id and o.cause_id = r.report_id)
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one pass took: its marks are gone if, and only if, its results stand."""

    marks: int
    groups: tuple[int, ...]
    causes: frozenset[tuple[int, int]]
    profiles_changed: bool


def claim(limit: int, only: Collection[int] | None = None) -> Claimed:
    """Delete the marks of up to ``limit`` groups, but for those that others hold.

    ``only`` narrows it to these groups. Marks of changed profiles are always taken.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "half": (limit + 1) // 2,
                "marks": limit * _MARKS_A_GROUP,
                "only": None if only is None else list(only),
            },
        )
        rows = cursor.fetchall()
    return Claimed(
        marks=len(rows),
        groups=tuple(sorted({group for group, _ in rows if group is not None})),
        causes=frozenset((g, c) for g, c in rows if g is not None and c is not None),
        profiles_changed=any(group is None for group, _ in rows),
    )


def include(groups: Collection[int], causes: Iterable[tuple[int, int]]) -> None:
    """Stamp the receipts of these causes as included: the rescored groups hold them.

    A receipt whose report was marked again meanwhile stays queued. Receipts set aside
    with a group that now succeeds are included with it. Those of reports that await
    assurance, or were returned, stay as they are: no score holds them.
    """
    done = [(group, cause) for group, cause in causes if group in groups]
    values = {
        "groups": list(groups),
        "touched": [group for group, _ in done],
        "reports": [cause for _, cause in done],
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_RECEIPTS, values)
        cursor.execute(_STAMP, values)
