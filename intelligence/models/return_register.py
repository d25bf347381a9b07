"""The register of returns: which force submitted what, when, nil or late."""

from datetime import date
from typing import Self

import pghistory
from django.db import models
from django.utils import timezone

from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class Channel(models.TextChoices):
    """How a return came in."""

    BROWSER = "browser", "Browser"
    API = "api", "API"
    IMPORT = "import", "File import"


class Standing(models.TextChoices):
    """How a return stands on a day."""

    DUE = "due", "Due"
    OVERDUE = "overdue", "Overdue"
    RECEIVED = "received", "Received"
    NIL = "nil", "Nil"
    LATE = "late", "Received late"


class ReturnQuerySet(ProtectedQuerySet["Return"]):
    """Which returns?"""

    def received(self) -> Self:
        """Keep the returns that have come in."""
        return self.filter(received_at__isnull=False)

    def outstanding(self) -> Self:
        """Keep the returns that have not come in."""
        return self.filter(received_at__isnull=True)

    def overdue_on(self, day: date) -> Self:
        """Keep the returns that have not come in and were due before ``day``."""
        return self.outstanding().filter(due_on__lt=day)


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

    @property
    def is_late(self) -> bool:
        """Return whether it came in after its due day, in London."""
        if self.received_at is None:
            return False
        return timezone.localdate(self.received_at) > self.due_on

    def standing_on(self, day: date) -> Standing:
        """Return how it stands on ``day``: a nil return that came late is late."""
        if self.received_at is None:
            return Standing.OVERDUE if self.due_on < day else Standing.DUE
        if self.is_late:
            return Standing.LATE
        return Standing.NIL if self.is_nil else Standing.RECEIVED
