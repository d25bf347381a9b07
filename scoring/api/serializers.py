"""How scores, assessments and receipts look from outside."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.api.fields import ChoicePair
from groups.api.briefs import GroupBrief
from groups.api.serializers import GroupDetailSerializer, GroupSerializer
from intelligence.api.serializers import ReportBrief
from intelligence.models.claim import Level as ClaimLevel
from scoring.engine import Finding, Level
from scoring.models import Receipt
from scoring.models.outbox import ReceiptState

LEVELS = [*ClaimLevel.choices, (Level.UNKNOWN.value, "Not known")]
RECEIPT_STATES = [*ReceiptState.choices, ("none", "No group affected")]


class Shape(serializers.Serializer[Any]):
    """Something that is only read."""


class ScoreSerializer(Shape):
    """A score: a value, what the unknowns could make of it, and two bands.

    The computed band is advisory; the confirmed one is a person's decision. Both are
    null where there is none. `unjudged` counts levels that rest on reports alone.
    """

    scheme = serializers.CharField(source="in_use.scheme.key")
    scheme_version = serializers.CharField(source="in_use.scheme.version")
    value = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    unknown_share = serializers.FloatField()
    unjudged = serializers.IntegerField()
    computed_band = serializers.CharField(allow_null=True)
    confirmed_band = serializers.CharField(allow_null=True)
    awaiting_confirmation = serializers.BooleanField()
    facts_digest = serializers.CharField()
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="Null when it was computed for this call."
    )


class AxisSerializer(Shape):
    """One axis of a scheme; `code` is its part of the band, null where it has none."""

    key = serializers.CharField()
    value = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    code = serializers.CharField(allow_null=True)


class FactorSerializer(Shape):
    """One attribute's points, the reason for them, and what it rests on.

    `judgement` is the id of a person's decision. `reports` are those that the caller
    may see.
    """

    attribute = serializers.CharField()
    title = serializers.CharField()
    level = ChoicePair(LEVELS)
    points = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    reason = serializers.CharField()
    unjudged = serializers.BooleanField()
    judgement = serializers.UUIDField(allow_null=True)
    reports = ReportBrief(many=True)


class EvidenceAgeSerializer(Shape):
    """How many days ago the reports came that the levels rest on, as far as they count."""

    reports = serializers.IntegerField()
    median_days = serializers.IntegerField()
    oldest_days = serializers.IntegerField()


class FragilitySerializer(Shape):
    """The smallest set of reports whose removal changes the computed band.

    `exact`: no smaller set does. `at_most`: found by bounded search; fewer than
    `at_least` cannot. `none`: no removal changes it. `not_found`: the search ended.
    `judged` levels stand by a person's judgement, which no removal moves.
    """

    finding = serializers.ChoiceField(choices=[str(one) for one in Finding])
    size = serializers.IntegerField(allow_null=True)
    at_least = serializers.IntegerField(allow_null=True)
    band_without = serializers.CharField(allow_null=True)
    judged = serializers.IntegerField()
    reports = ReportBrief(many=True)


class AssessmentSerializer(ScoreSerializer):
    """A group's score under one scheme with the reason for every point."""

    group = GroupBrief()
    title = serializers.CharField()
    standing = serializers.CharField()
    axes = AxisSerializer(many=True)
    floor = serializers.IntegerField(
        help_text="The lower end on well-founded evidence alone."
    )
    evidence_age = EvidenceAgeSerializer(allow_null=True)
    band_low = serializers.CharField(allow_null=True)
    band_high = serializers.CharField(allow_null=True)
    factors = FactorSerializer(many=True)


class GroupAssessmentSerializer(AssessmentSerializer):
    """One group's score, with how few reports its band hangs on; null without bands."""

    fragility = FragilitySerializer(allow_null=True)


class AssessmentList(Shape):
    """The scores of one group under every scheme."""

    results = GroupAssessmentSerializer(many=True)


class ScoredGroupSerializer(GroupSerializer):
    """A group with its score under the primary scheme; null once it was merged."""

    score = ScoreSerializer(allow_null=True, read_only=True)

    class Meta(GroupSerializer.Meta):
        fields: ClassVar = [*GroupSerializer.Meta.fields, "score"]


