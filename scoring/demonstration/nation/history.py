"""The picture of the past: what the groups stood at on sampled days before today.

A picture line holds from the moment at which a drain wrote it, so a nation loaded today
would have no past. This writes the lines that drains of the past would have left: for
each label that is real today, the same engine over the same rows, as far as they were
there on the day. Between two sampled days a line stays as it was. The last line is left
open; the drain finds it true and keeps it, or closes it.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from scoring.assembly import (
    Dossier,
    SchemeInUse,
    Standing,
    dossiers_for,
    primary_in_use,
    stand,
)
from scoring.engine import Result
from scoring.outbox.labels import Realised, intern_all, sight_of
from scoring.outbox.lines import Key
from scoring.outbox.past import Dated, append_past

# How many days ago the picture is sampled, from far to near.
SAMPLED: Final = (729, 548, 365, 274, 183, 152, 122, 91, 61, 30, 21, 14, 7, 1)
_SHOWS: Final = ("computed_band", "confirmed_band", "predominant_threat_id")
_MADE_ON: Final = """
select id, created_at from groups_crimegroup where id = any(%s)
"""


def write_past(groups: Sequence[int], day: datetime.date) -> int:
    """Write the lines of the past of these new groups; return how many.

    For the primary scheme, of which the figures are made. The groups have no line yet.
    """
    days = [day - datetime.timedelta(days=ago) for ago in SAMPLED]
    primary = primary_in_use()
    dossiers = dossiers_for(groups, day=days[0])
    sight = sight_of(dossiers.values())
    made_on = _made_on(groups)
    # By the rows that the drain reads: what has expired makes no label real.
    realised = {
        group: sight.realised(_as_at(dossier, day)) or []
        for group, dossier in dossiers.items()
    }
    classes = intern_all(real.label for found in realised.values() for real in found)
    lines: dict[Key, list[Dated]] = {}
    for group, found in realised.items():
        since = [one for one in days if one > made_on[group]]
        for real in found:
            key = Key(group, classes[real.label], primary.id)
            lines[key] = list(_dated(dossiers[group], real, primary, since))
    return append_past(lines)


def _made_on(groups: Sequence[int]) -> dict[int, datetime.date]:
    with connection.cursor() as cursor:
        cursor.execute(_MADE_ON, [list(groups)])
        return {pk: timezone.localdate(moment) for pk, moment in cursor.fetchall()}


def _dated(
    dossier: Dossier, real: Realised, scheme: SchemeInUse, days: Sequence[datetime.date]
) -> Iterator[Dated]:
    """Yield what the group stood at on each day on which it moved."""
    former: Standing | None = None
    for place, day in enumerate(days):
        standing, result = _on(dossier, real, scheme, day)
        is_last = place == len(days) - 1
        if former is None or _moved(former, standing, is_last=is_last):
            yield Dated(_noon(day), standing, result)
            former = standing


def _moved(former: Standing, now: Standing, *, is_last: bool) -> bool:
    """Return whether a new line begins; the last one must be true in every column."""
    if is_last:
        return former != now
    return any(getattr(former, name) != getattr(now, name) for name in _SHOWS)


def _on(
    dossier: Dossier, real: Realised, scheme: SchemeInUse, day: datetime.date
) -> tuple[Standing, Result]:
    [(_, standing, result)] = stand(
        _as_at(dossier, day), real.seen, real.label.rank, [scheme], day
    )
    return standing, result


def _as_at(dossier: Dossier, day: datetime.date) -> Dossier:
    """Return the dossier with those decisions only that held on ``day``."""
    return replace(
        dossier,
        decisions=[
            one
            for one in dossier.decisions
            if timezone.localdate(one.decided_at) <= day
            and (one.expires_on is None or one.expires_on > day)
        ],
    )


def _noon(day: datetime.date) -> datetime.datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.datetime.combine(day, datetime.time(12), zone)
