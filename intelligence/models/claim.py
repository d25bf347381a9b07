"""What a report claims of a group's attribute."""

from typing import ClassVar

import pghistory
from django.db import models

from groups.models import CrimeGroup
from intelligence.models.report import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class Level(models.TextChoices):
    """The level of an attribute. Unknown is the absence of a claim."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    NIL = "nil", "Nil"


class AttributeClaimQuerySet(ProtectedQuerySet["AttributeClaim"]):
    """Which claims?"""


@pghistory.track()
class AttributeClaim(ProtectedRecord):
    """That a report puts an attribute of a group at a level.

    `attribute` is a key of the one catalogue (`Attribute`); the database refuses any
    other, by a constraint that `scoring.marking` lays.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="claims")
    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    attribute = models.CharField(max_length=60)
    level = models.CharField(max_length=6, choices=Level)

    label_parents: ClassVar[tuple[str, ...]] = ("report", "group")
    objects = AttributeClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "group", "attribute"],
                name="intelligence_claim_once",
                violation_error_message="This report already claims a level for this "
                "attribute. Change that claim.",
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"
