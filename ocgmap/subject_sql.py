"""Who sees what people ask about their data, and what those who received them are told.

`recipients_sql` makes the function by which an owner learns who received one of its
records. It asks for itself who is acting, as those of `ocgmap.audit_sql` do.
"""

from collections.abc import Iterator
from string import Template
from typing import Final

from accounts.roles import RIGHTS, Right
from intelligence.models.subject_request import FOUND

_ACTOR: Final = "nullif(current_setting('ocgmap.actor', true), '')::bigint"
_ORGANISATION: Final = (
    "nullif(current_setting('ocgmap.organisation', true), '')::bigint"
)
_CLASSES: Final = (
    "(select unnest(nullif(current_setting('ocgmap.classes', true), '')::bigint[]))"
)
_ROLES: Final = ", ".join(
    f"'{role}'"
    for role, held in RIGHTS.items()
    if Right.ANSWER_SUBJECT_REQUESTS in held
)
# For those of the owner who answer such requests.
ANSWERS: Final = (
    f"owner_id = {_ORGANISATION} and exists (select from accounts_user u "
    f"where u.id = {_ACTOR} and u.role in ({_ROLES}))"
)
# The sender where it sees the data; in the recipient, those who received them, or see
# both what was said and the person now.
TOLD: Final = (
    f"(sender_id = {_ORGANISATION} and source_class_id in {_CLASSES})"
    f" or (recipient_id = {_ORGANISATION} and ({_ACTOR} = any(received_by)"
    f" or (source_class_id in {_CLASSES}"
    " and exists (select from groups_nominal o"
    " where o.reference = intelligence_correctionnotice.reference))))"
)
_RECIPIENTS = Template("""
create or replace function intelligence_recipients(of_kind text, records uuid[])
returns table (record uuid, kind text, organisation_id bigint, at timestamptz,
               times bigint, actor_id bigint, way text, copy_number text,
               copied_for text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$$$
#variable_conflict use_column
declare
    asker bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    own bigint;
    found bigint[];
    names uuid[];
begin
    select u.organisation_id into own from accounts_user u
    where u.id = asker and u.is_active and u.role in ($roles);
    if own is null then
        raise exception 'this is not for this account'
            using errcode = 'insufficient_privilege';
    end if;
    case of_kind
    $cases
    else return;
    end case;
    return query
    select f.name, e.kind::text, e.organisation_id, max(e.at), count(*), null::bigint,
           ''::text, ''::text, ''::text
    from unnest(found, names) f(id, name)
    join accounts_auditevent e on e.object_ids @> array[f.id]
    where e.object_type = of_kind
      and e.kind in ('consultation', 'disclosure', 'combination')
      and e.organisation_id is not null and e.organisation_id <> own
    group by f.name, e.kind, e.organisation_id order by 4 desc limit $most;
    return query
    select f.name, e.kind::text, e.organisation_id, e.at, 1::bigint, e.actor_id,
           coalesce(e.detail ->> 'as', 'list'),
           coalesce(e.detail ->> 'print', e.detail ->> 'list', ''), e.reason
    from unnest(found, names) f(id, name)
    join accounts_auditevent e on e.object_ids @> array[f.id]
    where e.object_type = of_kind and e.kind = 'disclosure' and e.organisation_id = own
    order by e.at desc limit $most;
end $$$$;
revoke execute on function intelligence_recipients(text, uuid[]) from public;
grant execute on function intelligence_recipients(text, uuid[])
    to ocgmap_web, ocgmap_worker;
""")
_CASE = Template("""
when '$label' then
    select array_agg(t.id order by t.id), array_agg(t.public_id order by t.id)
    into found, names from $table t
    where t.public_id = any(records) and t.access_class_id = any(held)
      and t.owner_id = own;
""")
# Of each sort of record, and of each sort of recipient.
MOST: Final = 500


def recipients_sql() -> Iterator[str]:
    """Yield the statements that make the function anew."""
    cases = "".join(
        _CASE.substitute(
            label=model._meta.label,  # noqa: SLF001 - the documented interface
            table=model._meta.db_table,  # noqa: SLF001 - the documented interface
        )
        for model in FOUND.values()
    )
    yield _RECIPIENTS.substitute(roles=_ROLES, cases=cases, most=MOST)
