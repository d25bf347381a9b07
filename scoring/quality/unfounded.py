"""Facts that rest on nothing: neither a report cites them nor does a reason stand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.visibility import Viewer
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
)
from intelligence.models import Mention


@dataclass(frozen=True, slots=True)
class FactSort:
    """A sort of fact, what points at its parent, and the column that cites it, if any."""

    key: str
    title: str
    model: type[Any]
    about: tuple[str, ...]
    cited_by: str = ""

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        """Return the visible facts of this sort that nothing visible supports."""
        found: QuerySet[Any] = self.model.objects.visible_to(viewer).filter(
            rationale=""
        )
        if not self.cited_by:
            return found
        cites = Mention.objects.visible_to(viewer)
        return found.filter(~Exists(cites.filter(**{self.cited_by: OuterRef("pk")})))


UNFOUNDED = (
    FactSort(
        "memberships", "Memberships", Membership, ("group", "nominal"), "membership"
    ),
    FactSort(
        "involvements", "Involvements", Involvement, ("group", "nominal"), "involvement"
    ),
    FactSort("threats", "Threats", GroupThreat, ("group",), "threat"),
    FactSort("activities", "Activities", Activity, ("group",), "activity"),
    FactSort("group-names", "Other names of groups", GroupAlias, ("group",)),
    FactSort("person-names", "Other names of people", NominalAlias, ("nominal",)),
    FactSort("identifiers", "Identifier uses", IdentifierUse, ("group", "nominal")),
    FactSort(
        "group-links", "Links between groups", GroupLink, ("a", "b"), "group_link"
    ),
    FactSort(
        "person-links", "Links between people", PersonLink, ("a", "b"), "person_link"
    ),
)
SORTS = {sort.model: sort for sort in UNFOUNDED}
