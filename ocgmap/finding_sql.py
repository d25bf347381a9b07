"""The functions of the search: they run as a role that cannot log in.

Row-level security would keep a search from its indexes, since no operator of text is
leakproof. So each function reads as `ocgmap_search`, takes the classes that the
transaction sees from where the policies take them, and never as an argument: unset or
empty finds nothing. At most 10,001 rows come back. What it returns are candidates; the
caller reads the rows through `visible_to` and the policies.
"""

from collections.abc import Iterator
from string import Template

MOST = 10_001
# Of reports that hold the words, as many of the newest are ranked by how well they fit.
RANKED = 200
# So many names, spread over all, tell whether many of them are like what is wanted.
SAMPLED = 200

_HEAD = f"""
language plpgsql stable security definer rows 10
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    cap integer := least(greatest(most, 0), {MOST});
    plain text := btrim(left(wanted, 200));
"""

_NAMES = Template("""
create or replace function ocgmap_find_$kind(wanted text, exact boolean, most integer)
returns table (id bigint, tier integer, score integer)$head
    folded text := ocgmap_folded(plain);
    words text[] := (regexp_split_to_array(folded, '\\s+'))[1:8];
    heard text[] := ocgmap_sounds(folded);
    may_be_like boolean := not exact and length(folded) > 3;
    is_common boolean := false;
    is_usual boolean := false;
    least float8;
    step bigint;
    longest text[];
begin
    if held is null or plain = '' then return; end if;
    longest := array(select ocgmap_like(w) from unnest(words) w
                     order by length(w) desc limit 2);
    if exact or cardinality(heard) < cardinality(words) then heard := null; end if;
    if may_be_like then
        select greatest(max(t.id) / $sampled, 1) into step from $table t;
        select count(*) filter (where folded <% $said) * 3 > count(*),
               count(*) filter (where not exists (
                   select from unnest(words) w where strpos($said, w) = 0)) * 10 > count(*)
        into is_common, is_usual
        from generate_series(1, $sampled) n join $table t on t.id = n * step;
        least := current_setting('pg_trgm.word_similarity_threshold');
    end if;
    return query
    with found as ($arms)
    select b.id, b.tier, b.score from (
        select distinct on (f.id) f.id, f.tier, f.score from found f
        order by f.id, f.tier, f.score desc
    ) b order by b.tier, b.score desc, b.id desc limit cap;
end $$$$
""")
_REFERENCE = Template("""
    (select t.id, 0 as tier, 10000 as score from $table t
     where t.access_class_id = any (held)
       and (t.reference = upper(plain)$owner_reference)
     order by t.id desc limit cap)""")
_OWNER_REFERENCE = " or upper(t.owner_reference) = upper(plain)"
_ARM = Template("""
    union all (
    select t.id, $tier, ($score * 10000)::integer from $source
     where t.access_class_id = any (held) and $condition
     order by t.id desc limit cap)""")
# Where most names are like what is wanted, or many hold all its words, the newest fill a
# page sooner than an index.
_WALK = Template("""
    union all (
    select s.id, 1, ((similarity(folded, s.said)
                      + starts_with(s.said, folded)::integer) * 10000)::integer from (
        select t.id, $said as said from $table t
         where t.access_class_id = any (held) order by t.id desc offset 0
    ) s where is_usual and not exists
         (select from unnest(words) w where strpos(s.said, w) = 0)
     order by s.id desc limit cap)
    union all (
    select s.id, 2, (s.score * 10000)::integer from (
        select t.id, word_similarity(folded, $said) as score from $table t
         where t.access_class_id = any (held) order by t.id desc offset 0
    ) s where may_be_like and is_common and s.score >= least
     order by s.id desc limit cap)""")
