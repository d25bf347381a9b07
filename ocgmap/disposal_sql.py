"""The one function that disposes of a record, made from the models.

It asks for itself whether two persons decided and nothing holds the record back, erases
the record with all rows that hang on it and the history of all of them, and leaves a
certificate. What hangs on a record is read from the foreign keys, so that no new table
can be forgotten; `tests/unit/ocgmap/test_disposal_plan.py` lists the plan for review.
"""

from collections.abc import Iterator
from string import Template
from typing import Any

from django.apps import apps
from django.db import models

from accounts.roles import RIGHTS, Right
from intelligence.models.retention import REVIEWED

KINDS: dict[str, str] = {
    "group": "groups",
    "nominal": "people",
    "identifier": "identifiers",
    "report": "reports",
}
# What merely names a record that goes, and outlives it. A group that was merged into it
# stands alone again: one that the approver may see is split off before.
LET_GO = {
    ("groups.crimegroup", "merged_into"),
    ("intelligence.report", "supersedes"),
    ("scoring.judgement", "supersedes"),
}
# What past figures are sums of: ids and levels, bound to its group by no key.
KEPT = {("scoring.assessment", "group"), ("scoring.pictureline", "group")}
# The lock of a group's scores: held from the first step, and removed by the last.
_LOCK = ("scoring.scorehead", "group")
_APART = LET_GO | KEPT | {_LOCK}
# What must hold besides, of one kind: as `intelligence.actions.disposal` says.
_BESIDES = {
    "group": "and r.activity_status = 'archived' and r.merged_into_id is null",
}
# What a record is called: colleagues may have typed it elsewhere. A surname alone, a
# designation or a few words would be found in what speaks of others; so a name of one
# word counts only where it is all that was typed (the second list).
_PHRASES = {
    "group": "said, whole",
    "nominal": "case when one.given_names <> '' and one.surname <> '' "
    "then array[one.reference, one.given_names || ' ' || one.surname, "
    "one.surname || ' ' || one.given_names] else array[one.reference] end, '{}'",
    "identifier": "array[one.reference, ocgmap_telling(one.kind, one.value), "
    "ocgmap_telling(one.kind, one.normalised)], '{}'",
    "report": "array[one.reference, case when length(one.text) >= 40 "
    "then one.text end], '{}'",
}
_ERASE = Template("""
create or replace function ocgmap_erase_$column(target bigint, inout counts jsonb)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$$$
declare
    one $table;
$more_declared
begin
    select * into strict one from $table where id = target;
$before
$steps
    counts := ocgmap_erase('$table', '${table}event', true, 'id = $$1', target,
                           one.access_class_id, counts);
    delete from intelligence_sightrequest where reference = one.reference;
    perform ocgmap_erase_typed($phrases, one.public_id);
$after
end $$$$;
revoke execute on function ocgmap_erase_$column(bigint, jsonb)
    from public, ocgmap_web, ocgmap_worker;
""")
_STEP = (
    "    counts := ocgmap_erase('{table}', '{history}', {is_labelled}, '{where}', "
    "target,\n                           one.access_class_id, counts);"
)
_LET_GO = "    update {table} set {column} = null where {column} {where};"
# An identifier goes with the last use of it, where it is the same owner's and not held.
_USED = """
    used := array(select distinct u.identifier_id from groups_identifieruse u
                  where u.{column}_id = target);"""
_USED_ALONE = """
    for alone in
        select i.id from groups_identifier i
        where i.id = any(used) and i.owner_id = one.owner_id and not i.legal_hold
          and not exists (select from groups_identifieruse u where u.identifier_id = i.id)
    loop
        counts := ocgmap_erase_identifier(alone, counts);
    end loop;"""
_DECLARED = {
    "group": "    used bigint[];\n    alone bigint;\n    said text[];\n    whole text[];",
    "nominal": "    used bigint[];\n    alone bigint;",
}
# A drain that scores the group is waited for, so that none of its lines slips past; one
# that comes later finds no lock, and so no group.
_NAMES = r"""
    perform 1 from scoring_scorehead h where h.group_id = target for update;
    select array[one.reference::text]
               || coalesce(array_agg(n.name) filter (where n.name ~ '\S\s+\S'), '{}'),
           array_remove(array_agg(lower(btrim(n.name)))
                        || lower(btrim(one.owner_reference)), '')
    into said, whole
    from (select one.name::text
          union select e.name from groups_crimegroupevent e where e.pgh_obj_id = target
          union select a.name from groups_groupalias a where a.group_id = target
          union select e.name from groups_groupaliasevent e where e.group_id = target
    ) n(name);"""
# Lines and assessments stay, closed. A line that is less strict than its group was, which
# none should be, is not told of.
_LINES = """
    update scoring_pictureline l
    set is_disposed = accounts_at_least(l.access_class_id, one.access_class_id),
        valid_to = coalesce(l.valid_to, greatest(
            clock_timestamp(), l.valid_from + interval '1 microsecond'))
    where l.group_id = target;
    delete from scoring_scorehead where group_id = target;
    delete from scoring_outboxdead where group_id = target;
    delete from scoring_attempt where group_id = target;"""
_CLUSTER = """
    delete from groups_identitycluster c where c.id = one.cluster_id
        and not exists (select from groups_nominal n where n.cluster_id = c.id);"""
