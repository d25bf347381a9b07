"""What was decided on how long a record is kept, and what is left of one disposed of."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import Exact

from groups.models import CrimeGroup, Identifier, Nominal
from intelligence.models.report import Report
from intelligence.retention_policy import DISPOSAL_REASONS, GROUNDS
from ocgmap.common.records import (
    ProtectedQuerySet,
    ProtectedRecord,
    RetentionClass,
    TopRecord,
)

REVIEWED: dict[type[TopRecord], str] = {
    CrimeGroup: "group",
    Nominal: "nominal",
    Identifier: "identifier",
    Report: "report",
}


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(one.value, text) for one, text in words.items()]


class ReviewState(models.TextChoices):
    """What a review came to."""

    KEPT = "kept", "Kept"
    PROPOSED = "proposed", "Disposal proposed"
    DECLINED = "declined", "Disposal declined"
    APPROVED = "approved", "Disposal approved"


class RetentionReviewQuerySet(ProtectedQuerySet["RetentionReview"]):
    """Which reviews?"""

    def waiting(self) -> Self:
        """Keep the proposals on which a second person has to decide."""
        return self.filter(state=ReviewState.PROPOSED)

    def of(self, record: TopRecord) -> Self:
        """Keep the reviews of one record."""
        return self.filter(**{REVIEWED[type(record)]: record.pk})


@pghistory.track()
class RetentionReview(ProtectedRecord):
    """That a records manager kept a record, or proposed to dispose of it.

    `created_by` reviewed it. It goes with its record: what is left is a certificate.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, null=True, related_name="+"
    )
    identifier = models.ForeignKey(
        Identifier, on_delete=models.PROTECT, null=True, related_name="+"
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, related_name="retention_reviews"
    )
    state = models.CharField(max_length=8, choices=ReviewState)
    grounds = ArrayField(
        models.CharField(max_length=16, choices=_choices(GROUNDS)),
        default=list,
        blank=True,
    )
    disposal_reason = models.CharField(
        max_length=12, choices=_choices(DISPOSAL_REASONS), blank=True
    )
    reason = models.TextField(max_length=2000)
    next_review_on = models.DateField(null=True, blank=True)
    record_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_reason = models.TextField(blank=True, max_length=2000)

    label_parents: ClassVar[tuple[str, ...]] = (
        "group",
        "nominal",
        "identifier",
        "report",
    )
    objects = RetentionReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        *(F(f"{one}_id") for one in REVIEWED.values()),
                        function="num_nonnulls",
                        output_field=IntegerField(),
                    ),
                    1,
                ),
                name="intelligence_retentionreview_one_record",
            ),
            models.CheckConstraint(
                condition=(Q(state="kept", next_review_on__isnull=False))
                | (~Q(state="kept") & ~Q(disposal_reason="")),
                name="intelligence_retentionreview_says_what_next",
                violation_error_message="A record that is kept is reviewed again; "
                "another is disposed of for a reason.",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decided_by=F("created_by"))
                ),
                name="intelligence_retentionreview_two_persons",
                violation_error_message="Another person approves than proposed.",
            ),
        ]

    def __str__(self) -> str:
        return f"retention review {self.pk}"

    @property
    def record(self) -> TopRecord:
        """Return what was reviewed. May query."""
        about = (self.group, self.nominal, self.identifier, self.report)
        return next(one for one in about if one is not None)


class DisposalCertificateQuerySet(ProtectedQuerySet["DisposalCertificate"]):
    """Which certificates?"""


class DisposalCertificate(ProtectedRecord):
    """That a record was disposed of: who decided, why, how many rows went. Insert-only.

    Written by the database with the disposal; holds nothing of what was erased.
    `created_at` is the moment. `counts` maps tables to rows, history among them.
    """

    kind = models.CharField(
        max_length=12,
        choices=[
            ("groups", "Group"),
            ("people", "Person"),
            ("identifiers", "Identifier"),
            ("reports", "Report"),
        ],
    )
    retention_class = models.CharField(max_length=1, choices=RetentionClass)
    reason_code = models.CharField(max_length=12, choices=_choices(DISPOSAL_REASONS))
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    counts = models.JSONField(default=dict)

    objects = DisposalCertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")),
                name="intelligence_disposalcertificate_two_persons",
            )
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"
