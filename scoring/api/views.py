"""Groups with their scores, assessments, the picture, schemes and codes over the API."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api.authentication import ANY, Scopes
from accounts.api.resources import Endpoint, Listing
from accounts.models.api_token import TokenScope
from groups.api.views import RECORD_ORDERINGS, GroupResource
from groups.models import CrimeGroup
from scoring.api.changes import (
    ScoreChangeSerializer,
    change_values,
    days_asked,
    past_day_asked,
)
from scoring.api.codes import code_lists
from scoring.api.days import day_of, naming_days
from scoring.api.filters import AssessmentFilterSet, ScoredGroupFilterSet
from scoring.api.presenting import (
    Evidence,
    assessment_values,
    fragility_values,
    picture_values,
    scheme_values,
    score_values,
)
from scoring.api.scores import scheme_in_use, scores_of, with_facts
from scoring.api.serializers import (
    AssessmentList,
    AssessmentSerializer,
    PictureSerializer,
    SchemeList,
    ScoredGroupDetailSerializer,
    ScoredGroupSerializer,
)
from scoring.assembly import (
    SchemeInUse,
    primary_in_use,
    schemes_in_use,
    schemes_shown,
)
from scoring.engine import PRIMARY, fragility
from scoring.permissions import check_not_blind
from scoring.picture import NATIONAL, parse_scope, read
from scoring.scores import Moved, learned_since, moved_between

SCORES: Scopes = {"GET": TokenScope.SCORE_READ}
_CODE = {
    "type": "object",
    "required": ["value", "label", "meaning"],
    "properties": {
        "value": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "label": {"type": "string"},
        "meaning": {"type": "string"},
    },
}
CODES = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": _CODE},
}


class ScoredGroupResource(GroupResource):
    """Organised crime groups, each with its score as the caller may see it."""

    serializer_class = ScoredGroupSerializer
    detail_serializer_class = ScoredGroupDetailSerializer
    filterset_class = ScoredGroupFilterSet

    def complete(self, rows: Sequence[Any]) -> None:
        """Give each group its score under the primary scheme."""
        primary = primary_in_use()
        found = scores_of(self.viewer, [row.pk for row in rows], [primary])
        for row in rows:
            scores = found.get(row.pk)
            row.score = score_values(scores[0]) if scores else None

    @extend_schema(responses=AssessmentList, filters=False)
    @action(detail=True, scopes=SCORES, pagination_class=None)
    def assessments(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the group's score under every scheme, with each reason and evidence."""
        group = self.get_object()
        check_not_blind(self.viewer, group)
        self.audit_reading([group])
        values = group_assessments(self, group)
        return Response(AssessmentList({"results": values}).data)

    @extend_schema(
        responses=ScoreChangeSerializer,
        filters=False,
        parameters=[
            OpenApiParameter(
                "from", OpenApiTypes.DATE, description="Else seven days before `to`."
            ),
            OpenApiParameter(
                "to", OpenApiTypes.DATE, description="The end of this day; else now."
            ),
        ],
    )
    @action(
        detail=True,
        scopes=SCORES,
        pagination_class=None,
        url_path="score-change",
        detail_parameters=("from", "to"),
    )
    def score_change(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return what moved the primary score between the ends of two days."""
        group = self.get_object()
        since, until = days_asked(request.query_params)
        return self._change(group, moved_between(self.viewer, group, since, until))

    @extend_schema(
        responses=ScoreChangeSerializer,
        filters=False,
        parameters=[
            OpenApiParameter(
                "as_at",
                OpenApiTypes.DATE,
                description="The end of this day, which is over; else seven days ago.",
            )
        ],
    )
    @action(
        detail=True,
        scopes=SCORES,
        pagination_class=None,
        url_path="known-now",
        detail_parameters=("as_at",),
    )
    def known_now(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return what was believed of a past day, and what is known of it now."""
        group = self.get_object()
        moment = past_day_asked(request.query_params)
        return self._change(group, learned_since(self.viewer, group, moment))

    def _change(self, group: CrimeGroup, moved: Moved | None) -> Response:
        check_not_blind(self.viewer, group)
        self.audit_reading([group, *(moved.reports.values() if moved else ())])
        return Response(ScoreChangeSerializer(change_values(moved)).data)


def group_assessments(view: Endpoint, group: CrimeGroup) -> list[dict[str, Any]]:
    """Return one group's score under every scheme, each with its fragility."""
    schemes = schemes_shown()
    found = with_facts(view.viewer, scores_of(view.viewer, [group.pk], schemes))
    scores = found.get(group.pk, [])
    hangs_on = [
        fragility(one.facts, one.in_use.scheme)
        if one.facts and one.in_use.scheme.has_bands
        else None
        for one in scores
    ]
    also = {pk for one in hangs_on if one for pk in one.reports}
    evidence = Evidence.of(view.viewer, scores, also)
    view.audit_reading(evidence.reports.values())
    return [
        {
            **assessment_values(score, group, evidence),
            "fragility": fragility_values(one, evidence) if one else None,
        }
        for score, one in zip(scores, hangs_on, strict=True)
    ]


def assessments_of(
    view: Endpoint, groups: Sequence[CrimeGroup], schemes: Sequence[SchemeInUse]
) -> list[dict[str, Any]]:
    """Return the scores of these groups with reasons, as far as the caller may see."""
    ids = [group.pk for group in groups]
    found = with_facts(view.viewer, scores_of(view.viewer, ids, schemes))
    evidence = Evidence.of(view.viewer, [one for own in found.values() for one in own])
    view.audit_reading(evidence.reports.values())
    return [
        assessment_values(score, group, evidence)
        for group in groups
        for score in found.get(group.pk, ())
    ]


class AssessmentListing(Listing[CrimeGroup]):
    """The score of every group under one scheme, with the reason for every point."""

    scopes = SCORES
    queryset = CrimeGroup.objects.none()
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilterSet
    orderings: ClassVar = RECORD_ORDERINGS

    def get_queryset(self) -> QuerySet[CrimeGroup]:
        """Return the groups that the viewer may see and that were not merged."""
        seen = CrimeGroup.objects.visible_to(self.viewer)
        return seen.filter(merged_into__isnull=True)

    def page(self, queryset: Any) -> Response:
        """Return the scores of one page of groups, audited."""
        key = self.request.query_params.get("scheme", PRIMARY.key)
        rows = self.paginate_queryset(queryset) or []
        self.audit_reading(rows)
        values = assessments_of(self, rows, [scheme_in_use(key)])
        return self.get_paginated_response(AssessmentSerializer(values, many=True).data)


class Picture(Endpoint):
    """The figures of a dashboard."""

    scopes = SCORES

    @extend_schema(
        responses=PictureSerializer,
        parameters=[
            OpenApiParameter(
                "scope",
                str,
                default=NATIONAL.key,
                description="national, region:CODE or force:CODE.",
            ),
            OpenApiParameter(
                "as_at", OpenApiTypes.DATE, description="The end of this day; else now."
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Return the figures exactly as the caller's dashboard shows them."""
        self.refuse_parameters_but("scope", "as_at")
        scope = parse_scope(request.query_params.get("scope", NATIONAL.key))
        day = day_of(request.query_params, "as_at")
        with naming_days():
            figures = read(self.viewer, scope, day)
        audit.consulted(
            "scoring.PictureLine", [], scope=scope.key, as_at=str(figures.day)
        )
        values = picture_values(scope, figures)
        return Response(PictureSerializer(values).data)


class Codes(Endpoint):
    """Every code list, with what each code means."""

    scopes: ClassVar = {"GET": ANY}

    @extend_schema(responses={200: OpenApiResponse(CODES)})
    def get(self, request: Request) -> Response:
        """Return the code lists by name."""
        self.refuse_parameters_but()
        return Response(code_lists())


class Schemes(Endpoint):
    """The published scoring schemes, as frozen tables."""

    scopes: ClassVar = {"GET": ANY}

    @extend_schema(responses=SchemeList)
    def get(self, request: Request) -> Response:
        """Return every published scheme with its attributes, points and bands."""
        self.refuse_parameters_but()
        values = {"results": [scheme_values(one) for one in schemes_in_use()]}
        return Response(SchemeList(values).data)
