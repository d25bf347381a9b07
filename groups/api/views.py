"""Groups, people, memberships, involvements and identifiers over the API."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.authentication import Scopes
from accounts.api.resources import Endpoint, Resource
from accounts.models.api_token import TokenScope
from accounts.visibility import Viewer
from groups.actions import identifiers
from groups.api.people_serializers import (
    IdentifierPage,
    IdentifierSearchBody,
    InvolvementSerializer,
    MembershipSerializer,
    NominalDetailSerializer,
    NominalSerializer,
)
from groups.api.serializers import (
    GroupDetailSerializer,
    GroupSerializer,
    SearchBody,
)
from groups.api.steps import GroupSteps, InvolvementSteps, MembershipSteps
from groups.filters import (
    GroupFilterSet,
    InvolvementFilterSet,
    MembershipFilterSet,
    NominalFilterSet,
)
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Identifier,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
)
from groups.models.participation import SAFEGUARDED
from groups.search import keep_term
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import ProtectedRecord

READ: Scopes = {
    "GET": TokenScope.GROUPS_READ,
    "POST": TokenScope.GROUPS_READ,  # searches
    "PATCH": TokenScope.GROUPS_WRITE,
}
# What the pages that follow the first one of a search must be asked with as well.
KEPT = ("page_size", "ordering")
RECORD_ORDERINGS: Mapping[str, str] = {
    "created": "id",
    "changed_at": "changed_at",
    "reference": "reference",
}


class SearchableResource(Resource[Any]):
    """A resource that can also be searched by name, with the name in the body."""

    scopes = READ
    list_url_name = ""

    @extend_schema(request=SearchBody)
    @action(detail=False, methods=["post"])
    def search(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the first page of what a name finds; `next` leads on by GET.

        `search` is an opaque id: as `q` it narrows the list again, with other filters.
        """
        asked = request.query_params
        check_parameters(asked, (*KEPT, "count"))
        body = SearchBody(data=request.data)
        body.is_valid(raise_exception=True)
        term = keep_term(self.viewer, body.validated_data["text"])
        narrowed = self.filterset_class(  # type: ignore[attr-defined]
            data={"q": str(term.pk)},
            queryset=self.get_queryset(),
            request=request._request,  # noqa: SLF001
        )
        address = reverse(self.list_url_name, request=request)
        kept = {name: asked[name] for name in KEPT if name in asked}
        query = urlencode({"q": term.pk, **kept})
        self.paginator.base_url = f"{address}?{query}"  # type: ignore[union-attr]
        response = self.page(narrowed.qs)
        response.data = {"search": str(term.pk), **response.data}
        return response


class GroupResource(GroupSteps, SearchableResource):
    """Organised crime groups."""

    queryset = CrimeGroup.objects.none()
    serializer_class = GroupSerializer
    detail_serializer_class = GroupDetailSerializer
    filterset_class = GroupFilterSet
    orderings: ClassVar = {**RECORD_ORDERINGS, "review_on": "review_on"}
    list_url_name = "api:groups-list"

    def get_queryset(self) -> QuerySet[CrimeGroup]:
        """Return the groups that the viewer may see, with what they show of them."""
        rows = CrimeGroup.objects.visible_to(self.viewer)
        shown = rows.select_related("owner", "access_class").prefetch_related(
            Prefetch("merged_into", CrimeGroup.objects.visible_to(self.viewer)),
            Prefetch(
                "threats",
                GroupThreat.objects.visible_to(self.viewer)
                .open()
                .select_related("threat_type")
                .order_by("-is_predominant", "id"),
            ),
        )
        return shown.prefetch_related(*self._parts()) if self.detail else shown

    def _parts(self) -> list[Any]:
        activities = Activity.objects.visible_to(self.viewer).order_by("id")
        places = ActivityPlace.objects.visible_to(self.viewer).select_related("area")
        return [
            Prefetch(
                "aliases", GroupAlias.objects.visible_to(self.viewer).order_by("id")
            ),
            Prefetch(
                "activities",
                activities.select_related("threat_type", "offence").prefetch_related(
                    Prefetch("places", places.order_by("id"))
                ),
            ),
        ]


