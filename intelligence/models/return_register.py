"""The register of returns: which force submitted what, when, nil or late."""

from typing import Self

import pghistory
from django.db import models

from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class Channel(models.TextChoices):
    """How a return came in."""

    BROWSER = "browser", "Browser"
    API = "api", "API"
    IMPORT = "import", "File import"


class ReturnQuerySet(ProtectedQuerySet["Return"]):
    """Which returns?"""

    def received(self) -> Self:
        """Keep the returns that have come in."""
        return self.filter(received_at__isnull=False)


@pghistory.track()
class Return(ProtectedRecord):
    """One period's return of one organisation: due, received, nil or late.

    `counts` are of what was received: reports, groups, rows refused.
    """

    channel = models.CharField(max_length=8, choices=Channel, default=Channel.BROWSER)
    from_on = models.DateField()
    to_on = models.DateField()
    due_on = models.DateField()
    is_nil = models.BooleanField(default=False)
    file_digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    received_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("to_on")),
                name="intelligence_return_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["owner", "from_on", "to_on"],
                name="intelligence_return_once_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"return {self.pk}"
