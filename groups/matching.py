"""Which visible people, groups and identifiers answer to the lines of a list.

Set by set: the number of queries does not grow with the list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.visibility import Viewer
from groups.models import CrimeGroup, Identifier, IdentifierUse, Nominal
from groups.pasted import Reading
from ocgmap.common.records import ProtectedRecord

Answers = dict[Reading, list[ProtectedRecord]]


def answering(viewer: Viewer, readings: Iterable[Reading]) -> Answers:
    """Return for each reading the people, groups and unused identifiers it means."""
    wanted = set(readings)
    found: dict[Reading, dict[tuple[str, int], ProtectedRecord]] = defaultdict(dict)
    for reading, record in (
        *_named(viewer, wanted),
        *_referred(viewer, wanted),
        *_used(viewer, wanted),
    ):
        found[reading][record._meta.label, record.pk] = record  # noqa: SLF001
    return {reading: list(records.values()) for reading, records in found.items()}


Pair = tuple[Reading, ProtectedRecord]


def _named(viewer: Viewer, wanted: set[Reading]) -> list[Pair]:
    names = {one.value: one for one in wanted if one.kind == "name"}
    hits = rows_bearing("ocgmap_people_named", list(names))
    people = _by_key(Nominal.objects.visible_to(viewer), {key for _, key in hits})
    return [(names[name], people[key]) for name, key in hits if key in people]


def _referred(viewer: Viewer, wanted: set[Reading]) -> list[Pair]:
    named = {one.value: one for one in wanted if one.kind == "reference"}
    if not named:
        return []
    pairs: list[Pair] = []
    for model in (CrimeGroup, Nominal):
        rows: Any = model._default_manager.all()  # noqa: SLF001
        seen = rows.visible_to(viewer).filter(reference__in=list(named))
        pairs += [(named[row.reference], row) for row in seen]
    hits = rows_bearing("ocgmap_groups_bearing", list(named))
    groups = _by_key(CrimeGroup.objects.visible_to(viewer), {key for _, key in hits})
    pairs += [(named[urn], groups[key]) for urn, key in hits if key in groups]
    return pairs


def _used(viewer: Viewer, wanted: set[Reading]) -> list[Pair]:
    """Return who uses the identifiers; one that nobody is seen to use, by itself."""
    same = {(one.kind, one.value): one for one in wanted}
    references = {one.value: one for one in wanted if one.kind == "reference"}
    seen = Identifier.objects.visible_to(viewer)
    rows = {
        row.pk: same[row.kind, row.normalised]
        for row in seen.filter(normalised__in=[value for _, value in same])
        if (row.kind, row.normalised) in same
    }
    if references:
        named = seen.filter(reference__in=list(references))
        rows |= {row.pk: references[row.reference] for row in named}
    uses = (
        IdentifierUse.objects.visible_to(viewer)
        .filter(identifier__in=list(rows))
        .select_related("nominal", "group")
        if rows
        else ()
    )
    pairs: list[Pair] = []
    used = set()
    for use in uses:
        user = use.nominal or use.group
        if user is not None:
            pairs.append((rows[use.identifier_id], user))
            used.add(use.identifier_id)
    alone = _by_key(seen, set(rows) - used)
    return [*pairs, *((rows[key], row) for key, row in alone.items())]


def _by_key(rows: QuerySet[Any], keys: set[int]) -> Mapping[int, Any]:
    return {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}


def rows_bearing(function: str, texts: list[str]) -> list[tuple[str, int]]:
    """Return what a search function finds: each text that it knows, and a key."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"select name, id from {function}(%s)", [texts])  # noqa: S608
        return [(str(name), int(key)) for name, key in cursor.fetchall()]
