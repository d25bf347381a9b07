"""What may be done to a report over the API: withdraw it, assure it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.fields import StrictSerializer
from accounts.models.api_token import TokenScope
from groups.api.bodies import LONGEST_REASON, VERSION_HELP, StepBody
from groups.api.steps import Steps, asked
from intelligence.actions import assurance, reports
from intelligence.models.assurance import Outcome
from intelligence.models.report import AssessmentGrade, SourceGrade
from intelligence.permissions import check_can_assure, check_can_change

DECIDE: Scopes = {"POST": TokenScope.INTEL_DECIDE}


class AssuranceBody(StrictSerializer):
    """What an assurer decides of a report that awaits it."""

    version = serializers.IntegerField(min_value=1, help_text=VERSION_HELP)
    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.CharField(
        max_length=LONGEST_REASON, required=False, allow_blank=True
    )
    source_grade = serializers.ChoiceField(SourceGrade.choices, required=False)
    assessment_grade = serializers.ChoiceField(AssessmentGrade.choices, required=False)


class ReportSteps(Steps):
    """What may be done to a report after it was submitted."""

    @extend_schema(request=StepBody)
    @action(detail=True, methods=["post"], scopes=DECIDE)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Withdraw a report: it stays readable and counts no more."""
        self.refuse_parameters_but()
        report = self.get_object()
        check_can_change(self.viewer, report)
        values = asked(StepBody, request)
        return self.changed(
            reports.withdraw(by=self.viewer, report=report, **values).pk
        )

    @extend_schema(request=AssuranceBody)
    @action(detail=True, methods=["post"], scopes=DECIDE)
    def assure(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Pass a report that awaits assurance, regrade it, or return it."""
        self.refuse_parameters_but()
        report = self.get_object()
        check_can_assure(self.viewer, report)
        values = asked(AssuranceBody, request)
        assurance.decide(by=self.viewer, report=report, **values)
        return self.changed(report.pk)
