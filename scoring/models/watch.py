"""What an account watches, when it wants mail about it, and what mail it was sent."""

import uuid
from typing import Final, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from accounts.models import User
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal, SavedSearch

TARGETS: Final = ("group", "nominal", "search")
# What one account can follow, and what each page of notices costs at most.
MOST_WATCHED: Final = 100
MOST_SEARCHES: Final = 10


class WatchQuerySet(models.QuerySet["Watch"]):
    """Which watches?"""

    def visible_to(self, viewer: Viewer) -> Self:
        """Keep the viewer's own watches of what they may see now."""
        return self.filter(
            Q(group__in=CrimeGroup.objects.visible_to(viewer))
            | Q(nominal__in=Nominal.objects.visible_to(viewer))
            | Q(search__in=SavedSearch.objects.visible_to(viewer)),
            user_id=viewer.user_id,
        )


class Watch(models.Model):
    """That an account wants to be told what happens to a group, person or saved search.

    It holds no word of what is watched nor of what happened: notices are worked out
    anew whenever they are read. `read_until` is up to when the account has read them.
    `found` is, for a search, the keys of what it had found by then. The row is hidden
    from its own account while what it watches is.

    The migration lays the keys to what is watched, so that the database itself takes
    watches away with their record: nobody who removes a search learns, by an error,
    that another account watches it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(
        CrimeGroup,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    nominal = models.ForeignKey(
        Nominal,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    search = models.ForeignKey(
        SavedSearch,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    read_until = models.DateTimeField()
    found = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        *(F(f"{target}_id") for target in TARGETS),
                        function="num_nonnulls",
                        output_field=IntegerField(),
                    ),
                    1,
                ),
                name="scoring_watch_one_target",
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", target], name=f"scoring_watch_{target}_once"
                )
                for target in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return f"watch {self.pk}"

    @property
    def target(self) -> CrimeGroup | Nominal | SavedSearch:
        """Return what is watched; it was fetched with the row."""
        target = self.group or self.nominal or self.search
        if target is None:
            raise LookupError("a watch has a target")
        return target


class DigestChoice(models.Model):
    """That an account wants one mail a day, from this hour of London on; no row: none."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    hour = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23), name="scoring_digestchoice_hour"
            )
        ]

    def __str__(self) -> str:
        return f"digest of {self.user_id}"


class DeliveryState(models.TextChoices):
    """What became of the mail of one account and day."""

    QUEUED = "queued", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    NOTHING = "nothing", "Nothing to tell"


class Delivery(models.Model):
    """The one mail of an account and day: whether it went, and why not.

    `message_id` is the same at each attempt, so that a mail sent twice is known as
    such. `claimed_at` keeps two senders apart. `fault` is the class of the last error,
    never its words. No count: it would outlive what the account may see.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    state = models.CharField(
        max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"], name="scoring_delivery_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["day", "state"], name="scoring_delivery_day")]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
