"""The transfer of a group from its owner to another force or regional unit."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from groups.models.crime_group import CrimeGroup
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class TransferState(models.TextChoices):
    """How far a transfer has come."""

    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"


class SharingAfter(models.TextChoices):
    """Who may see a group once it is transferred."""

    AS_NOW = "as_now", "As now"
    FORCE = "force", "The new owner, its ROCU and the NCA"
    REGION = "region", "All forces in the new owner’s region"
    ALL_FORCES = "all_forces", "All forces"


class TransferQuerySet(ProtectedQuerySet["Transfer"]):
    """Which transfers?"""

    def pending(self) -> Self:
        """Keep the transfers that wait for the receiver."""
        return self.filter(state=TransferState.PROPOSED)


@pghistory.track()
class Transfer(ProtectedRecord):
    """That the owner of a group proposed to hand it over, and what became of it.

    `owner` is the owner of the group when it was proposed. The label is the group's:
    whoever sees the group sees where it is going.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="transfers"
    )
    receiver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    sharing = models.CharField(
        max_length=12, choices=SharingAfter, default=SharingAfter.AS_NOW
    )
    reason = models.TextField(max_length=1000)
    state = models.CharField(
        max_length=10, choices=TransferState, default=TransferState.PROPOSED
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_reason = models.TextField(blank=True, max_length=1000)

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            # With the label, so that it tells nobody of a transfer that they can't see.
            models.UniqueConstraint(
                fields=["group", "access_class"],
                condition=Q(state="proposed"),
                name="groups_transfer_one_pending",
                violation_error_message="A transfer of this group waits already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="proposed", decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state="proposed")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="groups_transfer_decided_by_someone",
                violation_error_message="A decision says when and by whom.",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(decided_by=F("created_by")),
                name="groups_transfer_two_persons",
                violation_error_message="Another person accepts than proposed.",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("receiver")),
                name="groups_transfer_two_organisations",
                violation_error_message="A group is transferred to somebody else.",
            ),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk}"
