"""Rescore some groups from their source rows, under their locks."""

import datetime
from collections.abc import Sequence

from django.db import connection

from scoring.assembly import (
    Dossier,
    SchemeInUse,
    dossiers_for,
    next_change_on,
    schemes_in_use,
    stand,
)
from scoring.outbox.labels import Realised, intern_all, sight_of
from scoring.outbox.lines import Key, Scored, Written, write_heads, write_lines

# With a group that was merged into another goes that one: what changed counts there.
_TAKEN = """
select unnest(%(groups)s::bigint[])
union select merged_into_id from groups_crimegroup where id = any(%(groups)s)
"""
_MAKE_HEADS = f"""
insert into scoring_scorehead (group_id, is_live)
select id, false from groups_crimegroup where id in ({_TAKEN}) on conflict do nothing
"""  # noqa: S608 - a text of ours
# The head is locked, not the group: that would make analysts wait.
_LOCK_HEADS = f"""
select group_id from scoring_scorehead where group_id in ({_TAKEN})
order by group_id for update
"""  # noqa: S608 - a text of ours


def lock_heads(groups: Sequence[int]) -> list[int]:
    """Hold the scores of these groups to the end of the transaction; in id order.

    Returns the groups that exist, and the survivors of those that were merged. Two drains never work on one group at once, and
    whoever comes second reads what the first one's statements could not yet see.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_HEADS, {"groups": list(groups)})
        cursor.execute(_LOCK_HEADS, {"groups": list(groups)})
        return [group for (group,) in cursor.fetchall()]


def rescore(groups: Sequence[int], day: datetime.date) -> Written:
    """Make the lines and assessments of these groups what their rows say on ``day``.

    The transaction must be READ COMMITTED: the facts are read by statements that
    start after the locks are held.
    """
    locked = lock_heads(groups)
    if not locked:
        return Written()
    schemes = schemes_in_use()
    dossiers = dossiers_for(locked, day=day)
    realised = _realised(dossiers)
    classes = intern_all(
        real.label for labels in realised.values() for real in labels or ()
    )
    wanted: dict[Key, Scored] = {}
    for group, labels in realised.items():
        for real in labels or ():
            lines = stand(dossiers[group], real.seen, real.label.rank, schemes, day)
            for in_use, standing, result in lines:
                key = Key(group, classes[real.label], in_use.id)
                wanted[key] = (standing, result)
    written = write_lines(locked, wanted)
    write_heads(_heads(locked, dossiers, realised, schemes, day))
    return written


def _realised(dossiers: dict[int, Dossier]) -> dict[int, list[Realised] | None]:
    sight = sight_of(dossiers.values())
    return {group: sight.realised(dossier) for group, dossier in dossiers.items()}


def _heads(
    groups: Sequence[int],
    dossiers: dict[int, Dossier],
    realised: dict[int, list[Realised] | None],
    schemes: Sequence[SchemeInUse],
    day: datetime.date,
) -> list[tuple[int, datetime.date | None, bool]]:
    heads = []
    for group in groups:
        dossier = dossiers.get(group)
        turns_on = next_change_on(dossier, schemes, day) if dossier else None
        is_live = group in realised and realised[group] is None
        heads.append((group, turns_on, is_live))
    return heads
