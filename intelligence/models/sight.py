"""Asking for the sight of one record that one knows of and may not see."""

import uuid
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from groups.models import CrimeGroup, Nominal
from intelligence.models.report import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class SightRequest(models.Model):
    """That someone asked to see the record with a reference; visible to them alone.

    It tells nothing of the record: whether there is one stands in `SightMatch`, under
    the label of that record.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=14)
    reason = models.TextField(max_length=1000)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"request {self.pk}"


class SightState(models.TextChoices):
    """What became of a request, for the owner of the record."""

    WAITING = "waiting", "Waits for you"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"


class SightMatchQuerySet(ProtectedQuerySet["SightMatch"]):
    """Which requests for records of ours?"""

    def waiting(self) -> Self:
        """Keep those that nobody decided on."""
        return self.filter(state=SightState.WAITING)


@pghistory.track()
class SightMatch(ProtectedRecord):
    """That a request is for this record: written by the database when it is asked.

    `created_by` asked, and does not see this row. What a grant shows is read by a
    function of the database for that account alone, until `until_at`.
    """

    request = models.OneToOneField(
        SightRequest, on_delete=models.PROTECT, related_name="+"
    )
    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, null=True, related_name="+"
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, related_name="sight_matches"
    )
    reason = models.TextField(max_length=1000)
    state = models.CharField(
        max_length=8, choices=SightState, default=SightState.WAITING
    )
    until_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_reason = models.TextField(blank=True, max_length=1000)

    label_parents: ClassVar[tuple[str, ...]] = ("group", "nominal", "report")
    objects = SightMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="waiting", decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state="waiting")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="intelligence_sightmatch_decided_by_someone",
                violation_error_message="A decision says when and by whom.",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", until_at__isnull=False)
                | (~Q(state="granted") & Q(until_at__isnull=True)),
                name="intelligence_sightmatch_granted_until",
                violation_error_message="A grant ends at a time.",
            ),
        ]

    def __str__(self) -> str:
        return f"match {self.pk}"

    @property
    def record(self) -> CrimeGroup | Nominal | Report:
        """Return the record that is asked for. May query."""
        return next(
            one for one in (self.group, self.nominal, self.report) if one is not None
        )
