-- How many rows of the audit no checkpoint covers yet, counted to 100,000, and the age
-- of the oldest. For operators and auditors: its callers see no row.
create or replace function accounts_audit_unsealed(out rows bigint, out oldest_seconds float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select count(*), coalesce(greatest(
        extract(epoch from clock_timestamp() - min(w.at)), 0), 0)::float8
    from (
        select e.at from accounts_auditevent e
        where (e.era, e.tx) >= (
            coalesce((select to_era from accounts_auditcheckpoint
                      order by number desc limit 1), 0),
            coalesce((select to_tx from accounts_auditcheckpoint
                      order by number desc limit 1), 0)::text::xid8)
        order by e.era, e.tx
        limit 100000
    ) w
$$;
