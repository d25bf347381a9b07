"""Write what changed: new assessments, closed lines, opened lines, heads.

Few statements however many groups. Rows go in as one JSON text that the database takes
apart, since COPY is refused under row-level security.
"""

import datetime
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from scoring.assembly import Standing
from scoring.engine import Level, Result, Scheme
from scoring.engine.factors import worth


class Key(NamedTuple):
    """One line at most is open for each of these."""

    group_id: int
    class_id: int
    scheme_version_id: int


Scored = tuple[Standing, Result]


@dataclass(frozen=True, slots=True)
class Found:
    """A line that is open, with its assessment's digest among what it tells."""

    id: int
    assessment_id: int
    standing: Standing


_OPEN = """
select l.group_id, l.access_class_id, l.scheme_version_id, l.id, l.assessment_id,
       l.owner_id, l.rank, l.predominant_threat_id, l.computed_band, l.confirmed_band,
       l.tier, l.record_state, l.activity_status, l.memberships, l.principals,
       l.unknown_count, l.attribute_count, l.unjudged_count, l.review_due_on,
       a.facts_digest
from scoring_pictureline l join scoring_assessment a on a.id = l.assessment_id
where l.group_id = any(%s) and l.valid_to is null
"""
_LATEST = """
select w.group_id, w.class_id, w.scheme_id, a.id, a.facts_digest
from jsonb_to_recordset(%s::jsonb) as w(group_id bigint, class_id bigint, scheme_id bigint)
cross join lateral (
    select id, facts_digest from scoring_assessment
    where group_id = w.group_id and scheme_version_id = w.scheme_id
      and access_class_id = w.class_id
    order by id desc limit 1
) a
"""
# Taken after the locks. Later than every line's start and no earlier than its end, so
# that a line and its successor never overlap even if the clock was put back. One maximum
# of both: of `max(valid_from)` the planner would walk the index of all beginnings.
_MOMENT = """
select greatest(clock_timestamp(),
                max(greatest(valid_from + interval '1 microsecond', valid_to)))
from scoring_pictureline where group_id = any(%s)
"""
_ASSESS = """
insert into scoring_assessment (group_id, access_class_id, scheme_version_id, facts,
    facts_digest, value, low, high, unknown_count, attribute_count, unjudged_count,
    band, points, computed_at)
select group_id, class_id, scheme_id, facts, digest, value, low, high, unknown,
       attributes, unjudged, band, points, %s
from jsonb_to_recordset(%s::jsonb) as u(group_id bigint, class_id bigint, scheme_id bigint,
    facts jsonb, digest text, value int, low int, high int, unknown int,
    attributes int, unjudged int, band text, points jsonb)
returning group_id, access_class_id, scheme_version_id, id
"""
_CLOSE = "update scoring_pictureline set valid_to = %s where id = any(%s)"
_LINE = """
insert into scoring_pictureline (group_id, access_class_id, scheme_version_id,
    assessment_id, owner_id, rank, predominant_threat_id, computed_band, confirmed_band,
    tier, record_state, activity_status, memberships, principals, unknown_count,
    attribute_count, unjudged_count, review_due_on, valid_from)
select u.*, %s
from jsonb_to_recordset(%s::jsonb) as u(group_id bigint, class_id bigint, scheme_id bigint,
    assessment_id bigint, owner_id bigint, rank int, predominant_threat_id bigint,
    computed_band text, confirmed_band text, tier text, record_state text,
    activity_status text, memberships int, principals int, unknown_count int,
    attribute_count int, unjudged_count int, review_due_on date)
"""
_HEADS = """
update scoring_scorehead h set next_change_on = u.day, is_live = u.live
from jsonb_to_recordset(%s::jsonb) as u(group_id bigint, day date, live boolean)
where h.group_id = u.group_id
  and (h.next_change_on, h.is_live) is distinct from (u.day, u.live)
"""


@dataclass(slots=True)
class Written:
    """How many rows one batch wrote."""

    assessments: int = 0
    opened: int = 0
    closed: int = 0


