"""How lists of groups and people can be narrowed, on pages and in the API.

Names and free text are not filters: a search is sent by POST, and its address then
carries the opaque id of a `SearchTerm` as `q`.
"""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.filters import OwnerFilter, RegionFilter
from accounts.visibility import Viewer
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    SavedSearch,
    ThreatType,
)
from groups.models.crime_group import ActivityStatus, GroupKind, RecordState, Tier
from groups.models.participation import (
    SAFEGUARDED,
    DpaCategory,
    InvolvementKind,
    Standing,
)
from groups.models.saved_search import SearchKind
from groups.search import groups_matching, people_matching, term_of
from ocgmap.common.filters import (
    AnyOfFilter,
    CodesFilter,
    DayFilter,
    IdsFilter,
    MomentFilter,
    SavedFilter,
    StrictFilterSet,
    TermFilter,
    TruthFilter,
)
from ocgmap.common.parameters import InvalidParameter
from ocgmap.common.records import ProtectedRecord

SINCE = (
    "Changed at or after this moment, itself or a part that is shown with it. Ask "
    "again with ten minutes of overlap."
)


class RecordFilterSet(StrictFilterSet):
    """What every list of records can be narrowed by."""

    owner = OwnerFilter()
    region = RegionFilter()
    updated_since = MomentFilter(
        method="changed_since", label="Changed since", help_text=SINCE
    )
    # What a row shows of itself that stands in rows of their own: model, way back.
    parts: ClassVar[Sequence[tuple[type[ProtectedRecord], str]]] = ()

    def changed_since(
        self, rows: QuerySet[Any], name: str, value: datetime.datetime
    ) -> QuerySet[Any]:
        """Keep the rows that changed at or after ``value``, or a part that they show."""
        changed = Q(changed_at__gte=value)
        for model, way in self.parts:
            seen: Any = model._default_manager.all()  # noqa: SLF001
            later = seen.visible_to(self.viewer).filter(changed_at__gte=value)
            changed |= Q(Exists(later.filter(**{way: OuterRef("pk")})))
        return rows.filter(changed)

    def saved(self, rows: QuerySet[Any], name: str, value: uuid.UUID) -> QuerySet[Any]:
        """Keep what a saved search finds, with the rights of the viewer.

        Raises:
            InvalidParameter: the viewer finds no such search of this list.
        """
        seen = SavedSearch.objects.visible_to(self.viewer)
        saved = seen.filter(public_id=value, kind=self.saved_kind).first()
        if saved is None:
            raise InvalidParameter(
                "saved_search: You have no such saved search of this list.",
                field="saved_search",
            )
        return self.found_by(saved, rows)

    def found_by(self, saved: SavedSearch, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of ``rows`` that a saved search finds; none if it is out of date."""
        chosen = type(self)(data=saved.asked, queryset=rows, request=self.request)
        chosen.saved_text = saved.text
        found: QuerySet[Any] = chosen.qs if chosen.is_valid() else rows.none()
        return found

    @property
    def viewer(self) -> Viewer:
        """Return who asks: nested look-ups must see no more than they may."""
        viewer: Viewer = self.request.viewer
        return viewer

    # The kind of saved search that finds such rows.
    saved_kind: ClassVar[str] = ""
    # What a saved search looks for, in place of a term of the viewer's own.
    saved_text: str | None = None

    def searched(self, term_id: str) -> str:
        """Return the text behind the id of one of the viewer's own searches.

        Raises:
            InvalidParameter: there is none such, or it is another user's.
        """
        if self.saved_text is not None:
            return self.saved_text
        term = term_of(self.viewer, term_id)
        if term is None:
            raise InvalidParameter(
                "q: This search is not one of yours. Search again.", field="q"
            )
        return term.text


class GroupFilterSet(RecordFilterSet):
    """Groups by owner, region, state, status, tier, kind and predominant threat."""

    parts = (
        (GroupThreat, "group"),
        (GroupAlias, "group"),
        (Activity, "group"),
        (ActivityPlace, "activity__group"),
    )
    state = AnyOfFilter(
        field_name="record_state", choices=RecordState, help_text="Record state."
    )
    status = AnyOfFilter(
        field_name="activity_status",
        choices=ActivityStatus,
        help_text="Activity status.",
    )
    tier = AnyOfFilter(choices=Tier, help_text="Level of tasking.")
    kind = AnyOfFilter(choices=GroupKind, help_text="Kind of record.")
    threat = CodesFilter(
        queryset=ThreatType.objects.all(),
        method="of_threat",
        label="Predominant threat",
        help_text="Code of the predominant threat; repeat for any of several.",
    )
    nominal = IdsFilter(
        method="with_member", label="Person", help_text="Id of a nominal: its groups."
    )
    review_to = DayFilter(
        field_name="review_on", lookup_expr="lte", help_text="Review due by this day."
    )
    q = TermFilter(method="found")

    def of_threat(
        self, rows: QuerySet[CrimeGroup], name: str, value: Sequence[int]
    ) -> QuerySet[CrimeGroup]:
        """Keep the groups whose predominant threat, as the viewer sees it, is one."""
        threats = GroupThreat.objects.visible_to(self.viewer).open()
        return rows.filter(
            Exists(
                threats.filter(
                    group=OuterRef("pk"),
                    is_predominant=True,
                    threat_type_id__in=list(value),
                )
            )
        )

    def found(
        self, rows: QuerySet[CrimeGroup], name: str, value: str
    ) -> QuerySet[CrimeGroup]:
        """Keep the groups that one of the viewer's searches finds."""
        found = groups_matching(self.viewer, self.searched(value))
        return rows.filter(pk__in=found.values("pk"))

    def with_member(
        self, rows: QuerySet[CrimeGroup], name: str, value: Sequence[str]
    ) -> QuerySet[CrimeGroup]:
        """Keep the groups that any of these people is a member of."""
        members = Membership.objects.visible_to(self.viewer).filter(
            group=OuterRef("pk"), nominal__public_id__in=list(value)
        )
        return rows.filter(Exists(members))


class NominalFilterSet(RecordFilterSet):
    """People by owner, region and group; never by name, which goes by POST."""

    parts = ((NominalAlias, "nominal"),)
    saved_kind = SearchKind.PEOPLE
    saved_search = SavedFilter(method="saved")
    identified = TruthFilter(
        field_name="is_identified", help_text="Identified by name or not."
    )
    group = IdsFilter(
        method="members_of", label="Group", help_text="Id of a group: its members."
    )
    q = TermFilter(method="found")

    def found(
        self, rows: QuerySet[Nominal], name: str, value: str
    ) -> QuerySet[Nominal]:
        """Keep the people that one of the viewer's searches finds."""
        found = people_matching(self.viewer, self.searched(value))
        return rows.filter(pk__in=found.values("pk"))

    def members_of(
        self, rows: QuerySet[Nominal], name: str, value: Sequence[str]
    ) -> QuerySet[Nominal]:
        """Keep the members of any of these groups, never the involved."""
        members = Membership.objects.visible_to(self.viewer).filter(
            nominal=OuterRef("pk"), group__public_id__in=list(value)
        )
        return rows.filter(Exists(members))


class ParticipationFilterSet(RecordFilterSet):
    """Rows of people in groups, by both and by whether they have ended."""

    group = IdsFilter(field_name="group__public_id", help_text="Id of a group.")
    nominal = IdsFilter(field_name="nominal__public_id", help_text="Id of a nominal.")
    dpa_category = AnyOfFilter(
        choices=DpaCategory, help_text="Category of data subject (DPA 2018 s.38(3))."
    )
    open = TruthFilter(
        field_name="to_on", lookup_expr="isnull", help_text="True: not ended."
    )


class MembershipFilterSet(ParticipationFilterSet):
    """Memberships, also by standing."""

    standing = AnyOfFilter(choices=Standing, help_text="How central the member is.")


class InvolvementFilterSet(ParticipationFilterSet):
    """Involvements, also by kind, and safeguarded people apart from others."""

    kind = AnyOfFilter(choices=InvolvementKind, help_text="Kind of involvement.")
    safeguarded = TruthFilter(
        method="of_safeguarded", help_text="True: victims and the exploited only."
    )

    def of_safeguarded(
        self, rows: QuerySet[Involvement], name: str, value: bool
    ) -> QuerySet[Involvement]:
        """Keep victims and the exploited, or everyone else."""
        chosen = rows.filter if value else rows.exclude
        return chosen(kind__in=SAFEGUARDED)
