"""Decisions of people over the API: judged levels and confirmed bands, to read."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api.authentication import Scopes
from accounts.api.fields import ChoicePair, RecordSerializer, StrictSerializer
from accounts.api.resources import Listing
from accounts.models.api_token import TokenScope
from groups.api.briefs import GroupBrief
from groups.api.steps import DRAIN, asked
from groups.filters import RecordFilterSet
from groups.models import CrimeGroup
from intelligence.api.serializers import ReportBrief
from ocgmap.common.errors import NotFound
from ocgmap.common.filters import AnyOfFilter, IdsFilter, TruthFilter
from ocgmap.common.queues import hint
from ocgmap.common.records import ProtectedRecord
from scoring.actions import bands
from scoring.engine import CATALOGUE, PRIMARY
from scoring.exceptions import RestsOnOneReport
from scoring.models import BandDecision, Judgement, JudgementCitation, is_blind
from scoring.scores import none_counts

SCORES: Scopes = {"GET": TokenScope.SCORE_READ}
DECIDES: Scopes = {**SCORES, "POST": TokenScope.SCORE_DECIDE}
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
    is_unsupported = serializers.SerializerMethodField(
        help_text="It cites reports, and none of them ever counts in the primary scheme."
    )

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
            "is_unsupported",
        ]

    def get_reports(self, row: Judgement) -> list[dict[str, Any]]:
        """Return the reports that it rests on, as far as the caller may see them."""
        cited = [one.report for one in row.citations.all()]
        return list(ReportBrief(cited, many=True).data)

    def get_is_unsupported(self, row: Judgement) -> bool:
        """Return whether no report that it cites ever counts, as the caller sees it."""
        return none_counts([one.report for one in row.citations.all()], PRIMARY)


class BandDecisionSerializer(RecordSerializer[BandDecision]):
    """A person's decision on a group's band, with the computed one beside it.

    An override says another band than was computed. It counts once it is approved.
    """

    group = GroupBrief(read_only=True)
    is_override = serializers.BooleanField(read_only=True)
    is_settled = serializers.BooleanField(
        read_only=True, help_text="It agrees with the computed band, or was approved."
    )
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
            "is_override",
            "is_settled",
            "reason",
            "decided_at",
            "expires_on",
        ]


class BandBody(StrictSerializer):
    """Which band a person puts a group in, why, and until when."""

    group = serializers.UUIDField()
    band = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=2000)
    expires_on = serializers.DateField(
        required=False, allow_null=True, help_text="An override needs it."
    )
    review_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="When the group is looked at again; within the review policy.",
    )
    knows_it_rests_on_one_report = serializers.BooleanField(
        required=False,
        help_text="True: the decider has read that one report alone holds the band.",
    )


class ApprovalBody(StrictSerializer):
    """Which override to approve."""

    decision = serializers.UUIDField()


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
            .filter(~is_blind(self.viewer, "group"))
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
    """Confirmed bands and overrides, each with its reason."""

    scopes = DECIDES
    queryset = BandDecision.objects.none()
    serializer_class = BandDecisionSerializer
    filterset_class = DecisionFilterSet
    orderings: ClassVar = _ORDERINGS

    def get_queryset(self) -> QuerySet[BandDecision]:
        """Return the decisions that the viewer may see."""
        return (
            BandDecision.objects.visible_to(self.viewer)
            .filter(~is_blind(self.viewer, "group"))
            .select_related("owner", "access_class", "group", "scheme_version")
        )

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the decisions and their groups."""
        for row in rows:
            yield from (row, row.group)

    @extend_schema(request=BandBody, responses={201: BandDecisionSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm the computed band of a group, or propose an override.

        A band that one report alone holds is refused with `rests_on_one_report`, which
        names the report, until `knows_it_rests_on_one_report` is true.
        """
        self.refuse_parameters_but()
        values = asked(BandBody, request)
        named = values.pop("group")
        rows = CrimeGroup.objects.visible_to(self.viewer)
        group = rows.filter(public_id=named).first()
        if group is None:
            raise NotFound
        return self._decided(bands.confirm(by=self.viewer, group=group, **values))

    @extend_schema(request=ApprovalBody, responses={201: BandDecisionSerializer})
    @action(detail=False, methods=["post"], scopes=DECIDES)
    def approvals(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve the override that another person proposed."""
        self.refuse_parameters_but()
        named = asked(ApprovalBody, request)["decision"]
        decision = self.get_queryset().filter(public_id=named).first()
        if decision is None:
            raise NotFound
        return self._decided(bands.approve(by=self.viewer, decision=decision))

    def handle_exception(self, exc: Exception) -> Response:
        """Return the problem; that a report was named to the caller is kept on record."""
        response = super().handle_exception(exc)
        if isinstance(exc, RestsOnOneReport):
            self.audit_reading([exc.report])
            audit.refused(exc.code)
            sent: Any = self.request._request  # noqa: SLF001 - it was marked there
            sent.refused = False
        return response

    def _decided(self, decision: BandDecision) -> Response:
        hint(DRAIN)
        row = self.get_queryset().get(pk=decision.pk)
        self.audit_reading(self.shown([row]))
        made = self.get_serializer(row).data
        return Response(made, status=status.HTTP_201_CREATED)
