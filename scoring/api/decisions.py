"""Decisions of people over the API: judged levels and confirmed bands, to read."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from accounts.api.authentication import Scopes
from accounts.api.fields import ChoicePair, RecordSerializer
from accounts.api.resources import Listing
from accounts.models.api_token import TokenScope
from groups.api.briefs import GroupBrief
from groups.filters import RecordFilterSet
from intelligence.api.serializers import ReportBrief
from ocgmap.common.filters import AnyOfFilter, IdsFilter, TruthFilter
from ocgmap.common.records import ProtectedRecord
from scoring.engine import CATALOGUE
from scoring.models import BandDecision, Judgement, JudgementCitation

SCORES: Scopes = {"GET": TokenScope.SCORE_READ}
_ATTRIBUTES = [(key, one.title) for key, one in CATALOGUE.items()]
_ORDERINGS = {
    "created": "id",
    "changed_at": "changed_at",
    "decided_at": "decided_at",
}


class JudgementFilterSet(RecordFilterSet):
    """Judgements by group and attribute, and whether they hold still."""

    group = IdsFilter(field_name="group__public_id", help_text="Id of a group.")
    attribute = AnyOfFilter(choices=_ATTRIBUTES, help_text="Key of an attribute.")
    current = TruthFilter(
        method="that_hold",
        help_text="True: of each attribute of a group, the newest that the caller sees.",
    )

    def that_hold(
        self, rows: QuerySet[Judgement], name: str, value: bool
    ) -> QuerySet[Judgement]:
        """Keep the judgements that hold for the viewer, or those that no longer do."""
        current = Judgement.objects.visible_to(self.viewer).current().values("pk")
        return rows.filter(pk__in=current) if value else rows.exclude(pk__in=current)


class DecisionFilterSet(RecordFilterSet):
    """Confirmed bands by group."""

    group = IdsFilter(field_name="group__public_id", help_text="Id of a group.")


class JudgementSerializer(RecordSerializer[Judgement]):
    """A person's decision on the level of one attribute of one group."""

    group = GroupBrief(read_only=True)
    level = ChoicePair(Judgement._meta.get_field("level").choices)  # noqa: SLF001
    reports = serializers.SerializerMethodField()

    class Meta:
        model = Judgement
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "group",
            "attribute",
            "level",
            "rationale",
            "decided_at",
            "reports",
        ]

    def get_reports(self, row: Judgement) -> list[dict[str, Any]]:
        """Return the reports that it rests on, as far as the caller may see them."""
        cited = [one.report for one in row.citations.all()]
        return list(ReportBrief(cited, many=True).data)


class BandDecisionSerializer(RecordSerializer[BandDecision]):
    """A person's confirmation of a group's band, with the computed one beside it."""

    group = GroupBrief(read_only=True)
    scheme = serializers.CharField(source="scheme_version.name", read_only=True)
    scheme_version = serializers.CharField(
        source="scheme_version.version", read_only=True
    )

    class Meta:
        model = BandDecision
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "group",
            "scheme",
            "scheme_version",
            "band",
            "computed_band",
            "reason",
            "decided_at",
            "expires_on",
        ]


class JudgementListing(Listing[Judgement]):
    """Judged levels, each with its rationale and the reports that it rests on."""

    scopes = SCORES
    queryset = Judgement.objects.none()
    serializer_class = JudgementSerializer
    filterset_class = JudgementFilterSet
    orderings: ClassVar = _ORDERINGS

    def get_queryset(self) -> QuerySet[Judgement]:
        """Return the judgements that the viewer may see."""
        cited = JudgementCitation.objects.visible_to(self.viewer)
        return (
            Judgement.objects.visible_to(self.viewer)
            .select_related("owner", "access_class", "group")
            .prefetch_related(
                Prefetch("citations", cited.select_related("report").order_by("id"))
            )
        )

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the judgements, their groups and the reports that they cite."""
        for row in rows:
            yield from (row, row.group)
            yield from (one.report for one in row.citations.all())


class BandDecisionListing(Listing[BandDecision]):
    """Confirmed bands, each with its reason."""

    scopes = SCORES
    queryset = BandDecision.objects.none()
    serializer_class = BandDecisionSerializer
    filterset_class = DecisionFilterSet
    orderings: ClassVar = _ORDERINGS

    def get_queryset(self) -> QuerySet[BandDecision]:
        """Return the decisions that the viewer may see."""
        return BandDecision.objects.visible_to(self.viewer).select_related(
            "owner", "access_class", "group", "scheme_version"
        )

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the decisions and their groups."""
        for row in rows:
            yield from (row, row.group)