def with_safeguarding(
    rows: QuerySet[Any], viewer: Viewer, nominal: str
) -> QuerySet[Any]:
    """Return the rows with `is_safeguarded`, as far as ``viewer`` may know it."""
    known = Involvement.objects.visible_to(viewer).filter(
        nominal=OuterRef(nominal), kind__in=SAFEGUARDED
    )
    annotated: QuerySet[Any] = rows.annotate(is_safeguarded=Exists(known))
    return annotated


class NominalResource(SearchableResource):
    """People in intelligence; looked for by name only by POST."""

    queryset = Nominal.objects.none()
    serializer_class = NominalSerializer
    detail_serializer_class = NominalDetailSerializer
    filterset_class = NominalFilterSet
    orderings: ClassVar = RECORD_ORDERINGS
    list_url_name = "api:nominals-list"

    def get_queryset(self) -> QuerySet[Nominal]:
        """Return the people that the viewer may see."""
        seen = Nominal.objects.visible_to(self.viewer)
        rows = with_safeguarding(
            seen.select_related("owner", "access_class"), self.viewer, "pk"
        )
        if not self.detail:
            return rows
        aliases = NominalAlias.objects.visible_to(self.viewer).order_by("id")
        return rows.prefetch_related(Prefetch("aliases", aliases))


class ParticipationResource(Resource[Any]):
    """People in groups: the row, the person and the group are all shown."""

    scopes: ClassVar = {
        "GET": TokenScope.GROUPS_READ,
        "PATCH": TokenScope.GROUPS_WRITE,
    }
    orderings: ClassVar = {"created": "id", "changed_at": "changed_at"}
    related = ("owner", "access_class", "asserted_by", "group", "nominal")

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the rows and the people and groups that they name."""
        for row in rows:
            yield from (row, row.nominal, row.group)


class MembershipResource(MembershipSteps, ParticipationResource):
    """Memberships: never of victims or the exploited."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilterSet

    def get_queryset(self) -> QuerySet[Membership]:
        """Return the memberships that the viewer may see."""
        seen = Membership.objects.visible_to(self.viewer)
        return with_safeguarding(
            seen.select_related(*self.related), self.viewer, "nominal"
        )


class InvolvementResource(InvolvementSteps, ParticipationResource):
    """Everyone else who has to do with a group; victims are marked `is_safeguarded`."""

    queryset = Involvement.objects.none()
    serializer_class = InvolvementSerializer
    filterset_class = InvolvementFilterSet

    def get_queryset(self) -> QuerySet[Involvement]:
        """Return the involvements that the viewer may see."""
        seen = Involvement.objects.visible_to(self.viewer)
        return seen.select_related(*self.related)


class IdentifierSearch(Endpoint):
    """Who uses this number? The value is in the body, never in an address."""

    scopes: ClassVar = {"POST": TokenScope.GROUPS_READ}

    @extend_schema(request=IdentifierSearchBody, responses=IdentifierPage)
    def post(self, request: Request) -> Response:
        """Return the visible identifiers of this value, and who uses them."""
        self.refuse_parameters_but()
        body = IdentifierSearchBody(data=request.data)
        body.is_valid(raise_exception=True)
        found = identifiers.look_up(
            by=self.viewer,
            value=body.validated_data["value"],
            kind=body.validated_data.get("kind"),
        )
        rows = list(self._with_uses([row.pk for row in found]))
        self.audit_reading(self._shown(rows))
        return Response(IdentifierPage({"results": rows}).data)

    def _with_uses(self, ids: Sequence[int]) -> QuerySet[Identifier]:
        uses = IdentifierUse.objects.visible_to(self.viewer)
        return (
            Identifier.objects.visible_to(self.viewer)
            .filter(pk__in=ids)
            .select_related("owner", "access_class")
            .prefetch_related(
                Prefetch("uses", uses.select_related("nominal", "group").order_by("id"))
            )
            .order_by("pk")
        )

    def _shown(self, rows: Iterable[Identifier]) -> Iterable[ProtectedRecord]:
        for row in rows:
            yield row
            for use in row.uses.all():
                yield from (one for one in (use.nominal, use.group) if one)
