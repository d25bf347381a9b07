"""The register of returns over the API, to read."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from accounts.api.fields import ChoicePair, RecordSerializer
from accounts.api.resources import Resource
from accounts.models.api_token import TokenScope
from intelligence.filters import ReturnFilterSet
from intelligence.models import Return
from intelligence.models.return_register import Channel, Standing


class ReturnSerializer(RecordSerializer[Return]):
    """One period's return of one organisation."""

    channel = ChoicePair(Channel)
    standing = ChoicePair(Standing)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = Return
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "from_on",
            "to_on",
            "due_on",
            "standing",
            "is_nil",
            "received_at",
            "channel",
            "counts",
        ]


class ReturnResource(Resource[Return]):
    """Returns: what an organisation owes for a period, and whether it came in."""

    scopes: ClassVar = {"GET": TokenScope.INTEL_READ}
    queryset = Return.objects.none()
    serializer_class = ReturnSerializer
    filterset_class = ReturnFilterSet
    orderings: ClassVar = {
        "created": "id",
        "changed_at": "changed_at",
        "due_on": "due_on",
    }

    def get_queryset(self) -> QuerySet[Return]:
        """Return the returns that the viewer may see."""
        seen = Return.objects.visible_to(self.viewer)
        return seen.select_related("owner", "access_class")

    def complete(self, rows: Sequence[Any]) -> None:
        """Say how each return stands today, in London."""
        today = timezone.localdate()
        for row in rows:
            row.standing = row.standing_on(today)
