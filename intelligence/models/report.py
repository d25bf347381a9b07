"""Intelligence reports, and apart from them their original texts."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from groups.models import CrimeGroup
from intelligence import grading
from intelligence.models.return_register import Return
from ocgmap.common.identifiers import new_report_reference
from ocgmap.common.records import (
    Precision,
    ProtectedQuerySet,
    ProtectedRecord,
    Sees,
    TopQuerySet,
    TopRecord,
    visible_classes,
)


class ReportState(models.TextChoices):
    """Whether a report counts: of these states, only one that is submitted does."""

    SUBMITTED = "submitted", "Submitted"
    AWAITING = "awaiting", "Awaiting assurance"
    RETURNED = "returned", "Returned by assurance"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


# A report in one of these has not been taken back: its submitter may correct it.
STANDING = (ReportState.SUBMITTED, ReportState.AWAITING, ReportState.RETURNED)


class SourceGrade(models.IntegerChoices):
    """3x5x2 source evaluation. Source: College of Policing, published."""

    RELIABLE = 1, "1 Reliable"
    UNTESTED = 2, "2 Untested"
    NOT_RELIABLE = 3, "3 Not reliable"


class AssessmentGrade(models.TextChoices):
    """3x5x2 intelligence assessment. Source: recalled, to be confirmed."""

    KNOWN_DIRECTLY = "A", "A Known directly to the source"
    INDIRECTLY_CORROBORATED = "B", "B Known indirectly but corroborated"
    INDIRECTLY = "C", "C Known indirectly"
    NOT_KNOWN = "D", "D Not known"
    SUSPECTED_FALSE = "E", "E Suspected to be false"


class Handling(models.TextChoices):
    """3x5x2 handling. Source: College of Policing, published."""

    PERMITTED = "P", "P Lawful sharing permitted"
    CONDITIONS = "C", "C Lawful sharing permitted with conditions"


class ReportQuerySet(TopQuerySet["Report"]):
    """Which reports?"""

    def counting(self) -> Self:
        """Keep the reports that count: not taken back, and assured where need be."""
        return self.filter(state=ReportState.SUBMITTED)

    def standing(self) -> Self:
        """Keep the reports that were neither withdrawn nor superseded."""
        return self.filter(state__in=STANDING)

    def awaiting_assurance(self) -> Self:
        """Keep the reports that an assurer has to look at."""
        return self.filter(state=ReportState.AWAITING)

    def about(self, group_ids: Collection[int], viewer: Sees) -> Self:
        """Keep the reports that mention a group or claim something of it.

        Groups that were merged into one of these are meant with it.
        Only by mentions and claims that ``viewer`` may see: a mention can be stricter
        than both its report and its group.
        """
        # One set of keys, where either of two would read every report to ask it.
        groups = CrimeGroup.objects.visible_to(viewer).whole(*group_ids).values("pk")
        mentioned = self._ids("mentions", groups, viewer)
        return self.filter(id__in=mentioned.union(self._ids("claims", groups, viewer)))

    def _ids(
        self, relation: str, groups: models.QuerySet[CrimeGroup, Any], viewer: Sees
    ) -> models.QuerySet["Report", Any]:
        return self.model.objects.filter(
            **{
                f"{relation}__group_id__in": groups,
                f"{relation}__access_class_id__in": visible_classes(viewer),
            }
        ).values("id")


@pghistory.track()
class Report(TopRecord):
    """One graded report in sanitised text. Never holds a source's identity.

    `handling_condition` is empty for P; for C it says who may receive the report and
    so caps the labels on offer. `legacy_grade` keeps a 5x5x5 grade as it came.
    """

    reference = models.CharField(
        max_length=14, unique=True, default=new_report_reference, editable=False
    )
    owner_reference = models.CharField(max_length=40, blank=True)
    returned_in = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    text = models.TextField(max_length=10_000)
    event_from = models.DateField(null=True, blank=True)
    event_to = models.DateField(null=True, blank=True)
    event_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )
    received_on = models.DateField()
    source_grade = models.PositiveSmallIntegerField(choices=SourceGrade)
    assessment_grade = models.CharField(max_length=1, choices=AssessmentGrade)
    handling = models.CharField(max_length=1, choices=Handling)
    handling_condition = models.JSONField(null=True, blank=True)
    legacy_grade = models.CharField(max_length=3, blank=True)
    converted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=ReportState, default=ReportState.SUBMITTED
    )
    state_reason = models.TextField(blank=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    idempotency_key = models.CharField(max_length=80, blank=True)
    idempotency_credential = models.CharField(max_length=40, blank=True)
    body_digest = models.CharField(max_length=64, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source_grade__in=[1, 2, 3]),
                name="intelligence_report_source_grade",
            ),
            models.CheckConstraint(
                condition=Q(assessment_grade__in=["A", "B", "C", "D", "E"]),
                name="intelligence_report_assessment_grade",
            ),
            models.CheckConstraint(
                condition=Q(handling="P", handling_condition__isnull=True)
                | Q(handling="C", handling_condition__isnull=False),
                name="intelligence_report_condition_iff_c",
                violation_error_message="Handling C needs a condition; handling P has "
                "none.",
            ),
            models.CheckConstraint(
                condition=Q(event_from__isnull=True)
                | Q(event_to__isnull=True)
                | Q(event_from__lte=models.F("event_to")),
                name="intelligence_report_event_in_order",
            ),
            models.UniqueConstraint(
                fields=["idempotency_credential", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="intelligence_report_idempotency",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-received_on"]),
            models.Index(fields=["received_on", "id"]),
            # Those that wait are few among very many.
            models.Index(
                fields=["owner", "id"],
                condition=Q(state="awaiting"),
                name="intelligence_report_awaiting",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_usable(self) -> bool:
        """Return whether its claims can hold a level up, by its grade."""
        return grading.usable(
            grading.SourceGrade(self.source_grade),
            grading.AssessmentGrade(self.assessment_grade),
        )


class ReportOriginalQuerySet(ProtectedQuerySet["ReportOriginal"]):
    """Which originals?"""


class ReportOriginal(ProtectedRecord):
    """The text as it came: own stricter label, own right, insert-only."""

    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, related_name="original"
    )
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    label_parents: ClassVar[tuple[str, ...]] = ("report",)
    objects = ReportOriginalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"original {self.pk}"
