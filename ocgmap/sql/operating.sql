-- Figures of the running service, for its operators. The outbox is hidden from the web,
-- since a mark tells that somebody works on a group; so only sums leave this function,
-- and only where nobody is signed in: no page of a reader can ever show them.
create or replace function ocgmap_operating_figures() returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if nullif(current_setting('ocgmap.actor', true), '') is not null then
        raise exception 'operating figures are not for readers'
            using errcode = 'insufficient_privilege';
    end if;
    return jsonb_build_object(
        'marks_waiting', (select count(*) from scoring_outbox),
        'oldest_mark_seconds', (
            select coalesce(greatest(extract(epoch from clock_timestamp() - min(at)), 0), 0)
            from scoring_outbox),
        'dead_letters', (select count(*) from scoring_outboxdead),
        'audit_unsealed_rows', (select u.rows from accounts_audit_unsealed() u),
        'audit_oldest_unsealed_seconds', (
            select u.oldest_seconds from accounts_audit_unsealed() u),
        'database_connections_most', current_setting('max_connections')::int,
        'database_bytes', pg_database_size(current_database()),
        'heartbeat_age_seconds', (
            select coalesce(jsonb_object_agg(name,
                greatest(extract(epoch from clock_timestamp() - seen_at), 0)), '{}')
            from scoring_heartbeat),
        'database_connections', (
            select coalesce(jsonb_object_agg(login, held), '{}') from (
                select case when usename like 'ocgmap\_%' then usename::text
                            else 'other' end as login, count(*) as held
                from pg_stat_activity where datname = current_database()
                group by 1) c)
    );
end $$;

-- How many daily mails of each day are done, wait or failed. Whether an account had
-- anything to be told of is folded into "done", and no account is named.
create or replace function scoring_delivery_counts(most_days int)
returns table (on_day date, done bigint, waiting bigint, failed bigint, faults text[])
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from accounts_user
        where id = nullif(current_setting('ocgmap.actor', true), '')::bigint
          and role = 'system_administrator' and is_active) then
        raise exception 'counts of deliveries are for administrators'
            using errcode = 'insufficient_privilege';
    end if;
    return query
        select d.day, count(*) filter (where d.state in ('sent', 'nothing')),
               count(*) filter (where d.state = 'queued'),
               count(*) filter (where d.state = 'failed'),
               coalesce(array_agg(distinct d.fault::text order by d.fault::text)
                        filter (where d.fault <> ''), '{}')
        from scoring_delivery d
        group by d.day order by d.day desc limit most_days;
end $$;

-- How often each level was given to each vignette and attribute of a calibration pack.
-- Nothing of fewer than ten answers, and only of whole fives of them, the oldest first:
-- no answer of one person can be worked out by looking before and after.
create or replace function scoring_calibration_counts(of_pack text, of_version text)
returns table (vignette text, attribute text, level text, given bigint, answers bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told bigint;
begin
    select 5 * (count(*) / 5) into told from scoring_calibrationanswer a
    where a.pack = of_pack and a.pack_version = of_version;
    if told < 10 then
        return;
    end if;
    return query
        select v.key, l.key, l.value, count(*), told
        from (select a.levels from scoring_calibrationanswer a
              where a.pack = of_pack and a.pack_version = of_version
              order by a.id limit told) counted,
             jsonb_each(counted.levels) v, jsonb_each_text(v.value) l
        group by 1, 2, 3;
end $$;
