"""What must be rescored (truth, not a message), what failed, and receipts."""

from typing import ClassVar

from django.db import models

from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.records import ProtectedQuerySet


class Outbox(models.Model):
    """That a group must be rescored; written by triggers only.

    A null group means: the profiles of readers have changed. No foreign keys: a mark
    must never wait for, or be refused by, another row.
    """

    group_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"mark {self.pk}"


class OutboxDead(models.Model):
    """A group that could not be rescored, set aside with its error; others go on."""

    group_id = models.BigIntegerField(unique=True)
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"dead {self.pk}"


class Attempt(models.Model):
    """That a careful drain began on a group, and has not come back yet.

    Written in a transaction of its own, so that it outlives the death of the process:
    a group that kills its worker is found, taken alone, and at last set aside.
    """

    group_id = models.BigIntegerField(unique=True)
    tries = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class ReceiptState(models.TextChoices):
    """Where a submission stands for one group."""

    QUEUED = "queued", "Queued"
    INCLUDED = "included", "Included"
    SET_ASIDE = "set_aside", "Set aside"
    AWAITING = "awaiting", "Awaiting assurance"
    RETURNED = "returned", "Returned by assurance"


# The report counts nowhere yet: what its assurance decides, and no drain, moves these.
NOT_COUNTED = (ReceiptState.AWAITING, ReceiptState.RETURNED)


class ReceiptQuerySet(ProtectedQuerySet["Receipt"]):
    """Which receipts?"""


class Receipt(models.Model):
    """That a report's effect on one group is queued, or included since a moment.

    Or that the report waits for assurance, or was returned, and has no effect yet.

    A report with no receipt affects no group.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    access_class = models.ForeignKey(
        "accounts.AccessClass", on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    included_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=9, choices=ReceiptState, default=ReceiptState.QUEUED
    )

    label_parents: ClassVar[tuple[str, ...]] = ("report", "group")
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "group"], name="scoring_receipt_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="included", included_at__isnull=False)
                | ~models.Q(state="included") & models.Q(included_at__isnull=True),
                name="scoring_receipt_included_both_or_neither",
            ),
        ]
        # Those that wait are few among very many.
        indexes = [
            models.Index(
                fields=["group", "report"],
                condition=~models.Q(state="included"),
                name="scoring_receipt_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen; read by the health page."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
