"""Which tables move the picture, and how a changed row tells the group it touches.

Each source gives SQL over `{rows}` (the changed rows of a statement) that returns
`group_id, cause_id`. From it come statement-level triggers that append to the outbox,
so that COPY, bulk writes, plain SQL, relabelling and disposal all leave their mark.

What was recorded on a group that is merged into another counts there: the drain takes
the survivor with every group that is marked, so only a split has to mark it here.

A raised label does more: it closes at once every open line that rests on the raised
row for readers who may no longer see it, even when no drain runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.engine import CATALOGUE


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the assembly reads, and the groups its changed rows touch."""

    table: str
    touched: str


_BY_GROUP = "select group_id, null::bigint from {rows}"

SOURCES: tuple[Source, ...] = (
    # The old row of a group that was split off names the survivor as it was.
    Source(
        "groups_crimegroup",
        "select id, null::bigint from {rows} union "
        "select merged_into_id, null::bigint from {rows} "
        "where merged_into_id is not null",
    ),
    Source("groups_groupthreat", _BY_GROUP),
    Source("groups_membership", _BY_GROUP),
    Source("scoring_judgement", _BY_GROUP),
    Source(
        "scoring_judgementcitation",
        "select j.group_id, null::bigint from {rows} r "
        "join scoring_judgement j on j.id = r.judgement_id",
    ),
    Source("scoring_banddecision", _BY_GROUP),
    Source(
        "intelligence_attributeclaim",
        "select group_id, report_id from {rows}",
    ),
    # A mention moves no figure yet; it gives its report a receipt for the group.
    Source(
        "intelligence_mention",
        "select group_id, report_id from {rows} where group_id is not null",
    ),
    Source(
        "intelligence_report",
        "select c.group_id, r.id from {rows} r "
        "join intelligence_attributeclaim c on c.report_id = r.id "
        "union select m.group_id, r.id from {rows} r "
        "join intelligence_mention m on m.report_id = r.id "
        "where m.group_id is not null",
    ),
)

# Who may see what has changed: the drain derives the profiles of readers again.
# The columns keep sign-ins, which touch accounts all day, from counting.
PROFILE_TABLES: dict[str, str] = {
    "accounts_user": "update of organisation_id, role, clearance, is_active",
    "accounts_tagholder": "update",
    "accounts_tag": "update of expires_on",
    "accounts_subject": "update",
}
# Rows of these are evidence of the group in their own column `group_id`.
EVIDENCE_TABLES: tuple[str, ...] = (
    "groups_groupthreat",
    "groups_membership",
    "intelligence_attributeclaim",
    "scoring_judgement",
    "scoring_banddecision",
)
# Both name an attribute of the one catalogue.
_ATTRIBUTE_TABLES = ("intelligence_attributeclaim", "scoring_judgement")

_MARK = """
create or replace function {name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    with touched(group_id, cause_id) as ({touched}),
    marks as (
        insert into scoring_outbox (group_id, cause_id, at)
        select group_id, cause_id, clock_timestamp()
        from (select distinct group_id, cause_id from touched) each_once
        returning group_id, cause_id
    )
    insert into scoring_receipt
        (report_id, group_id, access_class_id, submitted_at, state)
    select r.id, g.id, accounts_join_class(r.access_class_id, g.access_class_id),
           clock_timestamp(), {state}
    from marks m
    join intelligence_report r on r.id = m.cause_id
    join groups_crimegroup g on g.id = m.group_id
    order by r.id, g.id
    on conflict (report_id, group_id) do update
        set state = excluded.state, included_at = null,
            submitted_at = excluded.submitted_at,
            access_class_id = excluded.access_class_id;
    return null;
end $$;
"""

# A report that is not assured counts nowhere, and its receipt says so.
_RECEIPT_STATE = (
    "case when r.state in ('awaiting', 'returned') then r.state else 'queued' end"
)

_PROFILES = """
create or replace function scoring_mark_profiles() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into scoring_outbox (group_id, cause_id, at)
    values (null, null, clock_timestamp());
    return null;
end $$;
"""

# The scores are held first: a drain that is writing is waited for, so that none of its
# lines slips past; one that comes later reads the raised label.
_HOLD = """
create or replace function scoring_hold_scores() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform 1 from scoring_scorehead
    where group_id in (new.id, new.merged_into_id) order by group_id for update;
    return new;
end $$;
create or replace trigger c_hold_scores before update of access_class_id
on groups_crimegroup for each row
when (old.access_class_id is distinct from new.access_class_id)
execute function scoring_hold_scores();
"""

_RAISED = """
create or replace function scoring_evidence_raised() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    touched bigint[];
begin
    select array_agg(distinct u.id) into touched
    from old_rows o join new_rows n on n.id = o.id
    join groups_crimegroup g on g.id = n.group_id
    cross join lateral (values (g.id), (g.merged_into_id)) u(id)
    where o.access_class_id <> n.access_class_id and u.id is not null;
    if touched is null then return null; end if;
    perform 1 from scoring_scorehead where group_id = any(touched)
        order by group_id for update;
    update scoring_pictureline l
    set valid_to = greatest(clock_timestamp(), l.valid_from + interval '1 microsecond')
    from old_rows o join new_rows n on n.id = o.id
    join groups_crimegroup g on g.id = n.group_id
    where l.group_id in (g.id, g.merged_into_id) and l.valid_to is null
      and o.access_class_id <> n.access_class_id
      and accounts_at_least(l.access_class_id, o.access_class_id)
      and not accounts_at_least(l.access_class_id, n.access_class_id);
    return null;
end $$;
"""

_EVENTS = {
    "insert": ("new_rows", "referencing new table as new_rows"),
    "delete": ("old_rows", "referencing old table as old_rows"),
    "update": (
        "both",
        "referencing old table as old_rows new table as new_rows",
    ),
}


def _rows(touched: str, rows: str) -> str:
    if rows != "both":
        return touched.format(rows=rows)
    return f"{touched.format(rows='old_rows')} union {touched.format(rows='new_rows')}"


def trigger_sql() -> list[str]:
    """Return the statements that (re)make every trigger and check here. Idempotent."""
    return [*_marks(), *_profile_marks(), *_raises(), *_attribute_checks()]


def _marks() -> Iterator[str]:
    for source in SOURCES:
        for event, (rows, referencing) in _EVENTS.items():
            name = f"mark_{source.table}_{event}"
            yield _MARK.format(
                name=name, touched=_rows(source.touched, rows), state=_RECEIPT_STATE
            )
            yield (
                f"create or replace trigger {name} after {event} on {source.table} "
                f"{referencing} for each statement execute function {name}()"
            )


def _profile_marks() -> Iterator[str]:
    yield _PROFILES
    for table, update in PROFILE_TABLES.items():
        yield (
            f"create or replace trigger mark_profiles after insert or delete or "
            f"{update} on {table} for each statement "
            "execute function scoring_mark_profiles()"
        )


def _raises() -> Iterator[str]:
    yield _HOLD
    yield _RAISED
    _rows_of, referencing = _EVENTS["update"]
    for table in EVIDENCE_TABLES:
        yield (
            f"create or replace trigger evidence_raised after update on {table} "
            f"{referencing} for each statement "
            "execute function scoring_evidence_raised()"
        )


def _attribute_checks() -> Iterator[str]:
    keys = ", ".join(f"'{key}'" for key in sorted(CATALOGUE))
    for table in _ATTRIBUTE_TABLES:
        yield f"alter table {table} drop constraint if exists {table}_catalogue"
        yield (
            f"alter table {table} add constraint {table}_catalogue "
            f"check (attribute in ({keys}))"
        )
