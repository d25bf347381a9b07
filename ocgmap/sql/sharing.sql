-- What goes beyond what its asker may see: each function asks for itself, and tells nothing.

-- The day in London, as pages reckon it: the sessions of this database are in UTC, which
-- in summer is a day behind for an hour.
create or replace function ocgmap_day(moment timestamptz default now()) returns date
language sql stable as $$ select (moment at time zone 'Europe/London')::date $$;

-- A record that is visible here gets the tag of a compartment that takes referrals, and
-- from then on only who holds that sees it. Under the policies of the web nobody could
-- write a label that they do not hold.
create or replace function intelligence_send_up(kind text, record bigint, desk int)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    seen bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    tables jsonb := '{"groups": "groups_crimegroup", "people": "groups_nominal",
                      "identifiers": "groups_identifier",
                      "reports": "intelligence_report"}';
    moved int;
begin
    if tables ->> kind is null or not exists (
        select from accounts_tag where id = desk and accounts_tag.kind = 'compartment'
            and takes_referrals and (expires_on is null or expires_on > ocgmap_day())
    ) then
        raise exception 'not a desk' using errcode = 'insufficient_privilege';
    end if;
    execute format(
        'update %I set access_class_id = accounts_join_class(access_class_id,
            accounts_intern_class(array[$1], 1)) where id = $2 and access_class_id = any($3)',
        tables ->> kind) using desk, record, seen;
    get diagnostics moved = row_count;
    if moved = 0 then
        raise exception 'not visible' using errcode = 'insufficient_privilege';
    end if;
end $$;

