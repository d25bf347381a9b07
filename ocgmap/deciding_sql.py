"""What the database itself asks of a step of two persons: each acts in their own name.

Whoever reads such a row is said beside the other policies. Here: the web proposes in the
name of who acts, and undecided; and it decides in the name of who acts.
"""

from collections.abc import Iterator
from string import Template
from typing import Final

from accounts.roles import RIGHTS, Right

_ACTOR: Final = "nullif(current_setting('ocgmap.actor', true), '')::bigint"
_ORGANISATION: Final = (
    "nullif(current_setting('ocgmap.organisation', true), '')::bigint"
)
_HOLDS: Final = f"accounts_holds({_ACTOR}, tag_id)"
_WITHIN: Final = f"organisation_id = {_ORGANISATION}"
_UNDECIDED: Final = "state = 'proposed' and decided_by_id is null"
_DECIDES: Final = f"decided_by_id = {_ACTOR}"
_MAY_APPROVE: Final = Template("""
create or replace function accounts_may_approve(account bigint) returns boolean
language sql stable set search_path = public, pg_temp as $$$$
    select exists (select from accounts_user u
                   where u.id = account and u.is_active and u.role in ($roles))
$$$$
""")
_POLICIES: Final = {
    ("accounts_membershipproposal", "insert"): (
        f"with check ({_HOLDS} and proposed_by_id = {_ACTOR} and {_UNDECIDED})"
    ),
    ("accounts_membershipproposal", "update"): (
        f"using ({_HOLDS} and state = 'proposed') with check ({_HOLDS} and {_DECIDES})"
    ),
    ("accounts_subject", "insert"): (
        f"with check ({_HOLDS} and registered_by_id = {_ACTOR})"
    ),
    ("accounts_largeexport", "insert"): (
        f"with check ({_WITHIN} and user_id = {_ACTOR} and {_UNDECIDED})"
    ),
    ("accounts_largeexport", "update"): (
        f"using ({_WITHIN}) with check ({_WITHIN} and {_DECIDES})"
    ),
}


def approving_sql() -> Iterator[str]:
    """Yield the function that says whether an account's role may approve."""
    roles = ", ".join(
        f"'{role}'" for role, rights in RIGHTS.items() if Right.APPROVE in rights
    )
    yield _MAY_APPROVE.substitute(roles=roles)


def deciding_sql() -> Iterator[str]:
    """Yield the policies of the web for what it proposes and decides."""
    for (table, command), rule in _POLICIES.items():
        yield f"drop policy if exists web_{command} on {table}"
        yield f"create policy web_{command} on {table} for {command} to ocgmap_web {rule}"
