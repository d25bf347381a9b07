"""What moved in a scope between two moments, as one reader may see it.

A group moved when the reader's own greatest visible lines of the two moments differ in
a way that a dashboard tells. Lines are compared by what they say, never by their ids,
and only groups that the reader may see now are told of, and those that were disposed of
since: of these it is counted that they moved, and nothing more is known.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.exceptions import UnknownFilter
from scoring.picture.filters import Moment, PictureFilters, moment_of
from scoring.picture.lines import live_groups
from scoring.picture.queries import NOW, THEN, ground_of
from scoring.picture.scopes import PictureScope, ScopeKind, owners_in

USUAL_DAYS = 7

# State and status are alike in all lines of a group, so any line tells where it rests.
# Only groups with a line that began or ended in between can have moved, and those of
# owners that were placed anew; so the cost is that of what happened, not of what is.
_MOVED = """
with touched as (
    select l.group_id from scoring_pictureline l
    where {mine} and l.valid_from > %(since)s {began} {owned}
    union
    select l.group_id from scoring_pictureline l
    where {mine} and l.valid_to > %(since)s {ended} {owned}
    union
    select l.group_id from scoring_pictureline l
    where {mine} and l.owner_id = any(%(placed)s)
    {every}
),
seen as materialized (
    select t.group_id from touched t
    left join groups_crimegroup g
        on g.id = t.group_id and g.access_class_id = any(%(classes)s)
    where case when g.id is not null then not exists (
            select from scoring_scorehead h where h.group_id = g.id and h.is_live)
        else exists (
            select from scoring_pictureline l
            where l.group_id = t.group_id and l.is_disposed and {seen}) end
),
before as (
    select distinct on (l.group_id) l.*
    from seen join scoring_pictureline l on l.group_id = seen.group_id
    where {mine_before} and {headline} and {then} {owned_before}
    order by l.group_id, l.rank desc, l.id desc
),
after as (
    select distinct on (l.group_id) l.*
    from seen join scoring_pictureline l on l.group_id = seen.group_id
    where {mine_after} and {headline} and {until} {owned_after}
    order by l.group_id, l.rank desc, l.id desc
)
select coalesce(a.group_id, b.group_id), coalesce(a.id, b.id),
       coalesce(a.computed_band, b.computed_band), b.id is null, a.id is null,
       r.activity_status = 'dormant', r.activity_status = 'archived',
       a.computed_band <> b.computed_band,
       a.confirmed_band <> b.confirmed_band, a.tier <> b.tier,
       a.computed_band = b.computed_band and y.value <> x.value,
       coalesce(a.is_disposed, b.is_disposed)
from before b full join after a on a.group_id = b.group_id
left join scoring_assessment x
    on x.id = b.assessment_id and a.assessment_id <> b.assessment_id
left join scoring_assessment y
    on y.id = a.assessment_id and a.assessment_id <> b.assessment_id
left join lateral (
    select l.activity_status from scoring_pictureline l
    where a.id is null and l.group_id = b.group_id and {mine_after} and {until}
    limit 1
) r on true
where a.id is null or b.id is null or y.value <> x.value
   or (a.computed_band, a.confirmed_band, a.tier)
      <> (b.computed_band, b.confirmed_band, b.tier)
order by 1
"""
_SEEN = "l.access_class_id = any(%(classes)s)"
_MINE = f"l.scheme_version_id = any(%(schemes)s) and {_SEEN}"
_BEFORE = f"l.scheme_version_id = %(scheme_before)s and {_SEEN}"
_AFTER = f"l.scheme_version_id = %(scheme)s and {_SEEN}"
# Where another version of the scheme took effect in between, any group can have moved.
_EVERY = """
    union
    select l.group_id from scoring_pictureline l where {mine} {owned}
