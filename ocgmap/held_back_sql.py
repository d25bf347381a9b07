"""What a legal hold keeps besides its own record, made from the models.

A fact hangs on several records: a membership on a person and a group, a mention on a
report and on whom it names. While one of them is on hold, none of the others is disposed
of, or the record on hold would lose the fact. `label_parents` says what hangs on what.
"""

from collections.abc import Iterator
from string import Template
from typing import Any

from django.apps import apps
from django.db import models

from accounts.roles import RIGHTS, Right
from intelligence.models.retention import REVIEWED
from ocgmap.common.records import TopRecord
from ocgmap.disposal_sql import plan

_HELD_BACK = Template("""
create or replace function ocgmap_is_held_back_$column(target bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$$$
    select $asked
$$$$;
revoke execute on function ocgmap_is_held_back_$column(bigint)
    from public, ocgmap_web, ocgmap_worker;
""")
_ASK = Template("""
create or replace function intelligence_is_held_back(of_kind text, target bigint)
returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$$$
declare
    actor bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
begin
    case of_kind
    $cases
    end case;
end $$$$;
revoke execute on function intelligence_is_held_back(text, bigint) from public;
grant execute on function intelligence_is_held_back(text, bigint)
    to ocgmap_web, ocgmap_worker;
""")
# Who may not dispose of the record at all learns nothing of what holds it back.
_CASE = Template("""when '$column' then
        return exists (
            select from $table r join accounts_user u on u.organisation_id = r.owner_id
            where r.id = target and r.access_class_id = any(held)
              and u.id = actor and u.is_active and u.role in ($roles)
        ) and ocgmap_is_held_back_$column(target);""")
_ON_HOLD = "exists (select from {table} where legal_hold and id in ({ids}))"


def held_back_sql() -> Iterator[str]:
    """Yield the statements that make the functions anew."""
    for model, column in REVIEWED.items():
        asked = "\n        or ".join(dict.fromkeys(_held(model))) or "false"
        yield _HELD_BACK.substitute(column=column, asked=asked)
    roles = ", ".join(
        f"'{role}'"
        for role, rights in RIGHTS.items()
        if rights & {Right.DISPOSE, Right.APPROVE}
    )
    cases = (
        _CASE.substitute(column=column, table=_table(model), roles=roles)
        for model, column in REVIEWED.items()
    )
    yield _ASK.substitute(cases="\n    ".join(cases))


def _held(model: type[models.Model]) -> Iterator[str]:
    """Give a condition for each way from a row that would go to a record on hold."""
    tables = {_table(one): one for one in apps.get_models()}
    for table, where in plan(model):
        yield from _above(tables[table], where)


def _above(child: type[models.Model], where: str) -> Iterator[str]:
    names: tuple[str, ...] = getattr(child, "label_parents", ())
    for name in names:
        field: Any = child._meta.get_field(name)  # noqa: SLF001 - documented
        ids = f"select {field.column} from {_table(child)} where {where}"  # noqa: S608
        if issubclass(field.related_model, TopRecord):
            yield _ON_HOLD.format(table=_table(field.related_model), ids=ids)
        else:
            yield from _above(field.related_model, f"id in ({ids})")


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001
