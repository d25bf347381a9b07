"""How people, what joins them to groups, and identifiers look from outside."""

from typing import Any, ClassVar, TypeVar

from rest_framework import serializers

from accounts.api.fields import (
    ChoicePair,
    OrganisationBrief,
    RecordSerializer,
    StrictSerializer,
)
from groups.api.briefs import GroupBrief, NominalBrief
from groups.api.serializers import LONGEST_SEARCH
from groups.models import (
    Identifier,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
)
from groups.models.identifier import IdentifierKind
from groups.models.nominal import Gender
from groups.models.participation import (
    SAFEGUARDED,
    DpaCategory,
    InvolvementKind,
    Standing,
)
from ocgmap.common.records import Basis, Fact, Precision

F = TypeVar("F", bound=Fact)


class IdentifierSearchBody(StrictSerializer):
    """A number, registration or address to look for, of one kind or of any."""

    value = serializers.CharField(max_length=LONGEST_SEARCH)
    kind = serializers.ChoiceField(choices=IdentifierKind.choices, required=False)


class FactSerializer(RecordSerializer[F]):
    """What every statement shows: its basis, who says so, and when it held."""

    basis = ChoicePair(Basis)
    asserted_by = OrganisationBrief(read_only=True)
    precision = ChoicePair(Precision)

    FACT: ClassVar = [
        *RecordSerializer.BASE,
        "basis",
        "asserted_by",
        "rationale",
        "from_on",
        "to_on",
        "precision",
    ]


class NominalAliasSerializer(serializers.ModelSerializer[NominalAlias]):
    """Another name of a person."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    kind = ChoicePair(NominalAlias._meta.get_field("kind").choices)  # noqa: SLF001

    class Meta:
        model = NominalAlias
        fields: ClassVar = ["id", "version", "given_names", "surname", "kind"]


class NominalSerializer(RecordSerializer[Nominal]):
    """A person in intelligence.

    `is_safeguarded` leads: the viewer knows the person as a victim or as exploited in
    some group, whatever else they are. Where `restriction_ground` is not empty, the
    record may be read and no more: it is refused wherever something is recorded on it.
    """

    is_safeguarded = serializers.BooleanField(read_only=True)
    name = serializers.CharField(source="display_name", read_only=True)
    born_precision = ChoicePair(Precision)
    gender = ChoicePair(Gender)
    restriction_ground = serializers.CharField(
        read_only=True, help_text="Empty unless the processing is restricted."
    )

    class Meta:
        model = Nominal
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "reference",
            "is_safeguarded",
            "name",
            "given_names",
            "surname",
            "is_identified",
            "designation",
            "born_from",
            "born_to",
            "born_precision",
            "gender",
            "deceased_on",
            "restriction_ground",
            "review_on",
        ]


class NominalDetailSerializer(NominalSerializer):
    """A person with their other names as well."""

    aliases = NominalAliasSerializer(many=True, read_only=True)

    class Meta(NominalSerializer.Meta):
        fields: ClassVar = [*NominalSerializer.Meta.fields, "aliases"]


class MembershipSerializer(FactSerializer[Membership]):
    """That a person is a member of a group; see `is_safeguarded` of `NominalSerializer`."""

    group = GroupBrief(read_only=True)
    nominal = NominalBrief(read_only=True)
    is_safeguarded = serializers.BooleanField(read_only=True)
    standing = ChoicePair(Standing)
    dpa_category = ChoicePair(DpaCategory)

    class Meta:
        model = Membership
        fields: ClassVar = [
            *FactSerializer.FACT,
            "group",
            "nominal",
            "is_safeguarded",
            "standing",
            "dpa_category",
        ]


class InvolvementSerializer(FactSerializer[Involvement]):
    """That someone who is not a member has to do with a group."""

    group = GroupBrief(read_only=True)
    nominal = NominalBrief(read_only=True)
    kind = ChoicePair(InvolvementKind)
    is_safeguarded = serializers.SerializerMethodField()
    dpa_category = ChoicePair(DpaCategory)

    class Meta:
        model = Involvement
        fields: ClassVar = [
            *FactSerializer.FACT,
            "group",
            "nominal",
            "kind",
            "is_safeguarded",
            "dpa_category",
            "review_on",
        ]

    def get_is_safeguarded(self, row: Involvement) -> bool:
        """Return whether this row is about a victim or an exploited person."""
        return row.kind in SAFEGUARDED


class IdentifierUseSerializer(serializers.ModelSerializer[IdentifierUse]):
    """Who uses an identifier: a person or a group."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    nominal = NominalBrief(read_only=True, allow_null=True)
    group = GroupBrief(read_only=True, allow_null=True)

    class Meta:
        model = IdentifierUse
        fields: ClassVar = ["id", "version", "nominal", "group", "from_on", "to_on"]


class IdentifierSerializer(RecordSerializer[Identifier]):
    """A telephone number, vehicle, address or the like, and its uses."""

    kind = ChoicePair(IdentifierKind)
    uses = IdentifierUseSerializer(many=True, read_only=True)

    class Meta:
        model = Identifier
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "reference",
            "kind",
            "value",
            "uses",
        ]


class IdentifierPage(serializers.Serializer[Any]):
    """Every identifier that matches; there are few."""

    results = IdentifierSerializer(many=True)
