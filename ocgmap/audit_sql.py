"""Functions by which audit and records are brought together, for those who may.

An auditor sees no intelligence, so that a record's public id is all that these tell of
it. An owner sees no audit, so that who has seen a record is told of that record alone.
Each asks by itself who is acting: what a page has checked does not count here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from accounts.roles import RIGHTS, Right
from ocgmap.common.records import ProtectedRecord

# The kinds of events that tell of reading, and what an owner may ask after.
_READS = "'consultation', 'disclosure', 'combination'"
OWNED = ("groups.CrimeGroup", "groups.Nominal", "intelligence.Report")
_HEAD = """
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
    asker bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
"""
_REFUSED = """
        raise exception 'this is not for this account'
            using errcode = 'insufficient_privilege';
"""


def audit_sql(models: Iterable[type[Any]]) -> Iterator[str]:
    """Yield the statements that make the functions anew."""
    records = {
        model._meta.label: model  # noqa: SLF001 - the documented interface
        for model in models
        if issubclass(model, ProtectedRecord)
    }
    yield _find(records)
    yield _named(records)
    yield _seen({label: records[label] for label in OWNED})


def _table(model: type[Any]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001


def _has_reference(model: type[Any]) -> bool:
    return any(field.name == "reference" for field in model._meta.fields)  # noqa: SLF001


def _roles(right: Right) -> str:
    return ", ".join(f"'{role}'" for role, held in RIGHTS.items() if right in held)


def _unless(right: Right) -> str:
    return f"""
    if not exists (select from accounts_user u
                   where u.id = asker and u.is_active
                     and u.role in ({_roles(right)})) then
        {_REFUSED}
    end if;
"""


def _find(records: dict[str, type[Any]]) -> str:
    """Make the function that finds a record by its public id or reference."""
    by_id = " union all ".join(
        f"select '{label}'::text, t.id from {_table(model)} t "
        "where t.public_id = typed::uuid"
        for label, model in records.items()
    )
    by_reference = " union all ".join(
        f"select '{label}'::text, t.id from {_table(model)} t "
        "where t.reference = upper(typed)"
        for label, model in records.items()
        if _has_reference(model)
    )
    return f"""
create or replace function accounts_audit_find(typed text)
returns table (object_type text, id bigint){_HEAD}
begin
    {_unless(Right.AUDIT)}
    if typed ~* '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' then
        return query {by_id};
    else
        return query {by_reference};
    end if;
end $$
"""


def _named(records: dict[str, type[Any]]) -> str:
    """Make the function that tells the public ids of records, and no word of them."""
    cases = "\n".join(
        f"when '{label}' then return query select t.id, t.public_id, "
        f"{'t.reference::text' if _has_reference(model) else 'null::text'} "
        f"from {_table(model)} t where t.id = any(wanted);"
        for label, model in records.items()
    )
    return f"""
create or replace function accounts_audit_named(kind text, wanted bigint[])
returns table (id bigint, public_id uuid, reference text){_HEAD}
begin
    {_unless(Right.AUDIT)}
    case kind
    {cases}
    else return;
    end case;
end $$
"""


def _seen(records: dict[str, type[Any]]) -> str:
    """Make the function that tells the owner of a record who has read it."""
    cases = "\n".join(
        f"when '{label}' then select t.id into found from {_table(model)} t "
        "where t.public_id = record and t.access_class_id = any(held) and t.owner_id = "
        "(select u.organisation_id from accounts_user u where u.id = asker);"
        for label, model in records.items()
    )
    return f"""
create or replace function accounts_audit_seen(
    of_kind text, record uuid, before bigint, most integer)
returns table (id bigint, at timestamptz, kind text, actor_id bigint, on_behalf_of text,
               organisation_id bigint, is_alone boolean, is_api boolean){_HEAD}
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    found bigint;
begin
    {_unless(Right.SEE_READERS)}
    case of_kind
    {cases}
    else return;
    end case;
    return query
    select e.id, e.at, e.kind::text, e.actor_id, e.on_behalf_of::text, e.organisation_id,
           cardinality(e.object_ids) = 1, e.route ~ '^[A-Z]+ /api/'
    from accounts_auditevent e
    where found is not null and e.object_type = of_kind
      and e.object_ids @> array[found] and e.kind in ({_READS})
      and (before is null or e.id < before)
    order by e.id desc limit least(most, 101);
end $$
"""
