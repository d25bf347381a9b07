"""How one record is named inside another: by id, reference and name, no more."""

from typing import ClassVar

from rest_framework import serializers

from groups.models import CrimeGroup, Nominal, ThreatType


class ThreatBrief(serializers.ModelSerializer[ThreatType]):
    """A threat type."""

    class Meta:
        model = ThreatType
        fields: ClassVar = ["code", "name"]


class GroupBrief(serializers.ModelSerializer[CrimeGroup]):
    """A group."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = CrimeGroup
        fields: ClassVar = ["id", "reference", "name"]


class NominalBrief(serializers.ModelSerializer[Nominal]):
    """A person."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(source="display_name", read_only=True)

    class Meta:
        model = Nominal
        fields: ClassVar = ["id", "reference", "name", "is_identified"]
