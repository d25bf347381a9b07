"""How organisations look from outside."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import ChoicePair, OrganisationBrief
from accounts.models import Organisation
from accounts.models.organisation import Jurisdiction, Kind


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation and the region it is placed in today."""

    kind = ChoicePair(Kind)
    jurisdiction = ChoicePair(Jurisdiction)
    region = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields: ClassVar = [
            "code",
            "name",
            "short_name",
            "kind",
            "jurisdiction",
            "ons_code",
            "population",
            "from_on",
            "to_on",
            "region",
        ]

    @extend_schema_field(OrganisationBrief(allow_null=True))
    def get_region(self, row: Organisation) -> Any:
        """Return the region, or null."""
        placed = row.placed_today  # type: ignore[attr-defined]
        return OrganisationBrief(placed[0].parent).data if placed else None
