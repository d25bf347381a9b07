"""What events hold, made ready for a page: who, which records, and the seal."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from accounts.models import AuditEvent, Organisation, User

MOST_COUNTED: Final = 10_000
_SEALS: Final = """
select e.id, c.number, c.at from accounts_auditevent e
cross join lateral (
    select number, at, from_era, from_tx from accounts_auditcheckpoint c
    where (c.to_era, c.to_tx) > (e.era, e.tx::text::bigint)
    order by c.to_era, c.to_tx limit 1
) c
where e.id = any(%s) and (c.from_era, c.from_tx) <= (e.era, e.tx::text::bigint)
"""
_NAMED: Final = """
select k.kind, n.id, n.public_id, n.reference
from jsonb_to_recordset(%s) as k(kind text, ids bigint[])
cross join lateral accounts_audit_named(k.kind, k.ids) n
"""


@dataclass(frozen=True, slots=True)
class Seal:
    """In which batch an event is sealed, and when that was closed."""

    batch: int
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Who:
    """Accounts and organisations by their number."""

    officers: Mapping[int, User]
    organisations: Mapping[int, str]

    def officer(self, actor_id: int | None, on_behalf_of: str = "") -> str:
        """Return who acted, with the officer for whom a program did."""
        user = self.officers.get(actor_id or 0)
        if actor_id is None:
            return "Nobody signed in, or the system"
        name = user.name if user else f"Account number {actor_id}"
        if user and user.collar_number:
            name = f"{name} ({user.collar_number})"
        return f"{name}, on behalf of {on_behalf_of}" if on_behalf_of else name

    def organisation(self, organisation_id: int | None) -> str:
        """Return the name of the organisation; empty for none."""
        return self.organisations.get(organisation_id or 0, "")


def who_of(actors: Iterable[int | None], organisations: Iterable[int | None]) -> Who:
    """Return who these are. Two queries."""
    users = User.objects.filter(pk__in={one for one in actors if one})
    held = Organisation.objects.filter(pk__in={one for one in organisations if one})
    return Who(users.in_bulk(), dict(held.values_list("pk", "name")))


def seals_of(events: Sequence[AuditEvent]) -> dict[int, Seal]:
    """Return the seal of each event that has one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALS, [[one.pk for one in events]])
        return {pk: Seal(batch, at) for pk, batch, at in cursor.fetchall()}


def names_of(events: Iterable[AuditEvent], *, most: int) -> dict[tuple[str, int], str]:
    """Return by kind and number how records are known outside: reference or public id.

    Of each event the first `most` records; what is no longer there is left out. One query.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.object_type].update(event.object_ids[:most])
    asked = [{"kind": kind, "ids": sorted(ids)} for kind, ids in wanted.items()]
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [json.dumps(asked)])
        return {
            (kind, pk): reference or str(public_id)
            for kind, pk, public_id, reference in cursor.fetchall()
        }


def count_of(rows: QuerySet[AuditEvent]) -> str:
    """Return how many there are, in words where they are more than are counted."""
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    if found > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} events"
    return f"{found:,} event{'' if found == 1 else 's'}"


def unsealed() -> tuple[int, float]:
    """Return how many rows wait for their seal, and the age of the oldest in seconds."""
    with connection.cursor() as cursor:
        cursor.execute("select rows, oldest_seconds from accounts_audit_unsealed()")
        rows, oldest = cursor.fetchone()
    return int(rows), float(oldest)
