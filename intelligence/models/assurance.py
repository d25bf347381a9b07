"""Where reports are assured before they count, and what assurers decided."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Organisation
from intelligence.models.report import AssessmentGrade, Report, SourceGrade
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class AssuranceRuleQuerySet(models.QuerySet["AssuranceRule"]):
    """Which rules?"""

    def in_force(self, body_id: int, day: date) -> "AssuranceRule | None":
        """Return the rule of a body that holds on ``day``, None if it never had one.

        The latest start decides, and of one day the rule that was entered last.
        """
        return (
            self.filter(body_id=body_id, from_on__lte=day)
            .order_by("-from_on", "-id")
            .first()
        )


class AssuranceRule(models.Model):
    """That a body wants reports assured, or no longer does, from a day on.

    The body is a region, for itself and every organisation placed in it, or an
    organisation without a region. Rows are added and never changed; a body without any
    wants none. Public inside the system: it says nothing of any record.
    """

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_required = models.BooleanField()
    from_on = models.DateField()
    reason = models.TextField(max_length=2000)
    set_at = models.DateTimeField(db_default=Now(), editable=False)
    set_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AssuranceRuleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["body", "-from_on", "-id"])]

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
