"""Which scheme versions there are, and which of them figures come from."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class SchemeStatus(models.TextChoices):
    """Whether groups are scored by a version."""

    PROPOSED = "proposed", "Proposed for comparison"
    ADOPTED = "adopted", "Adopted"


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    """Which versions?"""

    def primary_on(self, day: datetime.date, name: str) -> Self:
        """Return the version of ``name`` in effect on ``day``, the newest first."""
        adopted = self.filter(name=name, status=SchemeStatus.ADOPTED)
        return adopted.filter(effective_on__lte=day).order_by("-effective_on", "-id")


class SchemeVersion(models.Model):
    """One version of a scheme: name, number and the digest of its frozen table.

    `rows` is the table of a version that came from a file; that of the others is code.
    `is_primary` marks the version that figures of the present come from. Figures of a
    past day come from the one in effect on that day.
    """

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    effective_on = models.DateField()
    is_primary = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=SchemeStatus, default=SchemeStatus.ADOPTED
    )
    rows = models.JSONField(null=True)

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"], name="scoring_schemeversion_once"
            ),
            models.UniqueConstraint(
                fields=["is_primary"],
                condition=models.Q(is_primary=True),
                name="scoring_schemeversion_one_primary",
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(status="adopted"),
                name="scoring_schemeversion_primary_is_adopted",
            ),
            models.UniqueConstraint(
                fields=["name", "effective_on"],
                condition=Q(status="adopted"),
                name="scoring_schemeversion_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
