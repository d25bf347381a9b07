"""Who is in a compartment: proposed by one, approved by another; and who never is."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models.access_class import Tag
from accounts.models.organisation import Organisation
from accounts.models.user import User


class MembershipStep(models.TextChoices):
    """What is proposed."""

    ADD = "add", "Take in"
    REMOVE = "remove", "Take out"


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


class MembershipProposal(models.Model):
    """That a person or an organisation enters or leaves a compartment.

    A holding follows from an approved proposal only, by a function of the database that
    asks for two persons again. Read by those who hold the compartment.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="proposals")
    step = models.CharField(max_length=6, choices=MembershipStep)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    until_on = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=1000)
    state = models.CharField(
        max_length=8, choices=ProposalState, default=ProposalState.PROPOSED
    )
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # When the function of the database made it true; it does so once.
    applied_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(user__isnull=True),
                name="accounts_membershipproposal_organisation_or_user",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="proposed", decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state="proposed")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="accounts_membershipproposal_decided_by_someone",
                violation_error_message="A decision says when and by whom.",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("proposed_by")),
                name="accounts_membershipproposal_two_persons",
                violation_error_message="Another person approves than proposed.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True)
                | (
                    ~Q(user=F("proposed_by"))
                    & (Q(decided_by__isnull=True) | ~Q(user=F("decided_by")))
                ),
                name="accounts_membershipproposal_not_oneself",
                violation_error_message="Nobody proposes or approves themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Subject(models.Model):
    """That an account is of a person whom a compartment is about.

    What the account holds of the compartment, itself or by its organisation, does not
    count: no record that requires it is ever shown there. Never changed or taken off by
    a page; read by those who hold the compartment.
    """

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="subjects")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    registered_at = models.DateTimeField(db_default=Now(), editable=False)
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "user"], name="accounts_subject_once"
            ),
        ]

    def __str__(self) -> str:
        return f"subject {self.pk}"
