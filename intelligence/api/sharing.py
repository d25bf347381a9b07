"""Who may see a record over the API: the same steps, by two persons, as on the pages."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ChoicePair, RecordSerializer
from accounts.api.resources import Resource
from accounts.models.api_token import TokenScope
from accounts.permissions import check_has
from accounts.roles import Right
from groups.api.bodies import StepBody
from groups.api.conflicts import TellsConflicts
from groups.api.steps import DRAIN, asked
from groups.filters import RecordFilterSet
from intelligence.actions import sharing
from intelligence.api.bodies import SHARING
from intelligence.models import Report, SharingChange
from intelligence.models.sharing_change import SharingState, SharingStep
from ocgmap.common.errors import NotFound, PermissionDenied
from ocgmap.common.filters import AnyOfFilter
from ocgmap.common.queues import hint
from ocgmap.common.records import ProtectedRecord, TopRecord

# What a report is shared with is a decision on intelligence, whatever the address.
STEPS = (TokenScope.GROUPS_WRITE, TokenScope.INTEL_DECIDE)


class SharingBody(StepBody):
    """Which record should be seen by whom; its compartments stay."""

    kind = serializers.ChoiceField(sorted(sharing.KINDS))
    record = serializers.UUIDField()
    sharing = serializers.ChoiceField(choices=SHARING)


class SharingDecisionBody(StepBody):
    """What becomes of a change."""

    decision = serializers.ChoiceField(["approve", "decline", "take_back"])


class SharingChangeSerializer(RecordSerializer[SharingChange]):
    """A change that waits for a second person, or the time of a group kept alone."""

    kind = serializers.SerializerMethodField()
    record = serializers.UUIDField(source="record.public_id", read_only=True)
    step = ChoicePair(SharingStep)
    state = ChoicePair(SharingState)

    class Meta:
        model = SharingChange
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "kind",
            "record",
            "step",
            "reason",
            "state",
            "until_on",
            "decided_at",
            "decision_reason",
        ]

    def get_kind(self, row: SharingChange) -> str:
        """Return the kind of the record."""
        about = type(row.record)
        return next(kind for kind, model in sharing.KINDS.items() if model is about)


class SharingChangeFilterSet(RecordFilterSet):
    """Changes by their state."""

    state = AnyOfFilter(choices=SharingState, help_text="How far it has come.")


class SharingChangeResource(TellsConflicts, Resource[SharingChange]):
    """Changes of who may see a record: narrower at once, wider by two persons.

    Those of reports need the scopes of reports: `intel:read` besides to be listed,
    `intel:decide` for a step.
    """

    scopes: ClassVar = {"GET": TokenScope.GROUPS_READ, "POST": STEPS}
    queryset = SharingChange.objects.none()
    serializer_class = SharingChangeSerializer
    filterset_class = SharingChangeFilterSet
    orderings: ClassVar = {"created": "id", "changed_at": "changed_at"}

    _DECIDE: ClassVar = {
        "approve": sharing.approve,
        "decline": sharing.decline,
        "take_back": sharing.take_back,
    }

    def get_queryset(self) -> QuerySet[SharingChange]:
        """Return the changes that the viewer may see; of reports, if the token may too."""
        seen = SharingChange.objects.visible_to(self.viewer)
        if self.request.method != "POST" and not self._carries(TokenScope.INTEL_READ):
            seen = seen.filter(report__isnull=True)
        return seen.select_related(
            "owner", "access_class", "group", "nominal", "identifier", "report"
        )

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the changes and the records that they are about."""
        for row in rows:
            yield from (row, row.record)

    @extend_schema(
        request=SharingBody,
        responses={
            201: SharingChangeSerializer,
            204: OpenApiResponse(description="Narrower, and so it stands already."),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change who may see a record, or propose it where more would see it.

        204: it stands. 201: the proposal that waits, or until when a group is its
        owner's alone.
        """
        self.refuse_parameters_but()
        values = asked(SharingBody, request)
        model: Any = sharing.KINDS[values.pop("kind")]
        self._check_scope(model)
        rows = model.objects.visible_to(self.viewer).select_related("owner")
        record = rows.filter(public_id=values.pop("record")).first()
        if record is None:
            raise NotFound
        self.about = record
        made = sharing.change(by=self.viewer, record=record, **values)
        hint(DRAIN)
        if made is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        row = self.get_queryset().get(pk=made.pk)
        self.audit_reading(self.shown([row]))
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def _check_scope(self, kind: type[TopRecord]) -> None:
        """Raise unless the token may change who sees records of a kind."""
        needed = TokenScope.INTEL_DECIDE if kind is Report else TokenScope.GROUPS_WRITE
        if not self._carries(needed):
            raise PermissionDenied(
                f"This needs a token with the scope {needed}. Ask an administrator for "
                "one."
            )

    def _carries(self, scope: TokenScope) -> bool:
        token: Any = self.request.auth
        return scope in token.scopes

    @extend_schema(request=SharingDecisionBody)
    @action(detail=True, methods=["post"], scopes={"POST": STEPS})
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve, decline or take back a change."""
        self.refuse_parameters_but()
        change = self.about = self.get_object()
        self._check_scope(type(change.record))
        check_has(self.viewer, Right.CONTRIBUTE)
        values = asked(SharingDecisionBody, request)
        step = self._DECIDE[values.pop("decision")]
        found = step(by=self.viewer, change=change, **values)
        hint(DRAIN)
        row = self.get_queryset().get(pk=found.pk)
        self.audit_reading(self.shown([row]))
        return Response(self.get_serializer(row).data)
