"""What moved between two days, over the API: the dashboard's own movement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api.authentication import Scopes
from accounts.api.resources import Listing
from accounts.models.api_token import TokenScope
from groups.api.briefs import GroupBrief
from intelligence.api.serializers import ReportBrief
from intelligence.models import Report
from ocgmap.common.parameters import InvalidParameter
from scoring import picture
from scoring.api.days import day_of, naming_days
from scoring.api.serializers import Shape
from scoring.models import PictureLine
from scoring.picture import NATIONAL, Move, MoveKind, Movement, Reason, parse_scope

OWN = ("scope", "since", "as_at", "kind")
PAGING = ("cursor", "page_size", "count", "ordering")


class StandingSerializer(Shape):
    """What the caller's line of a group said at one of the two moments."""

    computed_band = serializers.CharField()
    confirmed_band = serializers.CharField(
        help_text="Empty where nobody confirmed one."
    )
    tier = serializers.CharField()
    record_state = serializers.CharField()
    activity_status = serializers.CharField()
    owner = serializers.CharField(source="owner.code")
    value = serializers.IntegerField(source="assessment.value")


class ChangeSerializer(Shape):
    """One attribute whose points changed, and the reports that came or went."""

    title = serializers.CharField()
    level_before = serializers.CharField()
    level_after = serializers.CharField()
    points_before = serializers.IntegerField()
    points_after = serializers.IntegerField()
    judgement = serializers.UUIDField(
        source="judgement.public_id", allow_null=True, default=None
    )
    added = ReportBrief(many=True)
    dropped = ReportBrief(many=True)


class MoveSerializer(Shape):
    """One group that moved; `before` or `after` is null where there was no line."""

    group = GroupBrief()
    kinds = serializers.ListField(
        child=serializers.ChoiceField([str(kind) for kind in MoveKind])
    )
    before = StandingSerializer(allow_null=True)
    after = StandingSerializer(allow_null=True)
    changes = ChangeSerializer(many=True)


class MovementListing(Listing[PictureLine]):
    """The groups that moved in a place between two days, gravest band first."""

    scopes: ClassVar[Scopes] = {"GET": TokenScope.SCORE_READ}
    queryset = PictureLine.objects.none()
    serializer_class = MoveSerializer
    filter_backends = ()
    orderings: ClassVar = {"band": "computed_band"}
    usual_ordering = "band"

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "scope",
                str,
                default=NATIONAL.key,
                description="national, region:CODE or force:CODE.",
            ),
            OpenApiParameter(
                "since",
                OpenApiTypes.DATE,
                description="From the end of this day; else seven days before.",
            ),
            OpenApiParameter(
                "as_at",
                OpenApiTypes.DATE,
                description="Until the end of this day; else until now.",
            ),
            OpenApiParameter(
                "kind",
                str,
                enum=[str(kind) for kind in MoveKind],
                description="Only what moved in this way.",
            ),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return what moved, as the caller's dashboard counts it.

        But for groups that were disposed of since: nothing of them is held.
        """
        self.refuse_parameters_but(*OWN, *PAGING)
        asked = request.query_params
        scope = parse_scope(asked.get("scope", NATIONAL.key))
        since, at = day_of(asked, "since"), day_of(asked, "as_at")
        with naming_days():
            found = picture.movement(self.viewer, scope, since, at)
        audit.consulted(
            "scoring.PictureLine", [], scope=scope.key, since=str(found.since.day)
        )
        moves = {move.line_id: move for move in found.of(_kind(asked))}
        # Nothing is left to tell of a group that was disposed of since.
        lines = PictureLine.objects.visible_to(self.viewer).filter(
            id__in=list(moves), is_disposed=False
        )
        rows = self.paginate_queryset(lines) or []
        return self._answer(found, [moves[row.pk] for row in rows])

    def _answer(self, found: Movement, chosen: Sequence[Move]) -> Response:
        reasons = picture.reasons_of(self.viewer, found, chosen)
        shown = [reasons[one.group_id] for one in chosen if one.group_id in reasons]
        self.audit_reading([one.group for one in shown])
        self.audit_reading(_reports(shown))
        values = [_values(one) for one in shown]
        return self.get_paginated_response(MoveSerializer(values, many=True).data)


def _kind(asked: Mapping[str, str]) -> str:
    kind = asked.get("kind", "")
    if kind and kind not in set(MoveKind):
        raise InvalidParameter(
            f"kind: Choose one of: {', '.join(MoveKind)}.", field="kind"
        )
    return kind


def _reports(reasons: Iterable[Reason]) -> Iterable[Report]:
    found = {
        report.pk: report
        for reason in reasons
        for change in reason.changes
        for report in (*change.added, *change.dropped)
    }
    return found.values()


def _values(reason: Reason) -> dict[str, Any]:
    return {
        "group": reason.group,
        "kinds": [str(kind) for kind in reason.move.kinds],
        "before": reason.before,
        "after": reason.after,
        "changes": reason.changes,
    }
