"""Names and identifiers can be found by part, by likeness and by sound."""

from django.db import migrations

# `unaccent` is only stable, since its dictionary might change; it is named here, so that
# an index may use it. Names are qualified: a restore has no search path.
FUNCTIONS = """
create or replace function ocgmap_folded(said text) returns text
language sql immutable strict parallel safe as
$$ select lower(public.unaccent('public.unaccent'::regdictionary, said)) $$;

create or replace function ocgmap_sounds(said text) returns text[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct public.dmetaphone(w)), '{}')
    from regexp_split_to_table(public.ocgmap_folded(said), '[^a-z]+') w
    where length(w) > 2 and public.dmetaphone(w) <> ''
$$;

create or replace function ocgmap_like(part text) returns text
language sql immutable strict parallel safe as $$
    select '%' || regexp_replace(part, '([\\\\%_])', '\\\\\\1', 'g') || '%'
$$;
"""
PERSON = "btrim(given_names || ' ' || surname || ' ' || designation)"
ALIAS = "btrim(given_names || ' ' || surname)"
NAMES = {
    "groups_crimegroup": "name",
    "groups_groupalias": "name",
    "groups_nominal": PERSON,
    "groups_nominalalias": ALIAS,
}


def indexes() -> list[tuple[str, str]]:
    """Return the name of each index and what it is on."""
    made = [
        ("groups_crimegroup_urn", "groups_crimegroup (upper(owner_reference))"),
        (
            "groups_identifier_part",
            "groups_identifier using gin (upper(normalised) gin_trgm_ops)",
        ),
        ("groups_nominal_said", f"groups_nominal (ocgmap_folded({PERSON}))"),
        ("groups_nominalalias_said", f"groups_nominalalias (ocgmap_folded({ALIAS}))"),
    ]
    for table, name in NAMES.items():
        folded = f"{table} using gin (ocgmap_folded({name}) gin_trgm_ops)"
        made.append((f"{table}_part", folded))
        made.append((f"{table}_sound", f"{table} using gin (ocgmap_sounds({name}))"))
    return made


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_category_is_said")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(
                f"create index {name} on {on}", f"drop index if exists {name}"
            )
            for name, on in indexes()
        ),
    ]
