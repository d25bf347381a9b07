"""Labels as rows: one access class for each distinct set of tags and marking."""

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation
from accounts.models.user import MARKING_CHOICES, User
from accounts.visibility import Label


class TagKind(models.TextChoices):
    """What a tag stands for."""

    ORGANISATION = "organisation", "My organisation only"
    FORCE = "force", "My force, its ROCU and the NCA"
    REGION = "region", "All forces in the region"
    ALL_FORCES = "all_forces", "All forces"
    COMPARTMENT = "compartment", "Compartment"


class Tag(models.Model):
    """One thing a reader must hold: an audience or a compartment.

    A compartment that takes referrals is known by its name to all who record: they may
    send a record up to it, and then see it no more.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=TagKind)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="tags"
    )
    expires_on = models.DateField(null=True, blank=True)
    takes_referrals = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TagHolderQuerySet(models.QuerySet["TagHolder"]):
    """Who holds what?"""

    def on(self, day: datetime.date) -> Self:
        """Keep the holdings in force on ``day``."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=day),
            Q(to_on__isnull=True) | Q(to_on__gt=day),
        )

    def of(self, *, user_id: int, organisation_id: int) -> Self:
        """Keep what a user holds, themselves or through their organisation."""
        return self.filter(Q(user_id=user_id) | Q(organisation_id=organisation_id))


class TagHolder(models.Model):
    """That an organisation or a user holds a tag for a period."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="holders")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="holdings"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="holdings"
    )
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = TagHolderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(user__isnull=True),
                name="accounts_tagholder_organisation_or_user",
            ),
            models.UniqueConstraint(
                fields=["tag", "organisation", "user", "from_on"],
                name="accounts_tagholder_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.user} holds {self.tag}"


class AccessClass(models.Model):
    """A label as one row; every protected row points at one. Never edited."""

    requires = ArrayField(models.IntegerField(), default=list)
    marking = models.PositiveSmallIntegerField(choices=MARKING_CHOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["requires", "marking"], name="accounts_accessclass_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.marking}:{self.requires}"

    @property
    def label(self) -> Label:
        """Return the label this row stands for."""
        return Label(frozenset(self.requires), self.marking)
