"""Where reports are assured before they count, and what assurers decided."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.body_rule import BodyRule
from intelligence.models.report import AssessmentGrade, Report, SourceGrade
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class AssuranceRule(BodyRule):
    """That a body wants reports assured, or no longer does, from a day on."""

    def __str__(self) -> str:
        return f"assurance rule {self.pk}"


class Outcome(models.TextChoices):
    """What an assurer decided on a report."""

    PASSED = "passed", "Passed"
    REGRADED = "regraded", "Passed with another grade"
    RETURNED = "returned", "Returned to its submitter"


_SAME_GRADE = Q(
    source_before=models.F("source_after"),
    assessment_before=models.F("assessment_after"),
)


class AssuranceQuerySet(ProtectedQuerySet["Assurance"]):
    """Which decisions of assurers?"""


class Assurance(ProtectedRecord):
    """One decision on one report; insert-only, so both grades stay on record.

    `created_by` is the assurer and `created_at` the moment of the decision.
    """

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="assurances"
    )
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField(max_length=2000)
    source_before = models.PositiveSmallIntegerField(choices=SourceGrade)
    assessment_before = models.CharField(max_length=1, choices=AssessmentGrade)
    source_after = models.PositiveSmallIntegerField(choices=SourceGrade)
    assessment_after = models.CharField(max_length=1, choices=AssessmentGrade)

    label_parents: ClassVar[tuple[str, ...]] = ("report",)
    objects = AssuranceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome="regraded") & ~_SAME_GRADE)
                | (~Q(outcome="regraded") & _SAME_GRADE),
                name="intelligence_assurance_other_grade_iff_regraded",
            )
        ]

    def __str__(self) -> str:
        return f"assurance {self.pk}"
