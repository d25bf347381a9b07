-- A merge is one level deep: what was merged into a group goes on with it to the group
-- that it is merged into, rows that the one who merges may not see among them.
create or replace function groups_merged_on() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from groups_crimegroup
               where id = new.merged_into_id and merged_into_id is not null) then
        raise exception 'a group is merged into one that was not merged itself'
            using errcode = 'check_violation';
    end if;
    update groups_crimegroup set merged_into_id = new.merged_into_id
    where merged_into_id = new.id;
    return null;
end $$;
create or replace trigger m_merged_on after update of merged_into_id
on groups_crimegroup for each row
when (new.merged_into_id is not null
      and old.merged_into_id is distinct from new.merged_into_id)
execute function groups_merged_on();
