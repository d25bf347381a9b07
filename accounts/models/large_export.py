"""Files of many records, which leave with the word of a second person only."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models.compartment import ProposalState
from accounts.models.organisation import Organisation
from accounts.models.user import User


class LargeExport(models.Model):
    """That someone asks to take a long list out as a file, and what became of it.

    It tells how many lines were pasted and nothing of what was found. Read within the
    organisation of who asks.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    # Of a pasted list, which is forgotten sooner than this.
    list_id = models.UUIDField()
    lines = models.PositiveIntegerField()
    reason = models.TextField(max_length=1000)
    state = models.CharField(
        max_length=8, choices=ProposalState, default=ProposalState.PROPOSED
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="proposed", decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state="proposed")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="accounts_largeexport_decided_by_someone",
                violation_error_message="A decision says when and by whom.",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("user")),
                name="accounts_largeexport_two_persons",
                violation_error_message="Another person approves than asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
