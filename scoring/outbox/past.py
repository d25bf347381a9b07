"""Write lines of the past, for groups that have none yet: only history is loaded so."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from scoring.assembly import Standing
from scoring.engine import Result
from scoring.outbox.lines import Key, as_json, content_of

_IDS = """
select nextval(pg_get_serial_sequence('scoring_assessment', 'id'))
from generate_series(1, %s)
"""
_ASSESS = """
insert into scoring_assessment (id, group_id, access_class_id, scheme_version_id, facts,
    facts_digest, value, low, high, unknown_count, attribute_count, unjudged_count,
    band, points, computed_at)
select id, group_id, class_id, scheme_id, facts, digest, value, low, high, unknown,
       attributes, unjudged, band, points, since
from jsonb_to_recordset(%s::jsonb) as u(id bigint, group_id bigint, class_id bigint,
    scheme_id bigint, facts jsonb, digest text, value int, low int, high int,
    unknown int, attributes int, unjudged int, band text, points jsonb,
    since timestamptz)
order by id
"""
_LINE = """
insert into scoring_pictureline (group_id, access_class_id, scheme_version_id,
    assessment_id, owner_id, rank, predominant_threat_id, computed_band, confirmed_band,
    tier, record_state, activity_status, memberships, principals, unknown_count,
    attribute_count, unjudged_count, review_due_on, valid_from, valid_to)
select group_id, class_id, scheme_id, id, owner_id, rank, predominant_threat_id,
       band, confirmed_band, tier, record_state, activity_status, memberships,
       principals, unknown, attributes, unjudged, review_due_on, since, until
from jsonb_to_recordset(%s::jsonb) as u(id bigint, group_id bigint, class_id bigint,
    scheme_id bigint, owner_id bigint, rank int, predominant_threat_id bigint,
    band text, confirmed_band text, tier text, record_state text, activity_status text,
    memberships int, principals int, unknown int, attributes int, unjudged int,
    review_due_on date, since timestamptz, until timestamptz)
order by id
"""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a group stood at from a moment on, until the next one of its label."""

    since: datetime.datetime
    standing: Standing
    result: Result


def append_past(lines: Mapping[Key, Sequence[Dated]]) -> int:
    """Write each key's lines one after the other, the last one open; return how many.

    The caller answers for it that none of these keys has a line, and that the content
    of each is what readers of its label may know.
    """
    count = sum(len(dated) for dated in lines.values())
    if not count:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [count])
        ids = iter([pk for (pk,) in cursor.fetchall()])
        text = as_json(_rows(lines, ids))
        cursor.execute(_ASSESS, [text])
        cursor.execute(_LINE, [text])
    return count


def _rows(
    lines: Mapping[Key, Sequence[Dated]], ids: Iterator[int]
) -> Iterator[dict[str, Any]]:
    for key, dated in lines.items():
        ends = [one.since for one in dated[1:]] + [None]
        for one, until in zip(dated, ends, strict=True):
            yield {
                **one.standing._asdict(),
                **content_of(key, one.standing.facts_digest, one.result),
                "id": next(ids),
                "since": one.since,
                "until": until,
            }
