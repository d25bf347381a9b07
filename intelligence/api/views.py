"""Reports over the API."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models.api_token import TokenScope
from intelligence.actions import reports
from intelligence.api.bodies import ReportBody
from intelligence.api.drafts import draft_from
from intelligence.api.serializers import ReportSerializer
from intelligence.api.steps import ReportSteps
from intelligence.filters import ReportFilterSet
from intelligence.grading import GradeError
from intelligence.models import AttributeClaim, Mention, Report
from ocgmap.common.errors import AppError, Conflict, Unprocessable
from ocgmap.common.queues import hint
from ocgmap.common.records import ProtectedRecord

HEADER = "Idempotency-Key"
KEY_LONGEST = 80
# What the actions name, by the name that the caller gives it.
PLACES = {
    "handling_condition": "condition",
    "handling_condition_note": "condition",
    "idempotency_key": HEADER,
}
DRAIN = "scoring.drain"


class BadKey(AppError):
    """The idempotency key is missing or not one."""

    code = "idempotency_key"

    def __init__(self) -> None:
        super().__init__(
            f"{HEADER}: Send this header with a key of your own, such as a UUID: 1 to "
            f"{KEY_LONGEST} printable characters, a new one for each report, the same "
            "one when you send a report again.",
            field=HEADER,
        )


class ReportResource(ReportSteps):
    """Intelligence reports in sanitised text."""

    scopes: ClassVar = {
        "GET": TokenScope.INTEL_READ,
        "POST": TokenScope.INTEL_SUBMIT,
    }
    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    filterset_class = ReportFilterSet
    orderings: ClassVar = {
        "created": "id",
        "received_on": "received_on",
        "changed_at": "changed_at",
        "reference": "reference",
    }

    def get_queryset(self) -> QuerySet[Report]:
        """Return the reports that the viewer may see, with what they show of them."""
        viewer = self.viewer
        mentions = Mention.objects.visible_to(viewer).filter(
            Q(group__isnull=False) | Q(nominal__isnull=False)
        )
        claims = AttributeClaim.objects.visible_to(viewer)
        return (
            Report.objects.visible_to(viewer)
            .select_related("owner", "access_class")
            .prefetch_related(
                Prefetch("supersedes", Report.objects.visible_to(viewer)),
                Prefetch(
                    "mentions",
                    mentions.select_related("group", "nominal").order_by("id"),
                ),
                Prefetch("claims", claims.select_related("group").order_by("id")),
            )
        )

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the reports and the groups and people that they name."""
        for row in rows:
            yield row
            for mention in row.mentions.all():
                yield from (one for one in (mention.group, mention.nominal) if one)

    @extend_schema(
        request=ReportBody,
        parameters=[
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="Your own key for this report. Sent again with the same "
                "body, it returns the report made before and makes no other.",
            )
        ],
        responses={
            201: ReportSerializer,
            200: OpenApiResponse(ReportSerializer, "Submitted before with this key."),
            422: OpenApiResponse(description="The key was used for another body."),
        },
    )
    def create(self, request: Request) -> Response:
        """Submit a report: 201 when it is new, 200 when it was sent before.

        Raises:
            BadKey: there is no usable idempotency key.
            AppError: a rule is broken; nothing was written.
        """
        self.refuse_parameters_but()
        key = _key(request)
        body = ReportBody(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            report, is_new = reports.submit(
                by=self.viewer,
                draft=draft_from(body.validated_data, by=self.viewer),
                idempotency_key=key,
                credential=f"token:{request.auth.prefix}",  # type: ignore[union-attr]
            )
        except (GradeError, Unprocessable, Conflict) as error:
            error.field = PLACES.get(error.field or "", error.field)
            raise
        hint(DRAIN)
        row = self.get_queryset().get(pk=report.pk)
        self.audit_reading(self.shown([row]))
        location = reverse(
            "api:reports-detail", kwargs={"id": row.public_id}, request=request
        )
        return Response(
            self.get_serializer(row).data,
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
            headers={"Location": location},
        )


def _key(request: Request) -> str:
    key = str(request.headers.get(HEADER, "")).strip()
    if not key or len(key) > KEY_LONGEST or not (key.isascii() and key.isprintable()):
        raise BadKey
    return key
