"""Proposing and making true a disposal, in tests."""

from typing import Any

from django.db import connection, transaction

from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus
from intelligence.actions import disposal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As

# Occurs in the database wherever a text of the record was put, and nowhere else.
TOKEN = "Zqvyxwabcd"


def everything() -> Any:
    return acting_as(system("test"))


def proposed(acting: As, record: Any, who: str = "records_manager", **more: Any) -> Any:
    with everything(), transaction.atomic():
        record.refresh_from_db()
    with acting(who) as by, transaction.atomic():
        return disposal.propose(
            **{
                "version": record.version,
                "disposal_reason": "not_needed",
                "reason": "Nothing new for years",
                **more,
            },
            by=by,
            record=record,
        )


def disposed(acting: As, record: Any, who: str = "owner_supervisor") -> Any:
    review = proposed(acting, record)
    with acting(who) as by:
        return disposal.dispose(by=by, review=review, version=1, reason="Agreed")


def archived(group: CrimeGroup) -> CrimeGroup:
    """Put a group in the archive, as the worker: only such a group is disposed of."""
    with everything(), transaction.atomic():
        CrimeGroup.objects.filter(pk=group.pk).update(
            activity_status=ActivityStatus.ARCHIVED
        )
        group.refresh_from_db()
    return group


def token_places() -> list[str]:
    """Return each column of the database that holds the token, in any type."""
    found = []
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("""
            select c.table_name, c.column_name from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
              and (c.data_type in ('text', 'character varying', 'character', 'jsonb',
                                   'json', 'tsvector', 'ARRAY', 'bytea', 'USER-DEFINED')
                   or c.data_type like '%char%')""")
        columns = cursor.fetchall()
        assert len(columns) > 400, "the search sees the columns"
        for table, column in columns:
            cursor.execute(
                f'select exists (select from "{table}" '
                f'where "{column}"::text ilike %s or "{column}"::text like %s)',
                [f"%{TOKEN}%", f"%{TOKEN.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return sorted(found)
