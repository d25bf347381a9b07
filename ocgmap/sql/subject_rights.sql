-- Restriction of the processing of a person's record, and who is told when their data
-- change. Source: Data Protection Act 2018 ss.38(5), 46(4), 47 and 48.

-- The ground on the person's record is that of the restriction that stands, or empty:
-- whoever changes one cannot forget the other.
create or replace function intelligence_note_restriction() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update groups_nominal n set restriction_ground = coalesce((
        select r.ground from intelligence_processingrestriction r
        where r.nominal_id = n.id and r.lifted_at is null), '')
    where n.id = new.nominal_id;
    return null;
end $$;
create or replace trigger note_restriction
after insert or update of lifted_at, ground, nominal_id
on intelligence_processingrestriction
for each row execute function intelligence_note_restriction();

-- A restricted person's record keeps what it says, and nobody writes the ground by hand.
create or replace function groups_nominal_restricted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.restriction_ground is distinct from old.restriction_ground
       and new.restriction_ground is distinct from coalesce((
            select r.ground from intelligence_processingrestriction r
            where r.nominal_id = new.id and r.lifted_at is null), '') then
        raise exception 'no restriction says so' using errcode = 'check_violation';
    end if;
    if old.restriction_ground <> '' and new.restriction_ground <> ''
       and (new.given_names, new.surname, new.is_identified, new.designation,
            new.born_from, new.born_to, new.born_precision, new.gender, new.deceased_on,
            new.cluster_id)
           is distinct from
           (old.given_names, old.surname, old.is_identified, old.designation,
            old.born_from, old.born_to, old.born_precision, old.gender, old.deceased_on,
            old.cluster_id) then
        raise exception 'processing of this record is restricted'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create or replace trigger a_restricted before update on groups_nominal
for each row execute function groups_nominal_restricted();

-- Nothing new is recorded on such a record. The arguments are the columns that name people.
create or replace function groups_refuse_restricted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    place text;
begin
    foreach place in array tg_argv loop
        if exists (select from groups_nominal n
                   where n.id = (to_jsonb(new) ->> place)::bigint
                     and n.restriction_ground <> '') then
            raise exception 'processing of this record is restricted'
                using errcode = 'check_violation';
        end if;
    end loop;
    return new;
end $$;
create or replace trigger c_restricted before insert on groups_nominalalias
for each row execute function groups_refuse_restricted('nominal_id');
create or replace trigger c_restricted before insert on groups_personlink
for each row execute function groups_refuse_restricted('a_id', 'b_id');
create or replace trigger c_restricted before insert on groups_membership
for each row execute function groups_refuse_restricted('nominal_id');
create or replace trigger c_restricted before insert on groups_involvement
for each row execute function groups_refuse_restricted('nominal_id');
create or replace trigger c_restricted before insert on groups_identifieruse
for each row when (new.nominal_id is not null)
execute function groups_refuse_restricted('nominal_id');
create or replace trigger c_restricted before insert on intelligence_mention
for each row when (new.nominal_id is not null)
execute function groups_refuse_restricted('nominal_id');

-- Writes one notice for each organisation that received a row, and one for each copy that
-- left on paper or as a file. One that nobody has acknowledged or sent yet says it all.
create or replace function intelligence_tell(
    of_kind text, row_id bigint, owner bigint, class bigint, person text, what text)
returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    with received as (
        select e.organisation_id as body, array_agg(distinct e.actor_id) as accounts
        from accounts_auditevent e
        where e.object_ids @> array[row_id] and e.object_type = of_kind
          and e.kind = 'disclosure' and e.actor_id is not null
          and e.organisation_id is not null and e.organisation_id <> owner
        group by e.organisation_id
    ), again as (
        update intelligence_correctionnotice n
        set received_by = array(select unnest(n.received_by) union select unnest(r.accounts))
        from received r
        where n.recipient_id = r.body and n.sender_id = owner and n.reference = person
          and n.correction = what and n.source_class_id = class
          and n.acknowledged_at is null
        returning n.recipient_id
    )
    insert into intelligence_correctionnotice (public_id, sender_id, recipient_id,
        source_class_id, reference, correction, received_by, way, copy_number, copied_for)
    select gen_random_uuid(), owner, r.body, class, person, what, r.accounts, '', '', ''
    from received r where r.body not in (select recipient_id from again);

    insert into intelligence_correctionnotice (public_id, sender_id, recipient_id,
        source_class_id, reference, correction, received_by, way, copy_number, copied_for,
        copied_at)
    select gen_random_uuid(), owner, null, class, person, what, array[e.actor_id],
           case when e.detail ? 'as' then left(e.detail ->> 'as', 12) else 'list' end,
           left(coalesce(e.detail ->> 'print', e.detail ->> 'list', ''), 40), e.reason, e.at
    from accounts_auditevent e
    where e.object_ids @> array[row_id] and e.object_type = of_kind
      and e.kind = 'disclosure' and e.actor_id is not null and e.organisation_id = owner
      and not exists (
          select from intelligence_correctionnotice n
          where n.recipient_id is null and n.sender_id = owner and n.reference = person
            and n.correction = what and n.source_class_id = class
            and n.copied_at = e.at and n.sent_at is null);
