"""Functions by which audit and records are brought together, for those who may.

An auditor sees no intelligence, so that a record's public id is all that these tell of
it. An owner sees no audit, so that who has seen a record is told of that record alone.
Each asks by itself who is acting: what a page has checked does not count here.
"""

from collections.abc import Iterable, Iterator
from string import Template
from typing import Any

from accounts.roles import RIGHTS, Right
from ocgmap.common.records import ProtectedRecord

# What an owner may ask after.
OWNED = ("groups.CrimeGroup", "groups.Nominal", "intelligence.Report")
_START = Template("""
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$$$
#variable_conflict use_column
declare
    asker bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    found bigint;
begin
    if not exists (select from accounts_user u
                   where u.id = asker and u.is_active and u.role in ($roles)) then
        raise exception 'this is not for this account'
            using errcode = 'insufficient_privilege';
    end if;
""")
_FIND = Template("""
create or replace function accounts_audit_find(typed text)
returns table (object_type text, id bigint) $start
    if typed ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$$' then
        return query $by_id;
    else
        return query $by_reference;
    end if;
end $$$$
""")
_BY_ID = Template(
    "select '$label'::text, t.id from $table t where t.public_id = typed::uuid"
)
_BY_REFERENCE = Template(
    "select '$label'::text, t.id from $table t where t.reference = upper(typed)"
)
_NAMED = Template("""
create or replace function accounts_audit_named(kind text, wanted bigint[])
returns table (id bigint, public_id uuid, reference text) $start
    case kind
    $cases
    else return;
    end case;
end $$$$
""")
_NAME = Template("""
when '$label' then return query
    select t.id, t.public_id, $reference from $table t where t.id = any(wanted);
""")
_SEEN = Template("""
create or replace function accounts_audit_seen(
    of_kind text, record uuid, before bigint, most integer)
returns table (id bigint, at timestamptz, kind text, actor_id bigint, on_behalf_of text,
               organisation_id bigint, is_alone boolean, is_api boolean) $start
    case of_kind
    $cases
    else return;
    end case;
    return query
    select e.id, e.at, e.kind::text, e.actor_id, e.on_behalf_of::text, e.organisation_id,
           cardinality(e.object_ids) = 1, e.route ~ '^[A-Z]+ /api/'
    from accounts_auditevent e
    where found is not null and e.object_type = of_kind
      and e.object_ids @> array[found]
      and e.kind in ('consultation', 'disclosure', 'combination')
      and (before is null or e.id < before)
    order by e.id desc limit least(most, 101);
end $$$$
""")
_OWN = Template("""
when '$label' then
    select t.id into found from $table t
    where t.public_id = record and t.access_class_id = any(held) and t.owner_id =
          (select u.organisation_id from accounts_user u where u.id = asker);
""")


def audit_sql(models: Iterable[type[Any]]) -> Iterator[str]:
    """Yield the statements that make the functions anew."""
    records = [model for model in models if issubclass(model, ProtectedRecord)]
    referred = [model for model in records if _has_reference(model)]
    owned = [model for model in records if _label(model) in OWNED]
    yield _FIND.substitute(
        start=_start(Right.AUDIT),
        by_id=" union all ".join(_of_each(records, _BY_ID)),
        by_reference=" union all ".join(_of_each(referred, _BY_REFERENCE)),
    )
    yield _NAMED.substitute(
        start=_start(Right.AUDIT), cases="".join(_of_each(records, _NAME))
    )
    yield _SEEN.substitute(
        start=_start(Right.SEE_READERS), cases="".join(_of_each(owned, _OWN))
    )


def _start(right: Right) -> str:
    roles = ", ".join(f"'{role}'" for role, held in RIGHTS.items() if right in held)
    return _START.substitute(roles=roles)


def _of_each(models: Iterable[type[Any]], part: Template) -> Iterator[str]:
    for model in models:
        yield part.substitute(
            label=_label(model),
            table=model._meta.db_table,  # noqa: SLF001 - the documented interface
            reference="t.reference::text" if _has_reference(model) else "null::text",
        )


def _label(model: type[Any]) -> str:
    return str(model._meta.label)  # noqa: SLF001


def _has_reference(model: type[Any]) -> bool:
    return any(field.name == "reference" for field in model._meta.fields)  # noqa: SLF001
