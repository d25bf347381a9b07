"""The records manager's reviews and legal holds over the API, as on the pages."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.fields import ChoicePair, RecordSerializer
from accounts.api.resources import Resource
from accounts.models.api_token import TokenScope
from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import retention
from groups.api.bodies import StepBody
from groups.api.steps import asked
from groups.filters import RecordFilterSet
from groups.models import CrimeGroup, Identifier, Nominal
from groups.permissions import check_can_retain
from intelligence.forms.states import SHOWS
from intelligence.models import Report
from intelligence.views.retention import KINDS, narrowed
from ocgmap.common.records import RetentionClass, TopQuerySet

REVIEW: Scopes = {"GET": TokenScope.RECORDS_REVIEW}
HOLD: Scopes = {"POST": TokenScope.RECORDS_REVIEW}


class HoldBody(StepBody):
    """Whether a record is kept whatever its retention class says, and why."""

    reason = serializers.CharField(max_length=retention.REASON_MAX_LENGTH)
    is_held = serializers.BooleanField()


class ReviewFilterSet(RecordFilterSet):
    """Own records by what the records manager looks for."""

    show = django_filters.ChoiceFilter(
        choices=SHOWS,
        method="that_show",
        help_text="Review overdue, due within 90 days, on legal hold, or with no day set "
        "and due by the policy.",
    )

    def that_show(
        self, rows: TopQuerySet[Any], name: str, value: str
    ) -> TopQuerySet[Any]:
        """Keep the records that the page of reviews would show."""
        return narrowed(rows, value)


class ReviewSerializer(RecordSerializer[Any]):
    """A record as its review needs it: what it is, and how long it is kept."""

    kind: ClassVar[str]
    FIELDS: ClassVar = [
        *RecordSerializer.BASE,
        "reference",
        "text",
        "retention_class",
        "review_on",
        "legal_hold",
    ]

    text = serializers.SerializerMethodField()
    retention_class = ChoicePair(RetentionClass)

    def get_text(self, row: Any) -> str:
        """Return what it is, as the page of reviews says it."""
        return KINDS[self.kind].named(row)


class GroupReviewSerializer(ReviewSerializer):
    """A group to review."""

    kind = "groups"

    class Meta:
        model = CrimeGroup
        fields = ReviewSerializer.FIELDS


class NominalReviewSerializer(ReviewSerializer):
    """A person to review."""

    kind = "people"

    class Meta:
        model = Nominal
        fields = ReviewSerializer.FIELDS


class IdentifierReviewSerializer(ReviewSerializer):
    """An identifier to review."""

    kind = "identifiers"

    class Meta:
        model = Identifier
        fields = ReviewSerializer.FIELDS


class ReportReviewSerializer(ReviewSerializer):
    """A report to review."""

    kind = "reports"

    class Meta:
        model = Report
        fields = ReviewSerializer.FIELDS


class ReviewResource(Resource[Any]):
    """Records of the caller's own organisation; only its records manager asks."""

    scopes: ClassVar = REVIEW
    kind: ClassVar[str]
    filterset_class = ReviewFilterSet
    orderings: ClassVar = {
        "created": "id",
        "changed_at": "changed_at",
        "review_on": "review_on",
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the caller in.

        Raises:
            RightMissing: the right of a records manager is missing.
        """
        super().initial(request, *args, **kwargs)
        check_has(self.viewer, Right.DISPOSE)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the visible records; a list has those of the own organisation."""
        kind = KINDS[self.kind]
        if self.detail:
            rows = kind.model.objects.visible_to(self.viewer)
        else:
            rows = kind.rows(self.viewer)
        found: QuerySet[Any] = rows.select_related("owner", "access_class")
        return found

    def get_object(self) -> Any:
        """Return the record, if it is the caller's to review."""
        record = super().get_object()
        check_can_retain(self.viewer, record)
        return record

    @extend_schema(request=HoldBody)
    @action(detail=True, methods=["post"], scopes=HOLD)
    def hold(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a record on legal hold, or take it off."""
        self.refuse_parameters_but()
        record = self.get_object()
        values = asked(HoldBody, request)
        held = retention.set_legal_hold(by=self.viewer, record=record, **values)
        row = self.get_queryset().get(pk=held.pk)
        self.audit_reading(self.shown([row]))
        return Response(self.get_serializer(row).data)


class GroupReviews(ReviewResource):
    """Groups to review."""

    kind = "groups"
    queryset = CrimeGroup.objects.none()
    serializer_class = GroupReviewSerializer


class NominalReviews(ReviewResource):
    """People to review."""

    kind = "people"
    queryset = Nominal.objects.none()
    serializer_class = NominalReviewSerializer


class IdentifierReviews(ReviewResource):
    """Identifiers to review."""

    kind = "identifiers"
    queryset = Identifier.objects.none()
    serializer_class = IdentifierReviewSerializer


class ReportReviews(ReviewResource):
    """Reports to review."""

    kind = "reports"
    queryset = Report.objects.none()
    serializer_class = ReportReviewSerializer


RESOURCES = (
    ("group-reviews", GroupReviews),
    ("nominal-reviews", NominalReviews),
    ("identifier-reviews", IdentifierReviews),
    ("report-reviews", ReportReviews),
)