end $$;
revoke execute on function intelligence_tell(text, bigint, bigint, bigint, text, text)
    from public, ocgmap_web, ocgmap_worker;

-- What became of a row that says something of a person: '' where nothing that a recipient
-- relies on. An end or a death is news and no correction; labels and owners are no data.
create or replace function intelligence_correction_of(was jsonb, now jsonb) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select case
        when now is null then 'erased'
        when coalesce(was ->> 'restriction_ground', '') = ''
             and coalesce(now ->> 'restriction_ground', '') <> '' then 'restricted'
        when coalesce(was ->> 'restriction_ground', '') <> ''
             and coalesce(now ->> 'restriction_ground', '') = '' then 'unrestricted'
        when was ->> 'withdrawn_at' is null and now ->> 'withdrawn_at' is not null
            then 'withdrawn'
        when was - keys is distinct from now - keys then 'corrected'
        else '' end
    from (select array['version', 'changed_at', 'changed_by_id', 'access_class_id',
        'owner_id', 'retention_class', 'review_on', 'legal_hold', 'cluster_id', 'to_on',
        'deceased_on', 'restriction_ground', 'withdrawn_by_id', 'withdrawn_reason'] as keys) k
$$;

revoke execute on function intelligence_correction_of(jsonb, jsonb)
    from public, ocgmap_web, ocgmap_worker;

-- Nor is a fact of such a person changed, ended or withdrawn.
create or replace function groups_refuse_restricted_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    place text;
    was jsonb := to_jsonb(old);
    now jsonb := to_jsonb(new);
begin
    if intelligence_correction_of(was, now) = ''
       and was -> 'to_on' is not distinct from now -> 'to_on' then
        return new;
    end if;
    foreach place in array tg_argv loop
        if exists (select from groups_nominal n where n.id = (was ->> place)::bigint
                   and n.restriction_ground <> '') then
            raise exception 'processing of this record is restricted'
                using errcode = 'check_violation';
        end if;
    end loop;
    return new;
end $$;
create or replace trigger c_restricted_change before update on groups_nominalalias
for each row execute function groups_refuse_restricted_change('nominal_id');
create or replace trigger c_restricted_change before update on groups_personlink
for each row execute function groups_refuse_restricted_change('a_id', 'b_id');
create or replace trigger c_restricted_change before update on groups_membership
for each row execute function groups_refuse_restricted_change('nominal_id');
create or replace trigger c_restricted_change before update on groups_involvement
for each row execute function groups_refuse_restricted_change('nominal_id');
create or replace trigger c_restricted_change before update on groups_identifieruse
for each row execute function groups_refuse_restricted_change('nominal_id');

-- Arguments: the kind of row as the audit calls it, then the columns that name people.
create or replace function intelligence_tell_recipients() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    was jsonb := to_jsonb(old);
    what text := intelligence_correction_of(
        was, case when tg_op = 'UPDATE' then to_jsonb(new) end);
    place text;
    person text;
begin
    if what <> '' then
        foreach place in array tg_argv[1:] loop
            select n.reference into person from groups_nominal n
            where n.id = (was ->> place)::bigint;
            if person is not null then
                perform intelligence_tell(tg_argv[0], (was ->> 'id')::bigint,
                    (was ->> 'owner_id')::bigint, (was ->> 'access_class_id')::bigint,
                    person, what);
            end if;
        end loop;
    end if;
    return case when tg_op = 'UPDATE' then new else old end;
end $$;
create or replace trigger d_tell_recipients before update or delete on groups_nominal
for each row execute function intelligence_tell_recipients('groups.Nominal', 'id');
create or replace trigger d_tell_recipients after update on groups_nominalalias
for each row execute function intelligence_tell_recipients('groups.NominalAlias', 'nominal_id');
create or replace trigger d_tell_recipients after update on groups_personlink
for each row execute function intelligence_tell_recipients('groups.PersonLink', 'a_id', 'b_id');
create or replace trigger d_tell_recipients after update on groups_membership
for each row execute function intelligence_tell_recipients('groups.Membership', 'nominal_id');
create or replace trigger d_tell_recipients after update on groups_involvement
for each row execute function intelligence_tell_recipients('groups.Involvement', 'nominal_id');
create or replace trigger d_tell_recipients after update on groups_identifieruse
for each row execute function intelligence_tell_recipients('groups.IdentifierUse', 'nominal_id');
