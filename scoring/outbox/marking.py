"""Mark every group."""

from django.db import connection

_MARK_ALL = """
insert into scoring_outbox (group_id, cause_id, at)
select id, null, clock_timestamp() from groups_crimegroup order by id
"""


def mark_all() -> int:
    """Mark every group; return how many. For a new scheme; needs an open scope."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK_ALL)
        return int(cursor.rowcount)
