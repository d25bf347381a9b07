"""Words that stand nowhere else, and the facts of the world by their addresses."""

from itertools import count
from typing import Any

from accounts.models import MembershipProposal
from groups.models import (
    Activity,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    NominalAlias,
    PersonLink,
    Transfer,
)
from intelligence.models import RetentionReview, SharingChange, SubjectFinding
from ocgmap.common.records import Withdrawable

_numbers = count()
# Facts as addresses name them, and the column that points at the group or person.
ROWS: dict[str, tuple[type[Any], str]] = {
    "groups/members": (Membership, "group"),
    "groups/involvements": (Involvement, "group"),
    "groups/aliases": (GroupAlias, "group"),
    "groups/threats": (GroupThreat, "group"),
    "groups/identifiers": (IdentifierUse, "group"),
    "groups/activities": (Activity, "group"),
    "groups/links": (GroupLink, "a"),
    "groups/transfers": (Transfer, "group"),
    "sharing/groups": (SharingChange, "group"),
    "compartments/members": (MembershipProposal, "tag"),
    "people/aliases": (NominalAlias, "nominal"),
    "people/identifiers": (IdentifierUse, "nominal"),
    "people/links": (PersonLink, "a"),
    "retention/people": (RetentionReview, "nominal"),
    "subjects/findings": (SubjectFinding, "request"),
}


def word() -> str:
    """Return a word that stands nowhere else: letters only, fit for a name."""
    number, letters = next(_numbers), ""
    for _ in range(4):
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
    return f"Zq{letters}x"


def rows_by_parent() -> dict[str, list[list[str]]]:
    """Return the ids of facts with those of what they are about."""
    found = {}
    for part, (model, column) in ROWS.items():
        about = model.objects.filter(**{f"{column}__isnull": False})
        if issubclass(model, Withdrawable):
            about = about.filter(withdrawn_at__isnull=True)
        pairs = about.values_list("public_id", f"{column}__public_id").order_by("pk")
        found[part] = [[str(one) for one in pair] for pair in pairs]
    return found