_ALIASES = Template(
    "$aliases a join $table t on t.id = a.$parent and a.withdrawn_at is null "
    "and a.access_class_id = any (held)"
)
# Tier, condition and score of each way in which a name can match.
_WAYS = (
    # Else the very same name would be lost where more than ``cap`` hold its words.
    (1, "{said} = folded", "2"),
    (
        1,
        """not {usual} and {said} like longest[1] and {said} like coalesce(longest[2], longest[1])
           and not exists
         (select from unnest(words) w where strpos({said}, w) = 0)""",
        "(similarity(folded, {said}) + (starts_with({said}, folded))::integer)",
    ),
    (
        2,
        "may_be_like and not {walked} and folded <% {said}",
        "word_similarity(folded, {said})",
    ),
    (3, "heard is not null and {sounds} @> heard", "similarity(folded, {said})"),
)
PERSON = "btrim({0}.given_names || ' ' || {0}.surname || ' ' || {0}.designation)"
ALIAS = "btrim({0}.given_names || ' ' || {0}.surname)"


def _names(kind: str, table: str, own: str, aliases: tuple[str, str, str]) -> str:
    sources = [
        (f"{table} t", own.format("t")),
        (
            _ALIASES.substitute(aliases=aliases[0], parent=aliases[1], table=table),
            aliases[2].format("a"),
        ),
    ]
    owner_reference = _OWNER_REFERENCE if kind == "groups" else ""
    arms = _REFERENCE.substitute(table=table, owner_reference=owner_reference)
    for source, name in sources:
        words = {
            "said": f"ocgmap_folded({name})",
            "sounds": f"ocgmap_sounds({name})",
            "walked": "is_common" if source == sources[0][0] else "false",
            "usual": "is_usual" if source == sources[0][0] else "false",
        }
        for tier, condition, score in _WAYS:
            arms += _ARM.substitute(
                tier=tier,
                source=source,
                condition=condition.format(**words),
                score=score.format(**words),
            )
    said = f"ocgmap_folded({own.format('t')})"
    arms += _WALK.substitute(table=table, said=said)
    return _NAMES.substitute(
        kind=kind, head=_HEAD, arms=arms, table=table, said=said, sampled=SAMPLED
    )


_IDENTIFIERS = Template("""
create or replace function ocgmap_find_identifiers(
    wanted text, same text[], compact text, most integer)
returns table (id bigint, tier integer, score integer)$head
begin
    if held is null or plain = '' then return; end if;
    return query
    with found as (
        (select t.id, 0 as tier, 10000 as score from groups_identifier t
         where t.access_class_id = any (held)
           and (t.reference = upper(plain) or t.normalised = any (same))
         order by t.id desc limit cap)
        union all (
        select t.id, 1, (similarity(t.normalised, compact) * 10000)::integer
        from groups_identifier t
         where t.access_class_id = any (held) and length(compact) > 3
           and upper(t.normalised) like ocgmap_like(compact)
         order by t.id desc limit cap)
        union all (
        select t.id, 2,
               (word_similarity(compact, upper(t.normalised)) * 10000)::integer
        from groups_identifier t
         where t.access_class_id = any (held) and length(compact) > 5
           and compact <% upper(t.normalised)
         order by t.id desc limit cap)
    )
    select b.id, b.tier, b.score from (
        select distinct on (f.id) f.id, f.tier, f.score from found f
        order by f.id, f.tier, f.score desc
    ) b order by b.tier, b.score desc, b.id desc limit cap;
end $$$$
""").substitute(head=_HEAD)
_REPORTS = Template("""
create or replace function ocgmap_find_reports(wanted text, most integer)
returns table (id bigint, tier integer, score integer)$head
    asked tsquery := websearch_to_tsquery('english', plain);
begin
    if held is null or plain = '' then return; end if;
    return query
    with holding as (
        select t.id from intelligence_report t
        where t.access_class_id = any (held)
          and to_tsvector('english'::regconfig, t.text) @@ asked
        order by t.id desc limit cap
    ), newest as (select h.id from holding h order by h.id desc limit $ranked),
    ranked as (
        select n.id, 1 + (10000 * ts_rank_cd(
            to_tsvector('english'::regconfig, t.text), asked, 33))::integer as score
        from newest n join intelligence_report t on t.id = n.id
    ), found as (
        (select t.id, 0 as tier, 10000 as score from intelligence_report t
         where t.access_class_id = any (held)
           and (t.reference = upper(plain) or upper(t.owner_reference) = upper(plain))
         order by t.id desc limit cap)
        union all select h.id, 1, coalesce(r.score, 0)
        from holding h left join ranked r on r.id = h.id
    )
    select b.id, b.tier, b.score from (
        select distinct on (f.id) f.id, f.tier, f.score from found f
        order by f.id, f.tier, f.score desc
    ) b order by b.tier, b.score desc, b.id desc limit cap;
end $$$$
""").substitute(head=_HEAD, ranked=RANKED)
_LIST = Template("""
create or replace function $function(names text[])
returns table (name text, id bigint)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan
as $$$$
#variable_conflict use_column
declare
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
begin
    if held is null or cardinality(names) > $most then return; end if;
    return query $query;
end $$$$
""")
_PEOPLE_NAMED = _LIST.substitute(
    function="ocgmap_people_named",
    most=MOST,
    query=Template("""
    with asked as (
        select n as typed, ocgmap_folded(n) as folded from unnest(names) n
    )
    select q.typed, t.id from asked q
    join groups_nominal t on ocgmap_folded($person) = q.folded
     where t.access_class_id = any (held)
    union
    select q.typed, t.id from asked q
    join groups_nominalalias a on ocgmap_folded($alias) = q.folded
    join groups_nominal t on t.id = a.nominal_id
     where a.access_class_id = any (held) and a.withdrawn_at is null
       and t.access_class_id = any (held)""").substitute(
        person=PERSON.format("t"), alias=ALIAS.format("a")
    ),
)


