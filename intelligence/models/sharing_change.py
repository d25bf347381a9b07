"""Changes of who may see a record that one person proposes and another decides on."""

import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.models import AccessClass
from groups.models import CrimeGroup, Identifier, Nominal
from intelligence.models.report import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord, TopRecord


class SharingStep(models.TextChoices):
    """What the row is about."""

    WIDER = "wider", "Wider sharing"
    OWN_ONLY = "own_only", "My organisation only"
    AGAIN = "again", "My organisation only, again"


class SharingState(models.TextChoices):
    """How far it has come."""

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"
    ENDED = "ended", "Ended"


class SharingChangeQuerySet(ProtectedQuerySet["SharingChange"]):
    """Which changes?"""

    def waiting(self) -> Self:
        """Keep what waits for a second person."""
        return self.filter(state=SharingState.PROPOSED)

    def proposals(self) -> Self:
        """Keep what waits and changes nothing before."""
        return self.waiting().exclude(step=SharingStep.OWN_ONLY)

    def own_only(self) -> Self:
        """Keep the groups' times with their own organisation that have not ended."""
        return self.filter(
            step=SharingStep.OWN_ONLY,
            state__in=(SharingState.PROPOSED, SharingState.APPROVED),
        )

    def over_since(self, day: datetime.date) -> Self:
        """Keep the groups' times with their own organisation that ended after ``day``."""
        return self.filter(
            step=SharingStep.OWN_ONLY,
            state__in=(SharingState.ENDED, SharingState.DECLINED),
            until_on__gt=day,
        )

    def of(self, record: TopRecord) -> Self:
        """Keep what is about one record."""
        return self.filter(**{COLUMNS[type(record)]: record.pk})


@pghistory.track()
class SharingChange(ProtectedRecord):
    """That a record should be seen by more, or that a group is its owner's alone.

    A record is seen by more once a second person approves. A group is its owner's alone
    at once and until a day, put off when a supervisor approves: then, or when one
    declines, it gets its usual sharing again; where it was so lately, not before a
    second person approves. The database notes and ends such times by the label of the
    group, whoever changes that: `created_by` made it so, `until_on` is the day it ended.
    The label is the record's, with each compartment that `to_class` names; a record that
    is lowered leaves it here as it was.
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
        Report, on_delete=models.PROTECT, null=True, related_name="sharing_changes"
    )
    step = models.CharField(max_length=8, choices=SharingStep)
    from_class = models.ForeignKey(
        AccessClass, on_delete=models.PROTECT, related_name="+"
    )
    to_class = models.ForeignKey(
        AccessClass, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=1000)
    state = models.CharField(
        max_length=10, choices=SharingState, default=SharingState.PROPOSED
    )
    until_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_reason = models.TextField(blank=True, max_length=1000)

    label_parents: ClassVar[tuple[str, ...]] = (
        "group",
        "nominal",
        "identifier",
        "report",
    )
    objects = SharingChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(step="own_only", until_on__isnull=False)
                | Q(step__in=["wider", "again"], until_on__isnull=True),
                name="intelligence_sharingchange_own_only_until",
                violation_error_message="Sharing with nobody else ends on a day.",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & (Q(created_by__isnull=True) | ~Q(decided_by=F("created_by")))
                ),
                name="intelligence_sharingchange_two_persons",
                violation_error_message="Another person approves than proposed.",
            ),
        ]

    def __str__(self) -> str:
        return f"sharing change {self.pk}"

    @property
    def record(self) -> TopRecord:
        """Return what it is about. May query."""
        about = (self.group, self.nominal, self.identifier, self.report)
        return next(one for one in about if one is not None)


COLUMNS: dict[type[TopRecord], str] = {
    CrimeGroup: "group",
    Nominal: "nominal",
    Identifier: "identifier",
    Report: "report",
}