def open_lines(groups: Sequence[int]) -> dict[Key, Found]:
    """Return every open line of these groups. One query."""
    return {
        Key(*row[:3]): Found(row[3], row[4], Standing(*row[5:]))
        for row in _rows(_OPEN, [list(groups)])
    }


def write_lines(groups: Sequence[int], wanted: Mapping[Key, Scored]) -> Written:
    """Make the open lines of these groups the wanted ones; those alike stay open."""
    found = open_lines(groups)
    opening = {
        key: standing
        for key, (standing, _) in wanted.items()
        if key not in found or found[key].standing != standing
    }
    closing = [line.id for key, line in found.items() if _ends(key, opening, wanted)]
    if not opening and not closing:
        return Written()
    ((moment,),) = _rows(_MOMENT, [list(groups)])
    known = _known_assessments(opening, found)
    new = {
        key: wanted[key][1]
        for key, standing in opening.items()
        if known.get(key, (0, ""))[1] != standing.facts_digest
    }
    ids = {key: assessment_id for key, (assessment_id, _) in known.items()}
    ids |= _assess(new, {key: opening[key] for key in new}, moment)
    _close(closing, moment)
    _open(opening, ids, moment)
    return Written(len(new), len(opening), len(closing))


def _ends(key: Key, opening: Collection[Key], wanted: Collection[Key]) -> bool:
    return key in opening or key not in wanted


def write_heads(
    heads: Iterable[tuple[int, datetime.date | None, bool]],
) -> None:
    """Note for each group when time alone changes it, and whether it is scored live."""
    rows = [
        {"group_id": group, "day": day, "live": is_live}
        for group, day, is_live in heads
    ]
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [as_json(rows)])


def _known_assessments(
    opening: Collection[Key], found: Mapping[Key, Found]
) -> dict[Key, tuple[int, str]]:
    known = {
        key: (found[key].assessment_id, found[key].standing.facts_digest)
        for key in opening
        if key in found
    }
    others = [key for key in opening if key not in found]
    if others:
        rows = _rows(_LATEST, [as_json(_of(key) for key in others)])
        known |= {Key(*row[:3]): (row[3], row[4]) for row in rows}
    return known


def _assess(
    new: Mapping[Key, Result],
    standings: Mapping[Key, Standing],
    moment: datetime.datetime,
) -> dict[Key, int]:
    if not new:
        return {}
    values = (
        content_of(key, standings[key].facts_digest, result)
        for key, result in new.items()
    )
    rows = _rows(_ASSESS, [moment, as_json(values)])
    return {Key(*row[:3]): row[3] for row in rows}


def content_of(key: Key, digest: str, result: Result) -> dict[str, Any]:
    """Return what an assessment stores of a result, beside the moment."""
    return {
        **_of(key),
        "facts": result.reading.as_json(),
        "digest": digest,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "unknown": result.unknown_count,
        "attributes": result.attribute_count,
        "unjudged": result.unjudged_count,
        "band": result.band or "",
        "points": points_of(result),
    }


def points_of(result: Result) -> dict[str, int]:
    """Return the points of each attribute, as an assessment stores them."""
    points = _points(result.scheme)
    return {
        entry.attribute: points[entry.attribute][entry.level]
        for entry in result.reading.entries
    }


@cache
def _points(scheme: Scheme) -> dict[str, dict[Level, int]]:
    return {
        factor.attribute: {
            level: worth(factor, level, scheme).points for level in Level
        }
        for factor in scheme.factors()
    }


def _close(ids: Sequence[int], moment: datetime.datetime) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_CLOSE, [moment, list(ids)])


def _open(
    opening: Mapping[Key, Standing],
    ids: Mapping[Key, int],
    moment: datetime.datetime,
) -> None:
    if not opening:
        return
    values = (
        {**_of(key), "assessment_id": ids[key], **standing._asdict()}
        for key, standing in opening.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(_LINE, [moment, as_json(values)])


def _of(key: Key) -> dict[str, int]:
    return dict(zip(("group_id", "class_id", "scheme_id"), key, strict=True))


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as one text that the database takes apart."""
    return json.dumps(list(rows), separators=(",", ":"), default=str)


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
