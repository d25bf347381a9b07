"""That a person's record may be read, and no more: since when, why, and until when."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from groups.models import Nominal
from groups.models.nominal import RestrictionGround
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class ProcessingRestrictionQuerySet(ProtectedQuerySet["ProcessingRestriction"]):
    """Which restrictions?"""

    def standing(self) -> Self:
        """Keep those that were not lifted."""
        return self.filter(lifted_at__isnull=True)


@pghistory.track()
class ProcessingRestriction(ProtectedRecord):
    """That the processing of a person's record is restricted; `created_by` decided it.

    The database keeps `Nominal.restriction_ground` true to what stands here.
    Source: Data Protection Act 2018 ss.46(4), 47(2) and 47(3).
    """

    nominal = models.ForeignKey(Nominal, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=5, choices=RestrictionGround)
    reason = models.TextField(max_length=1000)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lifted_reason = models.TextField(blank=True, default="", max_length=1000)

    label_parents: ClassVar[tuple[str, ...]] = ("nominal",)
    objects = ProcessingRestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nominal"],
                condition=Q(lifted_at__isnull=True),
                name="intelligence_processingrestriction_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(
                    lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason=""
                )
                | (
                    Q(lifted_at__isnull=False, lifted_by__isnull=False)
                    & ~Q(lifted_reason="")
                ),
                name="intelligence_processingrestriction_lifted_by_someone",
                violation_error_message="A lifting says when, by whom and why.",
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
