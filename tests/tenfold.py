"""Ten times the world: every record copied nine times, and its groups filled tenfold.

Whatever points at a copied record points at its copy. Members, involvements, mentions
and claims are copied once more into the groups that were there before, so that the
page of one group grows as the lists do.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from tests.scratch import MANAGE, address_in, environment_for, run_python

COPIES = 9
# What points comes after what it points at. What an account watches or pins is not copied:
# it is bounded for each account (`scoring.models`), however many records there are.
TABLES = (
    "groups_crimegroup",
    "groups_nominal",
    "groups_identifier",
    "groups_groupalias",
    "groups_groupthreat",
    "groups_nominalalias",
    "groups_membership",
    "groups_involvement",
    "groups_identifieruse",
    "groups_activity",
    "groups_activityplace",
    "groups_activityquantity",
    "groups_grouplink",
    "groups_personlink",
    "groups_savedsearch",
    "groups_savedchart",
    "groups_entrydraft",
    "intelligence_return",
    "intelligence_report",
    "intelligence_reportoriginal",
    "intelligence_assurance",
    "intelligence_mention",
    "intelligence_attributeclaim",
    "scoring_judgement",
    "scoring_judgementcitation",
    "scoring_banddecision",
    "scoring_analyticnote",
    "scoring_notecitation",
    "scoring_requirement",
    "scoring_requirementanswer",
    "scoring_secondscoring",
)
# These fill the groups that were there before.
FILLING = (
    "groups_membership",
    "groups_involvement",
    "groups_identifieruse",
    "intelligence_mention",
    "intelligence_attributeclaim",
)
# Columns that must differ between copies; `n` is the number of the copy.
_OTHER = {
    "public_id": "gen_random_uuid()",
    "reference": "left(t.reference, 2) || lpad(m.new_id::text, 11, '0')",
    "idempotency_key": "''",
    "idempotency_credential": "''",
    "from_on": "t.from_on - 400 * %(n)s",
    "to_on": "t.to_on - 400 * %(n)s",
}
_SHIFTED = {"intelligence_return": {"from_on", "to_on"}}
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'public' and table_name = %s and column_name <> 'id'
  and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position
"""
_POINTS = """
select a.attname, c.confrelid::regclass::text from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.conrelid = %s::regclass and c.confrelid <> c.conrelid
"""
_MARKS = """
insert into scoring_outbox (group_id, cause_id, at)
select id, null, clock_timestamp() from groups_crimegroup
"""


def grow(database: str) -> None:
    """Write the copies into a database that holds the world, and score them."""
    with psycopg.connect(address_in("DATABASE_OWNER_URL", database)) as link:
        for table in TABLES:
            _say(link, "alter table {} disable trigger user", table)
            _say(link, "create temporary table {} as select id from {}", f"was_{table}")
        for number in range(1, COPIES + 1):
            for table in TABLES:
                _number(link, table)
                _copy(link, table, TABLES, number)
            for table in FILLING:
                _number(link, table)
                _copy(link, table, ("groups_nominal", "groups_identifier", *_REPORTS))
        link.execute("set constraints all immediate")
        for table in TABLES:
            _say(link, "alter table {} enable trigger user", table)
        link.execute(_MARKS)
    run_python(MANAGE, "drain", env=environment_for(database), login="worker")
    with psycopg.connect(
        address_in("DATABASE_OWNER_URL", database), autocommit=True
    ) as link:
        link.execute("vacuum analyze")


_REPORTS = ("intelligence_report",)


def _say(link: psycopg.Connection[Any], text: str, table: str) -> None:
    names = [sql.Identifier(table), sql.Identifier(table.removeprefix("was_"))]
    link.execute(sql.SQL(text).format(*names[: text.count("{}")]))  # type: ignore[arg-type]


def _number(link: psycopg.Connection[Any], table: str) -> None:
    """Give each row of before the id of its next copy."""
    link.execute(
        sql.SQL(
            "drop table if exists {new}; create temporary table {new} as select id as "
            "old_id, nextval(pg_get_serial_sequence({name}, 'id')) as new_id from {was}"
        ).format(
            new=sql.Identifier(f"new_{table}"),
            was=sql.Identifier(f"was_{table}"),
            name=sql.Literal(table),
        )
    )


def _copy(
    link: psycopg.Connection[Any], table: str, moved: Iterable[str], number: int = 0
) -> None:
    """Copy the rows of before; what points at a table of ``moved`` points at its copy."""
    columns = [row[0] for row in link.execute(_COLUMNS, [table])]
    points = dict(link.execute(_POINTS, [table]).fetchall())
    kept = {name: to for name, to in points.items() if to in set(moved)}
    values = [_value(table, name, kept, number) for name in columns]
    link.execute(
        sql.SQL(
            "insert into {table} (id, {columns}) select m.new_id, {values} "
            "from {table} t join {new} m on m.old_id = t.id {joins} {only} order by 1"
        ).format(
            table=sql.Identifier(table),
            new=sql.Identifier(f"new_{table}"),
            columns=sql.SQL(", ").join(sql.Identifier(name) for name in columns),
            values=sql.SQL(", ").join(values),
            joins=sql.SQL(" ").join(_joins(kept)),
            only=sql.SQL("") if number else _only(points, kept),
        )
    )


def _only(points: dict[str, str], kept: dict[str, str]) -> sql.Composable:
    """Keep, of what fills a group, the rows that point at a copy besides."""
    if "group_id" not in points:
        return sql.SQL("")
    moved = [sql.SQL("{} is not null").format(_new_id(name)) for name in kept]
    return sql.SQL("where t.group_id is not null and ({})").format(
        sql.SQL(" or ").join(moved)
    )


def _joins(kept: dict[str, str]) -> Iterator[sql.Composable]:
    for name, to in kept.items():
        yield sql.SQL("left join {} {} on {}.old_id = t.{}").format(
            sql.Identifier(f"new_{to}"),
            sql.Identifier(f"to_{name}"),
            sql.Identifier(f"to_{name}"),
            sql.Identifier(name),
        )


def _new_id(name: str) -> sql.Composable:
    return sql.SQL("{}.new_id").format(sql.Identifier(f"to_{name}"))


def _value(table: str, name: str, kept: dict[str, str], number: int) -> sql.Composable:
    if name in kept:
        return sql.SQL("coalesce({}, t.{})").format(_new_id(name), sql.Identifier(name))
    is_shifted = name in _SHIFTED.get(table, set())
    if name in _OTHER and (is_shifted or name not in {"from_on", "to_on"}):
        return sql.SQL(_OTHER[name].replace("%(n)s", str(number)))  # type: ignore[arg-type]
    return sql.SQL("t.{}").format(sql.Identifier(name))
