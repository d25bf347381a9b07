"""How reports look from outside; the original text is not among it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.fields import ChoicePair, RecordSerializer
from groups.api.briefs import GroupBrief, NominalBrief
from intelligence.grading import RECIPIENTS_DEFINITIONS
from intelligence.models import AttributeClaim, Report
from intelligence.models.claim import Level
from intelligence.models.report import (
    AssessmentGrade,
    Handling,
    ReportState,
    SourceGrade,
)
from ocgmap.common.records import Precision

RECIPIENTS = [(one.code, one.label) for one in RECIPIENTS_DEFINITIONS.values()]


class ReportBrief(serializers.ModelSerializer[Report]):
    """A report as another names it."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Report
        fields: ClassVar = ["id", "reference"]


class ClaimSerializer(serializers.ModelSerializer[AttributeClaim]):
    """What the report claims of a group."""

    group = GroupBrief(read_only=True)
    level = ChoicePair(Level)

    class Meta:
        model = AttributeClaim
        fields: ClassVar = ["group", "attribute", "level"]


class ConditionSerializer(serializers.Serializer[Any]):
    """Who may receive a report with handling code C."""

    recipients = ChoicePair(RECIPIENTS)
    note = serializers.CharField()


class ReportSerializer(RecordSerializer[Report]):
    """A report, with what it mentions and claims as far as the viewer may see it."""

    event_precision = ChoicePair(Precision)
    source_grade = ChoicePair(SourceGrade)
    assessment_grade = ChoicePair(AssessmentGrade)
    handling = ChoicePair(Handling)
    handling_condition = ConditionSerializer(read_only=True, allow_null=True)
    state = ChoicePair(ReportState)
    supersedes = ReportBrief(read_only=True, allow_null=True)
    groups = serializers.SerializerMethodField()
    nominals = serializers.SerializerMethodField()
    claims = ClaimSerializer(many=True, read_only=True)
    receipt = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "reference",
            "owner_reference",
            "text",
            "received_on",
            "event_from",
            "event_to",
            "event_precision",
            "source_grade",
            "assessment_grade",
            "handling",
            "handling_condition",
            "legacy_grade",
            "state",
            "state_reason",
            "supersedes",
            "groups",
            "nominals",
            "claims",
            "receipt",
        ]

    @extend_schema_field(GroupBrief(many=True))
    def get_groups(self, row: Report) -> Any:
        """Return the groups that it mentions."""
        named: list[Any] = [one.group for one in row.mentions.all() if one.group]
        return GroupBrief(named, many=True).data

    @extend_schema_field(NominalBrief(many=True))
    def get_nominals(self, row: Report) -> Any:
        """Return the people that it mentions."""
        named: list[Any] = [one.nominal for one in row.mentions.all() if one.nominal]
        return NominalBrief(named, many=True).data

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_receipt(self, row: Report) -> str:
        """Return where to ask whether it is in the picture yet."""
        return reverse(
            "api:report-receipt",
            kwargs={"id": row.public_id},
            request=self.context.get("request"),
        )
