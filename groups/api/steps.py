"""The life of records over the API: the same steps, rules and audit as on the pages."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.fields import ChoicePair, OrganisationBrief, RecordSerializer
from accounts.api.resources import Resource
from accounts.models.api_token import TokenScope
from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import (
    bulk,
    facts,
    groups,
    involvements,
    memberships,
    merging,
    reviews,
    transfers,
)
from groups.api.bodies import (
    BulkBody,
    BulkResult,
    DecisionBody,
    EndBody,
    GroupBody,
    InvolvementBody,
    MembershipBody,
    MergeBody,
    ReviewBody,
    StateBody,
    StepBody,
    TransferBody,
)
from groups.api.briefs import GroupBrief
from groups.api.conflicts import TellsConflicts
from groups.exceptions import InvalidRecord
from groups.filters import RecordFilterSet
from groups.models import CrimeGroup, Transfer
from groups.models.transfer import SharingAfter, TransferState
from groups.permissions import check_can_edit
from ocgmap.common.filters import AnyOfFilter, IdsFilter
from ocgmap.common.queues import hint
from ocgmap.common.records import Fact, ProtectedRecord

WRITE: Scopes = {
    "POST": TokenScope.GROUPS_WRITE,
    "PATCH": TokenScope.GROUPS_WRITE,
}
DRAIN = "scoring.drain"
NO_SUCH_GROUP = "There is no such group."


def asked(body: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the clean values of a body.

    Raises:
        ValidationError: a field is unknown, missing or wrong; nothing was done.
    """
    read = body(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


class TransferSerializer(RecordSerializer[Transfer]):
    """The transfer of a group to another body, and what became of it."""

    group = GroupBrief(read_only=True)
    receiver = OrganisationBrief(read_only=True)
    sharing = ChoicePair(SharingAfter)
    state = ChoicePair(TransferState)

    class Meta:
        model = Transfer
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "group",
            "receiver",
            "sharing",
            "reason",
            "state",
            "decided_at",
            "decision_reason",
        ]


class Steps(TellsConflicts, Resource[Any]):
    """A resource on whose rows steps are taken."""

    def changed(self, pk: int) -> Response:
        """Return the row as it stands after a step; the rescoring is hinted at."""
        hint(DRAIN)
        row = self.get_queryset().get(pk=pk)
        self.complete([row])
        self.audit_reading(self.shown([row]))
        return Response(self.get_serializer(row).data)


