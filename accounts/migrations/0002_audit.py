"""The audit table, partitioned by month; a default partition refuses nothing."""

from django.db import migrations

FORWARD = """
create sequence accounts_auditevent_id_seq;
create table accounts_auditevent (
    id bigint not null default nextval('accounts_auditevent_id_seq'),
    at timestamptz not null default clock_timestamp(),
    tx xid8 not null default pg_current_xact_id(),
    kind varchar(12) not null,
    actor_id bigint,
    on_behalf_of varchar(60) not null default '',
    organisation_id bigint,
    request_id uuid,
    route varchar(120) not null default '',
    object_type varchar(60) not null,
    object_ids bigint[] not null default '{}',
    reason text not null default '',
    detail jsonb not null default '{}',
    primary key (id, at)
) partition by range (at);
create table accounts_auditevent_default partition of accounts_auditevent default;
create index accounts_auditevent_object on accounts_auditevent (object_type, at);
create index accounts_auditevent_actor on accounts_auditevent (actor_id, at);
create index accounts_auditevent_ids on accounts_auditevent using gin (object_ids);

-- Makes the partitions of this month and the next; returns how many were new.
create function accounts_ensure_audit_partitions() returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    month date;
    made int := 0;
    part text;
begin
    for month in
        select generate_series(date_trunc('month', now() at time zone 'UTC'),
                               date_trunc('month', now() at time zone 'UTC') + interval '1 month',
                               interval '1 month')::date
    loop
        part := 'accounts_auditevent_' || to_char(month, 'YYYY_MM');
        if to_regclass(part) is null then
            execute format('create table %I partition of accounts_auditevent
                for values from (%L) to (%L)', part,
                month::timestamp at time zone 'UTC',
                (month + interval '1 month')::timestamp at time zone 'UTC');
            made := made + 1;
        end if;
    end loop;
    return made;
end $$;
select accounts_ensure_audit_partitions();
"""

BACKWARD = """
drop function accounts_ensure_audit_partitions();
drop table accounts_auditevent;
drop sequence accounts_auditevent_id_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
