"""The project's own reference files, read into frozen records or refused.

The files lie in `accounts/reference/` and `groups/reference/`, each folder with a
README that names its sources. Whoever reads a folder passes it in: this package knows
no app. Standard library only, so that it works before anything is installed.
"""

from ocgmap.common.reference.code_lists import read_groups, read_identifier_kinds
from ocgmap.common.reference.identifier_kinds import IdentifierKind
from ocgmap.common.reference.organisations import read_accounts
from ocgmap.common.reference.records import AccountsReference, GroupsReference
from ocgmap.common.reference.rows import ReferenceDataError

__all__ = [
    "AccountsReference",
    "GroupsReference",
    "IdentifierKind",
    "ReferenceDataError",
    "read_accounts",
    "read_groups",
    "read_identifier_kinds",
]