class GroupSteps(Steps):
    """What may be done to a group."""

    @extend_schema(request=GroupBody)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is said of a group; 412 if it was changed meanwhile."""
        self.refuse_parameters_but()
        group = self.about = self.get_object()
        check_can_edit(self.viewer, group)
        found = groups.edit(by=self.viewer, group=group, **asked(GroupBody, request))
        return self.changed(found.pk)

    @extend_schema(request=StateBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def state(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Submit, map, return, archive, rest or re-activate a group, with a reason."""
        self.refuse_parameters_but()
        group = self.about = self.get_object()
        check_can_edit(self.viewer, group)
        values = asked(StateBody, request)
        found = groups.change_state(by=self.viewer, group=group, **values)
        return self.changed(found.pk)

    @extend_schema(request=ReviewBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record the review of a mapped group: its outcome, why, and the next day."""
        self.refuse_parameters_but()
        group = self.about = self.get_object()
        check_can_edit(self.viewer, group)
        values = asked(ReviewBody, request)
        return self.changed(reviews.record(by=self.viewer, group=group, **values).pk)

    @extend_schema(request=MergeBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def merge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Merge a group into another of the same owner; `split` takes it back."""
        self.refuse_parameters_but()
        group = self.about = self.get_object()
        check_can_edit(self.viewer, group)
        values = asked(MergeBody, request)
        seen = CrimeGroup.objects.visible_to(self.viewer).select_related("owner")
        into = seen.filter(public_id=values.pop("into")).first()
        if into is None:
            raise InvalidRecord(f"into: {NO_SUCH_GROUP}", field="into")
        found = merging.merge(by=self.viewer, group=group, into=into, **values)
        return self.changed(found.pk)

    @extend_schema(request=StepBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def split(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Split a group off the one that it was merged into."""
        self.refuse_parameters_but()
        group = self.about = self.get_object()
        merging.check_can_split(self.viewer, group)
        values = asked(StepBody, request)
        found = merging.split(by=self.viewer, group=group, **values)
        return self.changed(found.pk)

    @extend_schema(request=TransferBody, responses={201: TransferSerializer})
    @action(detail=True, methods=["post"], scopes=WRITE)
    def transfers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose to hand a group over; a supervisor of the receiver decides."""
        self.refuse_parameters_but()
        group = self.get_object()
        check_can_edit(self.viewer, group)
        values = asked(TransferBody, request)
        made = transfers.propose(by=self.viewer, group=group, **values)
        self.audit_reading([made, group])
        return Response(TransferSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=BulkBody, responses=BulkResult, filters=False)
    @action(detail=False, methods=["post"], scopes=WRITE, pagination_class=None)
    def bulk(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the same change to several groups, or say what it would do.

        Each group has an outcome; one that is absent or hidden has that as its refusal.
        """
        self.refuse_parameters_but()
        check_has(self.viewer, Right.CONTRIBUTE)
        body = asked(BulkBody, request)
        versions = {row["id"]: row["version"] for row in body["groups"]}
        if body["dry_run"]:
            seen = CrimeGroup.objects.visible_to(self.viewer).select_related("owner")
            rows = seen.filter(public_id__in=versions)
            outcomes = bulk.foresee(self.viewer, rows, body["change"], versions)
        else:
            outcomes = bulk.change(
                by=self.viewer,
                versions=versions,
                wanted=body["change"],
                reason=body["reason"],
            )
            hint(DRAIN)
        self.audit_reading([one.group for one in outcomes])
        found = {one.group.public_id: one for one in outcomes}
        results = [
            {"id": key, "changes": found[key].changes, "refusal": found[key].refusal}
            if key in found
            else {"id": key, "changes": {}, "refusal": NO_SUCH_GROUP}
            for key in versions
        ]
        return Response(
            BulkResult({"dry_run": body["dry_run"], "results": results}).data
        )


class FactSteps(Steps):
    """What may be done to a fact: it ends, or it is withdrawn as wrong."""

    def fact(self) -> Fact:
        """Return the fact, if the caller may change it."""
        self.refuse_parameters_but()
        found: Fact = self.get_object()
        check_can_edit(self.viewer, found)
        self.about = found
        return found

    @extend_schema(request=EndBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say on which day this stopped to hold, and why."""
        fact = self.fact()
        values = asked(EndBody, request)
        return self.changed(facts.end(by=self.viewer, fact=fact, **values).pk)

    @extend_schema(request=StepBody, responses={204: None})
    @action(detail=True, methods=["post"], scopes=WRITE)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take what was recorded in error out of every figure; history keeps it."""
        fact = self.fact()
        values = asked(StepBody, request)
        facts.withdraw(by=self.viewer, fact=fact, **values)
        hint(DRAIN)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MembershipSteps(FactSteps):
    """What may be done to a membership."""

    @extend_schema(request=MembershipBody)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Correct a membership; 412 if it was changed meanwhile."""
        fact: Any = self.fact()
        values = asked(MembershipBody, request)
        found = memberships.edit_member(by=self.viewer, membership=fact, **values)
        return self.changed(found.pk)


class InvolvementSteps(FactSteps):
    """What may be done to an involvement."""

    @extend_schema(request=InvolvementBody)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Correct an involvement; 412 if it was changed meanwhile."""
        fact: Any = self.fact()
        values = asked(InvolvementBody, request)
        found = involvements.edit_involvement(
            by=self.viewer, involvement=fact, **values
        )
        return self.changed(found.pk)


class TransferFilterSet(RecordFilterSet):
    """Transfers by group and state."""

    group = IdsFilter(field_name="group__public_id", help_text="Id of a group.")
    state = AnyOfFilter(choices=TransferState, help_text="How far it has come.")


class TransferResource(TellsConflicts, Resource[Transfer]):
    """Transfers of groups between bodies: two persons, one on each side."""

    scopes: ClassVar = {"GET": TokenScope.GROUPS_READ}
    queryset = Transfer.objects.none()
    serializer_class = TransferSerializer
    filterset_class = TransferFilterSet
    orderings: ClassVar = {"created": "id", "changed_at": "changed_at"}

    _DECIDE: ClassVar = {
        "accept": transfers.accept,
        "decline": transfers.decline,
        "take_back": transfers.take_back,
    }

    def get_queryset(self) -> QuerySet[Transfer]:
        """Return the transfers that the viewer may see."""
        seen = Transfer.objects.visible_to(self.viewer)
        return seen.select_related("owner", "access_class", "group", "receiver")

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the transfers and the groups that they name."""
        for row in rows:
            yield from (row, row.group)

    @extend_schema(request=DecisionBody)
    @action(detail=True, methods=["post"], scopes=WRITE)
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Accept, decline or take back a proposed transfer."""
        self.refuse_parameters_but()
        transfer = self.about = self.get_object()
        check_has(self.viewer, Right.CONTRIBUTE)
        values = asked(DecisionBody, request)
        step = self._DECIDE[values.pop("decision")]
        found = step(by=self.viewer, transfer=transfer, **values)
        hint(DRAIN)
        row = self.get_queryset().filter(pk=found.pk).first() or found
        self.audit_reading(self.shown([row]))
        return Response(TransferSerializer(row).data)
