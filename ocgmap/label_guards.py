"""The trigger by which no row is less strict than what it hangs on."""

from collections.abc import Iterator, Sequence

_GUARD = """
create or replace function guard_label_of_{table}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parent_class bigint;
begin
    {checks}
    return new;
end $$
"""
_CHECK = """
    if new.{column} is not null then
        select access_class_id into parent_class from {parent} where id = new.{column};
        if parent_class <> new.access_class_id
           and not accounts_at_least(new.access_class_id, parent_class) then
            raise exception 'The label of % is less strict than that of its %.',
                tg_table_name, '{column}' using errcode = 'check_violation';
        end if;
    end if;
"""


def label_guard(table: str, parents: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the statements that lay the trigger; none where there is no parent.

    ``parents`` are the columns that point at parents, each with its table. Each table
    has a function of its own, whose statements are planned once a session: bulk loads
    pass here row by row.
    """
    if not parents:
        return
    checks = "".join(
        _CHECK.format(column=column, parent=parent) for column, parent in parents
    )
    yield _GUARD.format(table=table, checks=checks)
    columns = ", ".join(column for column, _ in parents)
    yield (
        "create or replace trigger b_label_guard before insert or update of "
        f"access_class_id, {columns} on {table} for each row "
        f"execute function guard_label_of_{table}()"
    )
