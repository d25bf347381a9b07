-- What a disposal is made of. The functions that are called come after, made from the
-- models (`ocgmap.disposal_sql`); none of these here is for anybody to call.

-- Deletes the rows of a table that meet a condition on $1, then all history of them and
-- all history that meets it too. The order counts: a deleted row leaves its last state in
-- the history. Of what has a label, the rows are counted that whoever sees a record of
-- the class `seen` sees too: more would tell of what is hidden from them.
create or replace function ocgmap_erase(
    place text, history text, is_labelled boolean, condition text, target bigint,
    seen bigint, inout counts jsonb)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    gone bigint[];
    shown bigint := 0;
    label text := case when is_labelled then 'access_class_id' else 'null::bigint' end;
begin
    execute format('with gone as (delete from %I where %s returning id, %s as class)
                    select coalesce(array_agg(id), ''{}''), count(*) filter (
                        where accounts_at_least($2, class)) from gone',
                   place, condition, label) into gone, shown using target, seen;
    counts := ocgmap_counted(counts, place, shown);
    if history <> '' then
        execute format('with gone as (delete from %I where pgh_obj_id = any($2) or (%s)
                        returning access_class_id as class)
                        select count(*) filter (where accounts_at_least($3, class))
                        from gone', history, condition)
            into shown using target, gone, seen;
        counts := ocgmap_counted(counts, history, shown);
    end if;
end $$;

create or replace function ocgmap_counted(counts jsonb, place text, more bigint)
returns jsonb
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select case when more = 0 then counts else
        counts || jsonb_build_object(place, coalesce((counts ->> place)::bigint, 0) + more)
    end
$$;

-- A text as its words: in lower case, what is neither letter nor digit as one space.
create or replace function ocgmap_words(said text) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select ' ' || btrim(regexp_replace(lower(said), '[^[:alnum:]]+', ' ', 'g')) || ' '
$$;

-- Whether a text says a phrase: all its words, one after the other, with nothing between.
create or replace function ocgmap_says(said text, phrase text) returns boolean
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select phrase ~ '[[:alnum:]]'
       and strpos(ocgmap_words(said), ocgmap_words(phrase)) > 0
$$;

-- What was typed into a form: each field by itself, and given names with their surname.
create or replace function ocgmap_typed(data jsonb) returns setof text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select v #>> '{}' from jsonb_path_query(data, '$.*[*]') v
    union all
    select (g.text #>> '{}') || ' ' || (s.text #>> '{}')
    from jsonb_each(data) f,
         jsonb_path_query(f.value, '$[*]') with ordinality g(text, at),
         jsonb_path_query(data -> replace(f.key, 'given_names', 'surname'), '$[*]')
             with ordinality s(text, at)
    where f.key like '%given\_names' and g.at = s.at
$$;

-- What an identifier is searched for by: its value, where nothing else is likely to be
-- written so. A short one, and a name or an address of one plain word, are not.
create or replace function ocgmap_telling(kind text, value text) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select value where case when kind in ('handle', 'address')
        then length(value) >= 8 and value ~ '[^[:alpha:]]'
        else length(value) >= 5 and value ~ '[0-9@]' end
$$;

-- What accounts typed that says one of the phrases, or is one of the `whole` texts and no
-- more: searches, pasted lists, drafts; and saved searches whose filters hold the id of
-- the record. Each is deleted whole, and none is counted: what somebody typed is theirs
-- alone.
drop function if exists ocgmap_erase_typed(text[]);
create or replace function ocgmap_erase_typed(phrases text[], whole text[], named uuid)
returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    gone bigint[];
begin
    delete from accounts_searchterm t where lower(btrim(t.text)) = any(whole) or exists (
        select from unnest(phrases) p where ocgmap_says(t.text, p));
    delete from accounts_pastedlist t where exists (
        select from regexp_split_to_table(t.text, '[\r\n]+') line, unnest(phrases) p
        where ocgmap_says(line, p));
    delete from groups_entrydraft d where
        d.kind = 'group' and lower(btrim(d.data -> 'name' ->> -1)) = any(whole)
        or exists (
            select from ocgmap_typed(d.data) t, unnest(phrases) p where ocgmap_says(t, p));
    gone := array(select s.id from groups_savedsearch s
                  where ocgmap_asks_for(s.text, s.name, s.query, phrases, whole, named));
    delete from scoring_watch where search_id = any(gone);
    delete from scoring_searchpin where search_id = any(gone);
    delete from groups_savedsearch where id = any(gone);
    delete from groups_savedsearchevent s where s.pgh_obj_id = any(gone)
        or ocgmap_asks_for(s.text, s.name, s.query, phrases, whole, named);
end $$;

create or replace function ocgmap_asks_for(
    typed text, called text, asked jsonb, phrases text[], whole text[], named uuid)
returns boolean
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select lower(btrim(typed)) = any(whole) or lower(btrim(called)) = any(whole)
        or strpos(asked::text, named::text) > 0
        or exists (
            select from unnest(array[typed, called, asked::text]) t, unnest(phrases) p
            where ocgmap_says(t, p))
$$;

revoke execute on function
    ocgmap_erase(text, text, boolean, text, bigint, bigint, jsonb),
    ocgmap_counted(jsonb, text, bigint), ocgmap_says(text, text), ocgmap_words(text),
    ocgmap_typed(jsonb), ocgmap_telling(text, text),
    ocgmap_asks_for(text, text, jsonb, text[], text[], uuid),
    ocgmap_erase_typed(text[], text[], uuid) from public, ocgmap_web, ocgmap_worker;
