"""Write the rows of a step: COPY into temporary tables, then INSERT as the worker.

COPY into a table with policies is refused, so rows come by way of a temporary one. From
there on all holds that holds for any row: policies, constraints, labels, who and when,
history, and the marks that the drain takes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection

from accounts import audit
from accounts.models.audit_event import AuditKind
from scoring.demonstration.nation.names import Names
from scoring.demonstration.nation.planning import TABLES, Kind, Rows, Table
from scoring.demonstration.nation.planning.labels import is_own
from scoring.demonstration.nation.planning.phrases import WHY_HIDDEN
from scoring.demonstration.nation.planning.tables import RETURN

_IDS = """
select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)
"""
_TEMPORARY = """
create temporary table if not exists {temporary} as
select id, {columns} from {table} with no data
"""
_COPY = "copy {temporary} (id, {columns}) from stdin"
_INSERT = """
insert into {table} (id, version, {columns})
select id, 1, {columns} from {temporary} n {only} order by id returning id
"""
# Some months of some forces were entered by hand; those entries stay.
_ONLY = {
    RETURN: "where not exists (select from intelligence_return e "
    "where e.owner_id = n.owner_id and e.from_on = n.from_on and e.to_on = n.to_on)"
}
Convert = Callable[[Any], Any]


def load(rows: Rows, names: Names, classes: Mapping[str, int]) -> dict[str, list[int]]:
    """Write all rows; return the ids of those that were written, by table.

    The caller holds the worker's scope and one transaction.
    """
    ids = _new_ids(rows)
    known: dict[str, Mapping[Any, int] | Sequence[int]] = {
        **names.ids,
        Kind.LABEL: classes,
        **ids,
    }
    return {
        name: _write(table, rows.tables[name], ids[name], known)
        for name, table in TABLES.items()
        if rows.tables[name]
    }


def record(
    rows: Rows, ids: Mapping[str, Sequence[int]], *, reason: str, step: int
) -> None:
    """Write the audit rows of a step: one for each table, with the ids collected.

    What is for its own organisation only is named once more with the reason for that,
    as auditors look for it.
    """
    models = {
        model._meta.db_table: model._meta.label  # noqa: SLF001 - the documented interface
        for model in apps.get_models()
    }
    for table, found in ids.items():
        kind, name = AuditKind.COLLECTION, models[table]
        audit.record(kind, name, found, reason=reason, detail={"step": step})
        labels = rows.column(table, "access_class_id")
        hidden = [pk for pk, label in zip(found, labels, strict=False) if is_own(label)]
        if hidden:
            detail = {"step": step, "sharing": "organisation"}
            audit.record(kind, name, hidden, reason=WHY_HIDDEN, detail=detail)


def _new_ids(rows: Rows) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        for name, found in rows.tables.items():
            cursor.execute(_IDS, [name, len(found)])
            ids[name] = [pk for (pk,) in cursor.fetchall()]
    return ids


def _write(
    table: Table,
    rows: Iterable[tuple[Any, ...]],
    ids: Sequence[int],
    known: Mapping[str, Any],
) -> list[int]:
    words = {
        "table": table.name,
        "only": _ONLY.get(table.name, ""),
        "temporary": f"nation_{table.name}",
        "columns": ", ".join(table.names),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TEMPORARY.format(**words))
        with cursor.copy(_COPY.format(**words)) as sink:
            sink.write(render(table, rows, ids, known))
        cursor.execute(_INSERT.format(**words))
        written = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(f"truncate {words['temporary']}")
    return written


def render(
    table: Table,
    rows: Iterable[tuple[Any, ...]],
    ids: Sequence[int],
    known: Mapping[str, Any],
) -> str:
    """Return rows in the text form of COPY, each behind its id, with ids for words."""
    look_ups: list[tuple[int, Convert]] = [
        # A report may have come in a return that somebody else entered: not ours to name.
        (place, known[kind].get if kind == Kind.RETURN else known[kind].__getitem__)
        for place, (_, kind) in enumerate(table.columns)
        if kind != Kind.PLAIN
    ]
    return "".join(_line(pk, row, look_ups) for pk, row in zip(ids, rows, strict=True))


def _line(
    pk: int, row: tuple[Any, ...], look_ups: Sequence[tuple[int, Convert]]
) -> str:
    values = list(row)
    for place, convert in look_ups:
        if values[place] is not None:
            values[place] = convert(values[place])
    cells = [
        r"\N" if value is None else value if type(value) is str else str(value)
        for value in values
    ]
    return f"{pk}\t" + "\t".join(cells) + "\n"