"""
_HEADLINE = "l.record_state = 'mapped' and l.activity_status = 'active'"


class MoveKind(StrEnum):
    """In which way a group moved; it may have moved in several."""

    NEW = "new"
    GONE = "gone"
    DORMANT = "dormant"
    ARCHIVED = "archived"
    BAND = "band"
    CONFIRMED = "confirmed"
    TIER = "tier"
    POINTS = "points"


class Move(NamedTuple):
    """One group that moved.

    `line_id` is the reader's line of the later moment, of the earlier one for a group
    that is gone; `band` is the computed band that it tells. A group that `is_disposed`
    has no record any more.
    """

    group_id: int
    line_id: int
    band: str
    kinds: tuple[MoveKind, ...]
    is_disposed: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved between the ends of two days; `until` may be the present.

    `not_recorded` counts groups that are scored at read, whose past is not kept.
    """

    since: Moment
    until: Moment
    moves: list[Move] = field(default_factory=list)
    not_recorded: int = 0

    @property
    def counts(self) -> dict[MoveKind, int]:
        """Return how many groups moved in each way."""
        return {kind: len(self.of(kind)) for kind in MoveKind}

    def disposed(self, kind: str = "") -> int:
        """Return how many moves of one kind are of groups disposed of since."""
        return sum(move.is_disposed for move in self.of(kind))

    def of(self, kind: str) -> list[Move]:
        """Return the moves of one kind, all for ''."""
        return [move for move in self.moves if not kind or kind in move.kinds]


def movement(
    viewer: Viewer,
    scope: PictureScope,
    since: datetime.date | None = None,
    at: datetime.date | None = None,
) -> Movement:
    """Return what moved in ``scope`` from the end of ``since`` to that of ``at``.

    Without ``at`` until now; without ``since`` over the seven days before. Three
    queries, five for a region.

    Raises:
        UnknownFilter: a day is still to come, or `since` is not before the other.
    """
    until = moment_of(at)
    first = moment_of(
        since or until.day - datetime.timedelta(days=USUAL_DAYS), field="since"
    )
    if first.day >= until.day:
        raise UnknownFilter(
            "Choose a day before the one that the picture is of.", field="since"
        )
    ground = ground_of(viewer, scope, until, first.day)
    before = ground.owners
    if scope.kind is ScopeKind.REGION:
        before = owners_in(scope, first.day)
    former = ground.former_scheme_id
    values: dict[str, Any] = {
        "scheme": ground.scheme_id,
        "scheme_before": former,
        "schemes": sorted({former, ground.scheme_id}),
        "classes": list(visible_classes(viewer)),
        "since": first.instant,
        "at": until.instant,
        "before": before,
        "after": ground.owners,
        "either": _either(before, ground.owners),
        "placed": sorted(set(before or ()) ^ set(ground.owners or ())),
    }
    with connection.cursor() as cursor:
        sql = _sql(
            until,
            is_owned=ground.owners is not None,
            is_same_version=former == ground.scheme_id,
        )
        cursor.execute(sql, values)
        moves = [_move(*row) for row in cursor.fetchall()]
    not_recorded = 0
    if ground.has_live:
        wanted = PictureFilters().of_groups()
        not_recorded = len(live_groups(viewer, ground.owners, wanted))
    return Movement(first, until, moves, not_recorded)


def _either(before: Sequence[int] | None, after: Sequence[int] | None) -> list[int]:
    return sorted({*(before or ()), *(after or ())})


def _sql(until: Moment, *, is_owned: bool, is_same_version: bool) -> str:
    """Return the statement for these moments, of some owners or of all."""

    def owned(name: str) -> str:
        return f"and l.owner_id = any(%({name})s)" if is_owned else ""

    return _MOVED.format(
        mine=_MINE,
        seen=_SEEN,
        mine_before=_BEFORE,
        mine_after=_AFTER,
        every=""
        if is_same_version
        else _EVERY.format(mine=_MINE, owned=owned("either")),
        headline=_HEADLINE,
        then=THEN.replace("%(at)s", "%(since)s"),
        until=NOW if until.is_now else THEN,
        began="" if until.is_now else "and l.valid_from <= %(at)s",
        ended="" if until.is_now else "and l.valid_to <= %(at)s",
        owned=owned("either"),
        owned_before=owned("before"),
        owned_after=owned("after"),
    )


def _move(group_id: int, line_id: int, band: str, *flags: Any) -> Move:
    *moved, is_disposed = flags
    return Move(group_id, line_id, band, tuple(_kinds(moved)), is_disposed)


def _kinds(flags: Iterable[bool | None]) -> Iterable[MoveKind]:
    return (kind for kind, flag in zip(MoveKind, flags, strict=True) if flag)