-- Makes an approved proposal true, once. Asks again for two persons, neither of them the
-- one whom it is about; that the second of them acts now, may approve, and holds the
-- compartment for its owner; and that what begins has not ended.
create or replace function accounts_apply_membership(proposal bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    one accounts_membershipproposal;
    actor bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
begin
    update accounts_membershipproposal set applied_at = now()
        where id = proposal and state = 'approved' and applied_at is null
        returning * into one;
    if one.id is null or actor is null or one.decided_by_id <> actor
       or one.proposed_by_id = actor
       or not accounts_may_approve(actor)
       or not exists (select from accounts_tag t join accounts_user u on u.id = actor
                      where t.id = one.tag_id and t.owner_id = u.organisation_id)
       or (one.step = 'add' and coalesce(one.until_on <= ocgmap_day(), true))
       or coalesce(one.user_id, 0) in (actor, one.proposed_by_id)
       or not accounts_holds(actor, one.tag_id)
       or exists (select from accounts_subject s
                  where s.tag_id = one.tag_id and s.user_id = one.user_id) then
        raise exception 'not approved by two' using errcode = 'insufficient_privilege';
    end if;
    -- What holds today ends today; a new holding takes its place.
    delete from accounts_tagholder
        where tag_id = one.tag_id and from_on = ocgmap_day()
          and user_id is not distinct from one.user_id
          and organisation_id is not distinct from one.organisation_id;
    update accounts_tagholder set to_on = ocgmap_day()
        where tag_id = one.tag_id and (to_on is null or to_on > ocgmap_day())
          and user_id is not distinct from one.user_id
          and organisation_id is not distinct from one.organisation_id;
    if one.step = 'add' then
        insert into accounts_tagholder (tag_id, user_id, organisation_id, from_on, to_on,
            granted_by_id, approved_by_id)
        values (one.tag_id, one.user_id, one.organisation_id, ocgmap_day(), one.until_on,
            one.proposed_by_id, one.decided_by_id);
    end if;
end $$;

-- Whether an account holds a compartment today: itself or by its organisation, and is
-- not one of those whom the compartment is about.
create or replace function accounts_holds(account bigint, compartment bigint)
returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (
        select from accounts_tagholder h
        join accounts_user u on u.id = account
        join accounts_tag t on t.id = h.tag_id
        where h.tag_id = compartment
          and (h.user_id = u.id or h.organisation_id = u.organisation_id)
          and u.is_active
          and (h.from_on is null or h.from_on <= ocgmap_day())
          and (h.to_on is null or h.to_on > ocgmap_day())
          and (t.expires_on is null or t.expires_on > ocgmap_day())
          and not exists (select from accounts_subject s
                          where s.tag_id = h.tag_id and s.user_id = u.id))
$$;

-- The compartments that accounts hold and that are about them: for the working out of
-- what each may see, which comes before anyone is known. Once someone is, they are told of
-- themselves and of the compartments that they hold: who else is barred is not for them.
create or replace function accounts_barred(accounts bigint[])
returns table (user_id bigint, tag_id bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.user_id, s.tag_id from accounts_subject s
    where s.user_id = any(accounts)
      and coalesce(
          s.user_id = nullif(current_setting('ocgmap.actor', true), '')::bigint
          or accounts_holds(nullif(current_setting('ocgmap.actor', true), '')::bigint,
                            s.tag_id)
          or nullif(current_setting('ocgmap.actor', true), '') is null, true)
$$;

-- Who asks for the record of a reference is told nothing; where there is such a record,
-- a row under its label tells its owner.
create or replace function intelligence_match_sight() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into intelligence_sightmatch (public_id, request_id, group_id, nominal_id,
        report_id, owner_id, access_class_id, reason, state, decision_reason, version,
        created_at, created_by_id, changed_at)
    select gen_random_uuid(), new.id, f.group_id, f.nominal_id, f.report_id, f.owner_id,
           f.access_class_id, new.reason, 'waiting', '', 1, now(), new.user_id, now()
    from (
        select id as group_id, null::bigint as nominal_id, null::bigint as report_id,
               owner_id, access_class_id
        from groups_crimegroup where reference = new.reference
        union all
        select null, id, null, owner_id, access_class_id
        from groups_nominal where reference = new.reference
        union all
        select null, null, id, owner_id, access_class_id
        from intelligence_report where reference = new.reference
    ) f;
    return null;
end $$;
create or replace trigger match_sight after insert on intelligence_sightrequest
for each row execute function intelligence_match_sight();

-- What a grant shows to the account that asked, while it runs: the record itself and
-- none of its facts. Never one in a compartment, whatever was granted.
create or replace function intelligence_sight_given(request uuid) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
    select jsonb_build_object(
        'match', m.id, 'until_at', m.until_at, 'owner', o.short_name,
        'group', (select jsonb_build_object('id', g.id, 'reference', g.reference,
                      'name', g.name, 'text', g.summary, 'officer', g.lead_officer)
                  from groups_crimegroup g where g.id = m.group_id),
        'person', (select jsonb_build_object('id', n.id, 'reference', n.reference,
                      'name', case when n.is_identified
                          then trim(n.given_names || ' ' || n.surname)
                          else n.designation end,
                      'born_from', n.born_from, 'born_to', n.born_to)
                  from groups_nominal n where n.id = m.nominal_id),
        'report', (select jsonb_build_object('id', r.id, 'reference', r.reference,
                      'text', r.text, 'grade', r.source_grade || r.assessment_grade
                          || r.handling, 'condition', r.handling_condition)
                  from intelligence_report r where r.id = m.report_id))
    from intelligence_sightrequest q
    join intelligence_sightmatch m on m.request_id = q.id
    join accounts_accessclass a on a.id = m.access_class_id
    join accounts_user u on u.id = q.user_id
    join accounts_organisation o on o.id = m.owner_id
    where q.public_id = request
      and q.user_id = nullif(current_setting('ocgmap.actor', true), '')::bigint
      and m.state = 'granted' and m.until_at > clock_timestamp()
      and u.is_active and a.marking <= u.clearance
      and not exists (select from accounts_tag t
                      where t.id = any(a.requires) and t.kind = 'compartment')
      -- Nor a report whose handling condition leaves the account out: it holds none of
      -- the audiences that the condition allows.
      and not exists (
          select from intelligence_report r
          join accounts_organisation own on own.id = r.owner_id
          left join accounts_organisationplacement p on p.organisation_id = own.id
               and (p.from_on is null or p.from_on <= ocgmap_day())
               and (p.to_on is null or p.to_on > ocgmap_day())
          left join accounts_organisation region on region.id = case
               when own.kind in ('rocu', 'regional_arrangement') then own.id
               else p.parent_id end
          where r.id = m.report_id and r.handling_condition is not null
            and not exists (
                select from accounts_tag t
                where accounts_holds(u.id, t.id) and t.code = any(
                    (array['org:' || own.code, 'force:' || own.code,
                           'region:' || region.code, 'all-forces'])
                    [:case r.handling_condition ->> 'recipients'
                      when 'originator_only' then 1 when 'force_rocu_nca' then 2
                      when 'region' then 3 when 'uk_law_enforcement' then 4
                      else 0 end])))
$$;

-- A group that becomes its owner's alone is noted in the same statement, whoever made it
-- so and by whatever way; where others see it again, every such note ends, those that
-- who opens it may not see among them. Both with the reason of the step. An owner without
-- the usual sharing to come back to keeps its groups without an end.
create or replace function intelligence_own_only() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    why text := coalesce(told ->> 'reason', '');
    today date := (clock_timestamp() at time zone 'Europe/London')::date;
    usual bigint;
    noted bigint[];
    ends_on date;
begin
    if tg_op = 'UPDATE' and old.access_class_id = new.access_class_id then
        return null;
    end if;
    if not exists (select from accounts_accessclass c
                   join accounts_tag t on t.id = any(c.requires)
                   where c.id = new.access_class_id and t.kind = 'organisation') then
        if tg_op = 'INSERT' then
            return null;
        end if;
        with ended as (
            update intelligence_sharingchange
            set state = 'ended', until_on = least(until_on, today)
            where group_id = new.id and step = 'own_only'
              and state in ('proposed', 'approved')
            returning id)
        select array_agg(id) into noted from ended;
        perform intelligence_audit_own_only('alteration', noted, why, told,
            jsonb_build_object('group', new.id, 'state', 'ended'));
        return null;
    end if;
    select accounts_intern_class(f.id::int || array(
               select t.id::int from accounts_tag t
               where t.id = any(c.requires) and t.kind = 'compartment'),
               greatest(c.marking, 2))
        into usual
        from accounts_organisation o
        join accounts_tag f on f.code = 'force:' || o.code
        join accounts_accessclass c on c.id = new.access_class_id
        where o.id = new.owner_id;
    if usual is null or exists (
        select from intelligence_sharingchange where group_id = new.id
            and step = 'own_only' and state in ('proposed', 'approved')) then
        return null;
    end if;
    ends_on := today + 14;
    with made as (
        insert into intelligence_sharingchange (public_id, group_id, owner_id,
            access_class_id, step, from_class_id, to_class_id, reason, state, until_on,
            decision_reason, version, created_at, created_by_id, changed_at)
        values (gen_random_uuid(), new.id, new.owner_id, new.access_class_id, 'own_only',
            new.access_class_id, usual, coalesce(nullif(why, ''), 'Recorded so.'),
            'proposed', ends_on, '', 1, now(),
            case when tg_op = 'INSERT' then new.created_by_id end, now())
        returning id)
    select array_agg(id) into noted from made;
    perform intelligence_audit_own_only('collection', noted, why, told,
        jsonb_build_object('group', new.id, 'until', ends_on));
    return null;
end $$;

-- Audits what the trigger above did, as the step that it is a part of.
create or replace function intelligence_audit_own_only(
    what text, changes bigint[], why text, told jsonb, more jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    insert into accounts_auditevent (kind, actor_id, organisation_id, request_id, route,
        object_type, object_ids, reason, detail)
    select what, nullif(current_setting('ocgmap.actor', true), '')::bigint,
        nullif(current_setting('ocgmap.organisation', true), '')::bigint,
        nullif(current_setting('pghistory.context_id', true), '')::uuid,
        left(coalesce(told ->> 'url', ''), 120), 'intelligence.SharingChange', changes,
        why, more
    where changes is not null;
end $$;
create or replace trigger own_only after insert or update of access_class_id
on groups_crimegroup for each row execute function intelligence_own_only();

-- What waits for the owner of a group goes with it to its new owner.
create or replace function intelligence_owner_follows() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update intelligence_sightmatch set owner_id = new.owner_id
        where group_id = new.id and state = 'waiting';
    update intelligence_sharingchange set owner_id = new.owner_id
        where group_id = new.id
          and (state = 'proposed' or (state = 'approved' and step = 'own_only'));
    return null;
end $$;
create or replace trigger owner_follows after update of owner_id on groups_crimegroup
for each row when (old.owner_id is distinct from new.owner_id)
execute function intelligence_owner_follows();