class ScoredGroupDetailSerializer(GroupDetailSerializer):
    """A group in full, with its score under the primary scheme."""

    score = ScoreSerializer(allow_null=True, read_only=True)

    class Meta(GroupDetailSerializer.Meta):
        fields: ClassVar = [*GroupDetailSerializer.Meta.fields, "score"]


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """Where one report stands for one group."""

    report = ReportBrief(read_only=True)
    group = GroupBrief(read_only=True)
    state = ChoicePair(ReceiptState)
    milliseconds = serializers.SerializerMethodField()

    class Meta:
        model = Receipt
        fields: ClassVar = [
            "report",
            "group",
            "state",
            "submitted_at",
            "included_at",
            "milliseconds",
        ]

    def get_milliseconds(self, row: Receipt) -> int | None:
        """Return the time from submission to inclusion; null until then."""
        if row.included_at is None:
            return None
        return round((row.included_at - row.submitted_at).total_seconds() * 1000)


class ReportReceiptSerializer(Shape):
    """Where a report stands as a whole, and for each group that it affects."""

    report = ReportBrief()
    state = ChoicePair(RECEIPT_STATES)
    submitted_at = serializers.DateTimeField()
    included_at = serializers.DateTimeField(allow_null=True)
    milliseconds = serializers.IntegerField(allow_null=True)
    groups = ReceiptSerializer(many=True)


class SchemeFactorSerializer(Shape):
    """One attribute of a scheme and the points of each level."""

    attribute = serializers.CharField()
    title = serializers.CharField()
    meaning = serializers.CharField()
    points = serializers.DictField(child=serializers.IntegerField())


class SchemeAxisSerializer(Shape):
    """One axis: its attributes, and from how many points each part of a band begins."""

    key = serializers.CharField()
    title = serializers.CharField()
    factors = SchemeFactorSerializer(many=True)
    cuts = serializers.DictField(child=serializers.IntegerField())


class SchemeSerializer(Shape):
    """A published scheme, which is never edited."""

    key = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    standing = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_on = serializers.DateField()
    is_primary = serializers.BooleanField()
    digest = serializers.CharField()
    window_months = serializers.IntegerField()
    unknown_as = serializers.CharField()
    bands = serializers.ListField(child=serializers.CharField())
    axes = SchemeAxisSerializer(many=True)


class SchemeList(Shape):
    """Every published scheme."""

    results = SchemeSerializer(many=True)


class TallySerializer(Shape):
    """Counts of groups; `memberships` counts open memberships, not distinct people."""

    groups = serializers.IntegerField()
    memberships = serializers.IntegerField()
    bands = serializers.DictField(child=serializers.IntegerField())
    threats = serializers.DictField(child=serializers.IntegerField())
    tiers = serializers.DictField(child=serializers.IntegerField())
    overdue = serializers.IntegerField()
    awaiting_confirmation = serializers.IntegerField()


class RegionTallySerializer(TallySerializer):
    """The part of the nation that one region is; `none` is the part without one."""

    code = serializers.CharField()
    name = serializers.CharField()


class FreshnessSerializer(Shape):
    """How new the figures are, told by what the caller may see only."""

    changed_at = serializers.DateTimeField(allow_null=True)
    queued = serializers.IntegerField()
    oldest_queued_seconds = serializers.FloatField(allow_null=True)


class CoverageSerializer(Shape):
    """Which returns the figures rest on; `missing` are codes of organisations."""

    due = serializers.IntegerField()
    received = serializers.IntegerField()
    nil = serializers.IntegerField()
    late = serializers.IntegerField()
    outstanding = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())


class PictureSerializer(TallySerializer):
    """The figures of a dashboard: mapped, active groups, once each, primary scheme.

    `regions` is there for the nation only, and adds up to it.
    """

    regions = RegionTallySerializer(many=True, required=False)
    unjudged = serializers.IntegerField()
    insufficient = serializers.IntegerField()
    bands_by_threat = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField())
    )
    scope = serializers.CharField()
    name = serializers.CharField()
    as_at = serializers.DateField()
    is_now = serializers.BooleanField()
    computed_at = serializers.DateTimeField()
    freshness = FreshnessSerializer()
    coverage = CoverageSerializer()
    not_recorded = serializers.IntegerField()
    disposed = serializers.IntegerField(
        help_text="How many of the groups of a past day were disposed of since: they count "
        "as they stood then, and no record of them is held."
    )