def _bearing(kind: str, table: str) -> str:
    return _LIST.substitute(
        function=f"ocgmap_{kind}_bearing",
        most=MOST,
        query=f"""
    select q.typed, t.id from unnest(names) q (typed)
    join {table} t on upper(t.owner_reference) = upper(q.typed)
     where t.access_class_id = any (held) and t.owner_reference <> ''""",  # noqa: S608
    )


_FUNCTIONS = {
    "ocgmap_find_groups(text, boolean, integer)": _names(
        "groups",
        "groups_crimegroup",
        "{0}.name",
        ("groups_groupalias", "group_id", "{0}.name"),
    ),
    "ocgmap_find_people(text, boolean, integer)": _names(
        "people",
        "groups_nominal",
        PERSON,
        ("groups_nominalalias", "nominal_id", ALIAS),
    ),
    "ocgmap_find_identifiers(text, text[], text, integer)": _IDENTIFIERS,
    "ocgmap_find_reports(text, integer)": _REPORTS,
    "ocgmap_people_named(text[])": _PEOPLE_NAMED,
    "ocgmap_groups_bearing(text[])": _bearing("groups", "groups_crimegroup"),
    "ocgmap_reports_bearing(text[])": _bearing("reports", "intelligence_report"),
}
_TABLES = (
    "groups_crimegroup",
    "groups_groupalias",
    "groups_nominal",
    "groups_nominalalias",
    "groups_identifier",
    "intelligence_report",
)


def search_sql() -> Iterator[str]:
    """Yield the statements that make the search: functions, and what they may read."""
    yield "grant usage on schema public to ocgmap_search"
    for table in _TABLES:
        yield f"grant select on {table} to ocgmap_search"
        yield f"drop policy if exists search_select on {table}"
        yield (
            f"create policy search_select on {table} for select to ocgmap_search "
            "using (true)"
        )
    yield "grant execute on all functions in schema public to ocgmap_search"
    yield "grant create on schema public to ocgmap_search"
    for name, text in _FUNCTIONS.items():
        yield text
        yield f"alter function {name} owner to ocgmap_search"
        yield f"revoke all on function {name} from public"
        yield f"grant execute on function {name} to ocgmap_web, ocgmap_worker"
    yield "revoke create on schema public from ocgmap_search"
