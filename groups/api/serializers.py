"""How groups, people and what joins them look from outside."""

from typing import ClassVar

from rest_framework import serializers

from accounts.api.fields import (
    ChoicePair,
    OrganisationBrief,
    RecordSerializer,
    StrictSerializer,
)
from groups.api.briefs import GroupBrief, ThreatBrief
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
)
from groups.models.crime_group import (
    ActivityStatus,
    Answer,
    GroupKind,
    RecordState,
    ReviewOutcome,
    Tier,
    Trigger,
)
from ocgmap.common.records import RetentionClass

LONGEST_SEARCH = 200


class SearchBody(StrictSerializer):
    """A name or free text to look for; it never stands in an address."""

    text = serializers.CharField(min_length=2, max_length=LONGEST_SEARCH)


class GroupThreatSerializer(serializers.ModelSerializer[GroupThreat]):
    """A threat that a group poses."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    threat_type = ThreatBrief(read_only=True)

    class Meta:
        model = GroupThreat
        fields: ClassVar = [
            "id",
            "version",
            "threat_type",
            "is_predominant",
            "from_on",
            "to_on",
        ]


class GroupAliasSerializer(serializers.ModelSerializer[GroupAlias]):
    """Another name of a group."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    kind = ChoicePair(GroupAlias._meta.get_field("kind").choices)  # noqa: SLF001

    class Meta:
        model = GroupAlias
        fields: ClassVar = ["id", "version", "name", "kind"]


class PlaceSerializer(serializers.ModelSerializer[ActivityPlace]):
    """Where an activity is, harms, or passes."""

    role = ChoicePair(ActivityPlace._meta.get_field("role").choices)  # noqa: SLF001
    area = OrganisationBrief(read_only=True)

    class Meta:
        model = ActivityPlace
        fields: ClassVar = ["role", "area", "outcode", "country"]


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """What a group does and where."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    threat_type = ThreatBrief(read_only=True)
    offence = serializers.CharField(
        source="offence.code", read_only=True, allow_null=True, default=None
    )
    places = PlaceSerializer(many=True, read_only=True)

    class Meta:
        model = Activity
        fields: ClassVar = [
            "id",
            "version",
            "threat_type",
            "offence",
            "modus",
            "from_on",
            "to_on",
            "places",
        ]


class GroupSerializer(RecordSerializer[CrimeGroup]):
    """A group with the threats it poses."""

    kind = ChoicePair(GroupKind)
    record_state = ChoicePair(RecordState)
    activity_status = ChoicePair(ActivityStatus)
    tier = ChoicePair(Tier)
    s45_test = ChoicePair(Answer)
    soc_test = ChoicePair(Answer)
    trigger = ChoicePair(Trigger)
    review_outcome = ChoicePair(ReviewOutcome)
    merged_into = GroupBrief(read_only=True, allow_null=True)
    threats = GroupThreatSerializer(many=True, read_only=True)

    class Meta:
        model = CrimeGroup
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "reference",
            "owner_reference",
            "kind",
            "name",
            "summary",
            "record_state",
            "activity_status",
            "tier",
            "lead_officer",
            "s45_test",
            "soc_test",
            "trigger",
            "review_on",
            "review_outcome",
            "reviewed_at",
            "merged_into",
            "threats",
        ]


class GroupDetailSerializer(GroupSerializer):
    """A group with its other names and what it does as well."""

    aliases = GroupAliasSerializer(many=True, read_only=True)
    activities = ActivitySerializer(many=True, read_only=True)
    retention_class = ChoicePair(RetentionClass)

    class Meta(GroupSerializer.Meta):
        fields: ClassVar = [
            *GroupSerializer.Meta.fields,
            "retention_class",
            "aliases",
            "activities",
        ]
