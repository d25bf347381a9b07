"""Read, in a few statements, every row that a score or a picture line is made of.

The one place that names the source tables; `scoring.marking` marks just these. Each
statement takes all groups at once. Rows of every label come back with their class, so
that one read serves every reader; `classes` narrows it to one reader's (the first
lock, beside the policies of the web's own role).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

# In every statement `e` is the row whose label decides.
_SEEN = "and e.access_class_id = any(%(classes)s)"

# The groups, and the records that were merged into them.
GROUPS = """
select e.merged_into_id, e.id, e.access_class_id, e.owner_id, e.tier, e.record_state,
       e.activity_status, e.review_on
from groups_crimegroup e
where (e.id = any(%(groups)s) or e.merged_into_id = any(%(groups)s)) {seen}
"""
THREATS = """
select e.group_id, e.access_class_id, e.id, e.threat_type_id
from groups_groupthreat e
where e.group_id = any(%(groups)s) and e.is_predominant and e.to_on is null
  and e.withdrawn_at is null {seen}
"""
MEMBERSHIPS = """
select e.group_id, e.access_class_id, count(*),
       count(*) filter (where e.standing = 'principal')
from groups_membership e
where e.group_id = any(%(groups)s) and e.to_on is null
  and e.withdrawn_at is null {seen}
group by e.group_id, e.access_class_id
"""
CLAIMS = """
select e.group_id, e.access_class_id, e.report_id, e.attribute, e.level,
       r.source_grade, r.assessment_grade, r.received_on
from intelligence_attributeclaim e
join intelligence_report r on r.id = e.report_id
where e.group_id = any(%(groups)s) and r.state = 'submitted' {seen}
"""
JUDGEMENTS = """
select e.group_id, e.access_class_id, e.id, e.attribute, e.level,
       (e.decided_at at time zone %(zone)s)::date
from scoring_judgement e
where e.group_id = any(%(groups)s) {seen}
"""
CITATIONS = """
select j.group_id, e.access_class_id, e.judgement_id, e.report_id
from scoring_judgementcitation e
join scoring_judgement j on j.id = e.judgement_id
where j.group_id = any(%(groups)s) {seen}
"""
DECISIONS = """
select e.group_id, e.access_class_id, e.id, e.scheme_version_id, e.band, e.decided_at,
       e.expires_on
from scoring_banddecision e
where e.group_id = any(%(groups)s)
  and (e.expires_on is null or e.expires_on > %(day)s)
  and (e.band = e.computed_band or e.approved_by_id is not null) {seen}
"""
STATEMENTS = (GROUPS, THREATS, MEMBERSHIPS, CLAIMS, JUDGEMENTS, CITATIONS, DECISIONS)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups, as at which day, and narrowed to which classes (None: all)."""

    groups: Sequence[int]
    day: datetime.date
    classes: Sequence[int] | None = None


def read(statement: str, wanted: Wanted) -> list[Row]:
    """Return the rows of one of the statements above. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(seen="" if wanted.classes is None else _SEEN),
            {
                "groups": list(wanted.groups),
                "classes": list(wanted.classes or ()),
                "day": wanted.day,
                "zone": settings.TIME_ZONE,
            },
        )
        return list(cursor.fetchall())
