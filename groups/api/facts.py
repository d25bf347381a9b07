"""Facts that are shown inside a group or a person: corrected, ended, withdrawn."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.fields import ChoicePair
from accounts.models.api_token import TokenScope
from groups.actions import activity_corrections, facts
from groups.api.bodies import (
    AliasBody,
    EndBody,
    PersonAliasBody,
    StepBody,
    TellingBody,
    ThreatBody,
)
from groups.api.conflicts import TellsConflicts
from groups.api.steps import DRAIN, asked
from groups.models import Activity, CrimeGroup, Nominal
from groups.permissions import check_can_edit
from groups.views.fact_kinds import GROUP_KINDS, PERSON_KINDS, FactKind, kind_of
from groups.views.finding import found, group_for, nominal_for
from ocgmap.common.queues import hint
from ocgmap.common.records import Basis, Precision

# Kinds that the API shows inside their record, and what may be corrected of each. An
# activity is corrected with its places and quantities, in the browser.
Bodies = Mapping[str, type[TellingBody] | None]
OF_GROUP: Bodies = {
    "aliases": AliasBody,
    "threats": ThreatBody,
    "identifiers": TellingBody,
    "activities": None,
}
OF_PERSON: Bodies = {"aliases": PersonAliasBody, "identifiers": TellingBody}


class FactState(serializers.Serializer[Any]):
    """A fact as it stands after a step."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    basis = ChoicePair(Basis)
    from_on = serializers.DateField(allow_null=True)
    to_on = serializers.DateField(allow_null=True)
    precision = ChoicePair(Precision)
    rationale = serializers.CharField()


class FactAddress(TellsConflicts):
    """One fact of one group, by the id of each."""

    scopes: ClassVar[Scopes] = {"POST": TokenScope.GROUPS_WRITE}
    kinds: ClassVar[Mapping[str, FactKind]] = GROUP_KINDS
    bodies: ClassVar[Bodies] = OF_GROUP
    parent: CrimeGroup | Nominal

    def of(self, public_id: Any) -> CrimeGroup | Nominal:
        """Return the record that the address is about."""
        return group_for(self.viewer, public_id)

    def fact(self, public_id: Any, kind: str, row_id: Any) -> Any:
        """Return the fact, if the caller may change it; hidden is absent.

        Raises:
            NotFound, PermissionDenied: they may not see it, or not change it.
        """
        self.refuse_parameters_but()
        shown = {name: self.kinds[name] for name in self.bodies}
        self.parent = self.of(public_id)
        fact = found(kind_of(shown, kind).of(self.viewer, self.parent), row_id)
        check_can_edit(self.viewer, fact)
        self.about = fact
        return fact

    def changed(self, fact: Any) -> Response:
        """Return the fact after a step; the rescoring is hinted at."""
        hint(DRAIN)
        self.audit_reading([self.parent, fact])
        return Response(FactState(fact).data)


class CorrectFact(FactAddress):
    """Correct what was recorded wrongly of a group."""

    scopes: ClassVar[Scopes] = {"PATCH": TokenScope.GROUPS_WRITE}

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="GroupFactBody",
            serializers=[AliasBody, ThreatBody, TellingBody],
            resource_type_field_name=None,
        ),
        responses=FactState,
    )
    def patch(self, request: Request, id: Any, kind: str, row_id: Any) -> Response:  # noqa: A002
        """Correct another name, a threat or the use of an identifier.

        412 if it was changed meanwhile. An activity is corrected in the browser.
        """
        return self.corrected(request, id, kind, row_id)

    def corrected(
        self, request: Request, public_id: Any, kind: str, row_id: Any
    ) -> Response:
        """Correct the fact by the action of its kind.

        Raises:
            MethodNotAllowed: facts of this kind are not corrected here.
        """
        fact = self.fact(public_id, kind, row_id)
        body, correct = self.bodies[kind], self.kinds[kind].correct
        if body is None or correct is None:
            raise MethodNotAllowed("PATCH")
        named = {self.kinds[kind].argument: fact}
        return self.changed(correct(by=self.viewer, **named, **asked(body, request)))


class EndFact(FactAddress):
    """Say when something known of a group stopped to hold."""

    @extend_schema(request=EndBody, responses=FactState)
    def post(self, request: Request, id: Any, kind: str, row_id: Any) -> Response:  # noqa: A002
        """Say on which day this stopped to hold, and why."""
        fact = self.fact(id, kind, row_id)
        values = asked(EndBody, request)
        return self.changed(facts.end(by=self.viewer, fact=fact, **values))


class WithdrawFact(FactAddress):
    """Withdraw what was recorded in error of a group."""

    @extend_schema(request=StepBody, responses={204: None})
    def post(self, request: Request, id: Any, kind: str, row_id: Any) -> Response:  # noqa: A002
        """Take what was recorded in error out of every figure; history keeps it."""
        fact = self.fact(id, kind, row_id)
        values = asked(StepBody, request)
        if isinstance(fact, Activity):
            activity_corrections.withdraw(by=self.viewer, activity=fact, **values)
        else:
            facts.withdraw(by=self.viewer, fact=fact, **values)
        hint(DRAIN)
        return Response(status=status.HTTP_204_NO_CONTENT)


class _OfPerson(FactAddress):
    kinds = PERSON_KINDS
    bodies = OF_PERSON

    def of(self, public_id: Any) -> CrimeGroup | Nominal:
        """Return the person."""
        return nominal_for(self.viewer, public_id)


class CorrectPersonFact(_OfPerson, CorrectFact):
    """Correct what was recorded wrongly of a person."""

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="PersonFactBody",
            serializers=[PersonAliasBody, TellingBody],
            resource_type_field_name=None,
        ),
        responses=FactState,
    )
    def patch(self, request: Request, id: Any, kind: str, row_id: Any) -> Response:  # noqa: A002
        """Correct another name or the use of an identifier; 412 if it was changed."""
        return self.corrected(request, id, kind, row_id)


class EndPersonFact(_OfPerson, EndFact):
    """Say when something known of a person stopped to hold."""


class WithdrawPersonFact(_OfPerson, WithdrawFact):
    """Withdraw what was recorded in error of a person."""
