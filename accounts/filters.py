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
NO_REGION = "none"


def ids_placed_in(regions: Sequence[int | None]) -> set[int]:
    """Return the ids of these regions and of what is placed under them today.

    None stands for what is in no region.
    """
    day = timezone.localdate()
    known = {region for region in regions if region is not None}
    placed = OrganisationPlacement.objects.on(day).filter(parent_id__in=known)
    found = known | set(placed.values_list("organisation_id", flat=True))
    if None in regions:
        found.update(
            Organisation.objects.outside_regions(day).values_list("pk", flat=True)
        )
    return found


class OwnerFilter(CodesFilter):
    """Keep the rows of organisations given by their codes."""

    listed_at = ORGANISATIONS

    def __init__(self, field_name: str = "owner", **kwargs: object) -> None:
        super().__init__(
            field_name=field_name,
            queryset=Organisation.objects.all(),
            help_text="Code of an organisation; repeat for any of several.",
            **{"label": "Organisation", **kwargs},
        )


class RegionFilter(CodesFilter):
    """Keep the rows of organisations placed today in regions given by their codes.

    The code `none` stands for organisations in no region.
    """

    listed_at = ORGANISATIONS

    def __init__(self, field_name: str = "owner", **kwargs: object) -> None:
        super().__init__(
            field_name=field_name,
            queryset=Organisation.objects.filter(kind__in=REGION_KINDS),
            none=NO_REGION,
            help_text="Code of a region, or none for organisations in no region; "
            "repeat for any of several.",
            **{"label": "Region", **kwargs},
        )

    def filter(self, qs: QuerySet[M], value: Sequence[int | None]) -> QuerySet[M]:
        """Return the rows of the region and of what is placed under it today."""
        return super().filter(qs, sorted(ids_placed_in(value)) if value else [])


class OrganisationFilterSet(StrictFilterSet):
    """Organisations by kind, jurisdiction and region."""

    kind = AnyOfFilter(choices=Kind, help_text="Kind of body.")
    jurisdiction = AnyOfFilter(choices=Jurisdiction, help_text="Whose law applies.")
    region = RegionFilter("id")
