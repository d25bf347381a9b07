"""How lists of organisations can be narrowed, on pages and in the API."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Organisation, OrganisationPlacement
from accounts.models.organisation import REGION_KINDS, Jurisdiction, Kind
from ocgmap.common.filters import AnyOfFilter, CodesFilter, StrictFilterSet

M = TypeVar("M", bound=Model)

ORGANISATIONS = "/api/v1/organisations/"


def ids_placed_in(regions: Sequence[int]) -> set[int]:
    """Return the ids of these regions and of what is placed under them today."""
    placed = OrganisationPlacement.objects.on(timezone.localdate()).filter(
        parent_id__in=regions
    )
    return {*regions, *placed.values_list("organisation_id", flat=True)}


class OwnerFilter(CodesFilter):
    """Keep the rows of organisations given by their codes."""

    listed_at = ORGANISATIONS

    def __init__(self, field_name: str = "owner", **kwargs: object) -> None:
        super().__init__(
            field_name=field_name,
            queryset=Organisation.objects.all(),
            label="Organisation",
            help_text="Code of an organisation; repeat for any of several.",
            **kwargs,
        )


class RegionFilter(CodesFilter):
    """Keep the rows of organisations placed today in regions given by their codes."""

    listed_at = ORGANISATIONS

    def __init__(self, field_name: str = "owner", **kwargs: object) -> None:
        super().__init__(
            field_name=field_name,
            queryset=Organisation.objects.filter(kind__in=REGION_KINDS),
            label="Region",
            help_text="Code of a region; repeat for any of several.",
            **kwargs,
        )

    def filter(self, qs: QuerySet[M], value: Sequence[int]) -> QuerySet[M]:
        """Return the rows of the region and of what is placed under it today."""
        return super().filter(qs, sorted(ids_placed_in(value)) if value else [])


class OrganisationFilterSet(StrictFilterSet):
    """Organisations by kind, jurisdiction and region."""

    kind = AnyOfFilter(choices=Kind, help_text="Kind of body.")
    jurisdiction = AnyOfFilter(choices=Jurisdiction, help_text="Whose law applies.")
    region = RegionFilter("id")