_BEFORE = {
    "group": "".join((_NAMES, _USED.format(column="group"))),
    "nominal": _USED.format(column="nominal"),
}
_AFTER = {
    "group": "".join((_USED_ALONE, _LINES)),
    "nominal": "".join((_USED_ALONE, _CLUSTER)),
}
_DISPOSE = Template("""
create or replace function intelligence_dispose(review bigint) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$$$
declare
    asked intelligence_retentionreview;
    actor bigint := nullif(current_setting('ocgmap.actor', true), '')::bigint;
    held bigint[] := nullif(current_setting('ocgmap.classes', true), '')::bigint[];
    of_kind text;
    target bigint;
    owned_by bigint;
    classed bigint;
    retained text;
    stands boolean;
    counts jsonb := '{}';
    made uuid;
begin
    select * into asked from intelligence_retentionreview where id = review;
    $cases
    end if;
    if target is null or stands is not true or asked.state <> 'approved'
       or asked.decided_by_id is distinct from actor or asked.created_by_id = actor
       or not classed = any(held)
       or not exists (select from accounts_user u where u.id = actor and u.is_active
                      and u.organisation_id = owned_by and u.role in ($roles)) then
        raise exception 'not approved by two' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('ocgmap.disposing', 'yes', true);
    case of_kind
    $erases
    end case;
    perform set_config('ocgmap.disposing', '', true);
    insert into intelligence_disposalcertificate (public_id, owner_id, access_class_id,
        version, created_at, changed_at, kind, retention_class, reason_code,
        proposed_by_id, approved_by_id, counts)
    values (gen_random_uuid(), owned_by, classed, 1, now(), now(), of_kind, retained,
        asked.disposal_reason, asked.created_by_id, actor, counts)
    returning public_id into made;
    return made;
end $$$$;
revoke execute on function intelligence_dispose(bigint) from public;
grant execute on function intelligence_dispose(bigint) to ocgmap_web, ocgmap_worker;
""")
_CASE = Template("""if asked.${column}_id is not null then
        select '$kind', r.id, r.owner_id, r.access_class_id, r.retention_class,
               not r.legal_hold and not ocgmap_is_held_back_$column(r.id)
                   and r.version = asked.record_version $besides
        into of_kind, target, owned_by, classed, retained, stands
        from $table r where r.id = asked.${column}_id for update;
    els""")
_CALL = "when '{kind}' then counts := ocgmap_erase_{column}(target, counts);"


def disposal_sql() -> Iterator[str]:
    """Yield the statements that make the functions anew."""
    for model, column in sorted(REVIEWED.items(), key=lambda one: one[1]):
        yield _ERASE.substitute(
            column=column,
            table=_table(model),
            phrases=_PHRASES[column],
            steps="\n".join(_statements(model)),
            more_declared=_DECLARED.get(column, ""),
            before=_BEFORE.get(column, ""),
            after=_AFTER.get(column, ""),
        )
    disposers = [
        f"'{role}'"
        for role, held in RIGHTS.items()
        if held & {Right.DISPOSE, Right.APPROVE}
    ]
    cases = "".join(
        _CASE.substitute(
            column=column,
            kind=KINDS[column],
            table=_table(model),
            besides=_BESIDES.get(column, ""),
        )
        for model, column in REVIEWED.items()
    )
    yield _DISPOSE.substitute(
        cases=cases.removesuffix("\n    els"),
        roles=", ".join(disposers),
        erases="\n    ".join(
            _CALL.format(kind=kind, column=column) for column, kind in KINDS.items()
        ),
    )


def plan(model: type[models.Model]) -> list[tuple[str, str]]:
    """Return table and condition of each step that comes before the record itself."""
    found: list[tuple[str, str]] = []
    _walk(model, "$1", found, ())
    return found


def _walk(
    model: type[models.Model],
    wanted: str,
    found: list[tuple[str, str]],
    above: tuple[type[models.Model], ...],
) -> None:
    """Add the steps for what points at ``model``, those furthest below first."""
    for child, column in _pointing_at(model):
        if child in above:
            raise LookupError(
                f"{_table(child)} hangs on itself: say what becomes of it"
            )
        is_one = wanted == "$1"
        where = f"{column} = $1" if is_one else f"{column} in ({wanted})"
        below = f"select id from {_table(child)} where {where}"  # noqa: S608
        _walk(child, below, found, (*above, model))
        found.append((_table(child), where))


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[type[Any], str]]:
    for child in apps.get_models():
        if hasattr(child, "pgh_tracked_model"):
            continue
        for field in child._meta.fields:  # noqa: SLF001 - the documented interface
            name = (child._meta.label_lower, field.name)  # noqa: SLF001
            if field.related_model is model and name not in _APART:
                yield child, str(field.column)


def _statements(model: type[models.Model]) -> Iterator[str]:
    goes = [(_table(model), "id = $1"), *plan(model)]
    for label, name in sorted(LET_GO):
        child = apps.get_model(label)
        field = child._meta.get_field(name)  # noqa: SLF001
        for parent, where in goes:
            if parent == _table(field.related_model):
                yield from _let_go(child, str(field.column), parent, where)
    tracked = {
        _table(one.pgh_tracked_model): _table(one)
        for one in apps.get_models()
        if hasattr(one, "pgh_tracked_model")
    }
    labelled = {
        _table(one)
        for one in apps.get_models()
        if any(field.name == "access_class" for field in one._meta.fields)  # noqa: SLF001
    }
    for table, where in plan(model):
        yield _STEP.format(
            table=table,
            history=tracked.get(table, ""),
            is_labelled=str(table in labelled).lower(),
            where=where,
        )


def _let_go(
    child: type[models.Model], column: str, parent: str, where: str
) -> Iterator[str]:
    """Yield how ``child`` and its history forget the rows of ``parent`` that go."""
    is_itself = where == "id = $1"
    below = f"in (select id from {parent} where {where})"  # noqa: S608 - texts of ours
    gone = "= target" if is_itself else below
    for table in (_table(child), f"{_table(child)}event"):
        yield _LET_GO.format(table=table, column=column, where=gone)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001
