"""Organisations over the API: reference data that every token may read."""

from typing import ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.api.authentication import ANY
from accounts.api.resources import Resource
from accounts.api.serializers import OrganisationSerializer
from accounts.filters import OrganisationFilterSet
from accounts.models import Organisation, OrganisationPlacement


class OrganisationResource(Resource[Organisation]):
    """Forces, regions, agencies and partners."""

    scopes: ClassVar = {"GET": ANY}
    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilterSet
    orderings: ClassVar = {"code": "code", "name": "name"}
    usual_ordering = "code"
    lookup_field = "code"
    lookup_url_kwarg = "code"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Organisation]:
        """Return every organisation: who exists is public."""
        today = OrganisationPlacement.objects.on(timezone.localdate())
        return Organisation.objects.prefetch_related(
            Prefetch(
                "placements", today.select_related("parent"), to_attr="placed_today"
            )
        )
