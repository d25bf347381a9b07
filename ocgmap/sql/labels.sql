-- Labels in the database: made once, joined, compared; children never below parents.

create or replace function accounts_intern_class(wanted int[], mark int) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    found_id bigint;
begin
    wanted := coalesce((select array_agg(distinct t order by t) from unnest(wanted) t), '{}');
    select id into found_id from accounts_accessclass
        where requires = wanted and marking = mark;
    if found_id is null then
        insert into accounts_accessclass (requires, marking) values (wanted, mark)
            on conflict do nothing returning id into found_id;
    end if;
    if found_id is null then  -- another transaction made it meanwhile
        select id into strict found_id from accounts_accessclass
            where requires = wanted and marking = mark;
    end if;
    return found_id;
end $$;

create or replace function accounts_join_class(a bigint, b bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x accounts_accessclass;
    y accounts_accessclass;
begin
    if a = b then return a; end if;
    select * into strict x from accounts_accessclass where id = a;
    select * into strict y from accounts_accessclass where id = b;
    return accounts_intern_class(x.requires || y.requires, greatest(x.marking, y.marking));
end $$;

create or replace function accounts_at_least(a bigint, b bigint) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select a = b or exists (
        select from accounts_accessclass x, accounts_accessclass y
        where x.id = a and y.id = b
          and y.requires <@ x.requires and y.marking <= x.marking)
$$;

-- Who and when, and a version that grows only when something changed.
create or replace function ocgmap_touch() returns trigger language plpgsql as $$
declare
    who bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
begin
    if tg_op = 'INSERT' then
        new.version := 1;
        -- Only the worker may back-date, when it loads history.
        if current_user <> 'ocgmap_worker' then
            new.created_at := clock_timestamp();
        end if;
        new.created_by_id := coalesce(who, new.created_by_id);
        new.changed_at := new.created_at;
        new.changed_by_id := new.created_by_id;
        return new;
    end if;
    new.public_id := old.public_id;
    new.created_at := old.created_at;
    new.created_by_id := old.created_by_id;
    new.version := old.version;
    new.changed_at := old.changed_at;
    new.changed_by_id := old.changed_by_id;
    if new is distinct from old then
        new.version := old.version + 1;
        new.changed_at := clock_timestamp();
        new.changed_by_id := who;
    end if;
    return new;
end $$;

-- Raising a parent raises its children to the join, in the same statement.
-- Arguments: child tables, each followed by its column that points here.
create or replace function ocgmap_label_cascade() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    place int := 0;
begin
    while place < tg_nargs loop
        execute format('update %I set access_class_id = accounts_join_class(access_class_id, $1)
                        where %I = $2 and not accounts_at_least(access_class_id, $1)',
                       tg_argv[place], tg_argv[place + 1])
            using new.access_class_id, new.id;
        place := place + 2;
    end loop;
    return null;
end $$;

-- Two labels may each have a predominant threat. Where raising one brings it to the
-- other's label, the other stays the predominant one. What has ended or was withdrawn
-- keeps what it says of its time.
create or replace function groups_threat_raised() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if new.is_predominant and new.to_on is null and new.withdrawn_at is null and exists (
        select from groups_groupthreat o
        where o.group_id = new.group_id and o.id <> new.id
          and o.access_class_id = new.access_class_id and o.is_predominant
          and o.to_on is null and o.withdrawn_at is null
    ) then
        new.is_predominant := false;
    end if;
    return new;
end $$;

-- An open line that a raised label overtakes is closed; the drain writes the new one.
-- It keeps its rank: who sees it now saw it before, beside the same other lines.
create or replace function scoring_line_raised() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    new.valid_to := coalesce(new.valid_to,
        greatest(clock_timestamp(), new.valid_from + interval '1 microsecond'));
    new.is_raised := true;
    return new;
end $$;

-- Rows that are never changed or removed.
create or replace function ocgmap_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only.', tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- History cannot be switched off by a setting (pgtrigger lets anyone set one).
create or replace function _pgtrigger_should_ignore(trigger_name name) returns boolean
language sql immutable as $$ select false $$;

-- Rows that are never changed, and removed with the record that they are of alone: as the
-- owner, within the function that disposes of it.
create or replace function ocgmap_append_only_but_disposal() returns trigger
language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user = 'ocgmap_owner'
       and current_setting('ocgmap.disposing', true) = 'yes' then
        return old;
    end if;
    raise exception '% is append-only.', tg_table_name using errcode = 'insufficient_privilege';
end $$;
