"""Which tables move the picture, and how a changed row tells the group it touches.

Each source gives SQL over `{rows}` (the changed rows of a statement) that returns
`group_id, cause_id`. From it come statement-level triggers that append to the outbox,
so that COPY, bulk writes, plain SQL, relabelling and disposal all leave their mark.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the assembly reads, and the groups its changed rows touch."""

    table: str
    touched: str


_BY_GROUP = "select group_id, null::bigint from {rows}"

SOURCES: tuple[Source, ...] = (
    Source("groups_crimegroup", "select id, null::bigint from {rows}"),
    Source("groups_groupthreat", _BY_GROUP),
    Source("groups_membership", _BY_GROUP),
    Source("scoring_judgement", _BY_GROUP),
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
PROFILE_TABLES: tuple[str, ...] = (
    "accounts_user",
    "accounts_tagholder",
    "accounts_tag",
)

_MARK = """
create or replace function {name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    with touched(group_id, cause_id) as ({touched}),
    marks as (
        insert into scoring_outbox (group_id, cause_id, at)
        select distinct group_id, cause_id, clock_timestamp() from touched
        returning group_id, cause_id
    )
    insert into scoring_receipt
        (report_id, group_id, access_class_id, submitted_at, state)
    select r.id, g.id, accounts_join_class(r.access_class_id, g.access_class_id),
           clock_timestamp(), 'queued'
    from marks m
    join intelligence_report r on r.id = m.cause_id
    join groups_crimegroup g on g.id = m.group_id
    order by r.id, g.id
    on conflict (report_id, group_id) do update
        set state = 'queued', included_at = null,
            submitted_at = excluded.submitted_at,
            access_class_id = excluded.access_class_id;
    return null;
end $$;
"""

_PROFILES = """
create or replace function scoring_mark_profiles() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into scoring_outbox (group_id, cause_id, at)
    values (null, null, clock_timestamp());
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
    """Return the statements that (re)make every marking trigger. Idempotent."""
    statements = [_PROFILES]
    for source in SOURCES:
        for event, (rows, referencing) in _EVENTS.items():
            name = f"mark_{source.table}_{event}"
            statements.append(
                _MARK.format(name=name, touched=_rows(source.touched, rows))
            )
            statements.append(
                f"create or replace trigger {name} after {event} on {source.table} "
                f"{referencing} for each statement execute function {name}()"
            )
    statements.extend(
        "create or replace trigger mark_profiles after insert or delete or "
        f"update on {table} for each statement "
        "execute function scoring_mark_profiles()"
        for table in PROFILE_TABLES
    )
    return statements
