"""What a group does, where and how much."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from groups.models.crime_group import CrimeGroup
from groups.models.reference import Offence, ThreatType
from ocgmap.common.records import Fact, FactQuerySet, Withdrawable


class ActivityQuerySet(FactQuerySet["Activity"]):
    """Which activities?"""


@pghistory.track()
class Activity(Fact):
    """A criminal activity of a group."""

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="activities"
    )
    threat_type = models.ForeignKey(
        ThreatType, on_delete=models.PROTECT, related_name="+"
    )
    offence = models.ForeignKey(
        Offence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    modus = models.TextField(blank=True, max_length=4000)

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = ActivityQuerySet.as_manager()

    def __str__(self) -> str:
        return f"activity {self.pk}"


class ActivityPlaceQuerySet(FactQuerySet["ActivityPlace"]):
    """Which places?"""


@pghistory.track()
class ActivityPlace(Withdrawable):
    """Where: the place of the group, of the harm, or on the way between."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="places"
    )
    role = models.CharField(
        max_length=8,
        choices=[("group", "Group"), ("harm", "Harm"), ("transit", "Transit")],
    )
    area = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcode = models.CharField(max_length=4, blank=True)
    country = models.CharField(max_length=2, default="GB")

    label_parents: ClassVar[tuple[str, ...]] = ("activity",)
    objects = ActivityPlaceQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        pass

    def __str__(self) -> str:
        return f"place {self.pk}"


class ActivityQuantityQuerySet(FactQuerySet["ActivityQuantity"]):
    """Which quantities?"""


@pghistory.track()
class ActivityQuantity(Withdrawable):
    """How much of what: an amount, or a range from low to high, with its unit."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="quantities"
    )
    commodity = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    low = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    unit = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)

    label_parents: ClassVar[tuple[str, ...]] = ("activity",)
    objects = ActivityQuantityQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        constraints = [
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(high__isnull=True)
                | Q(low__lte=models.F("high")),
                name="groups_activityquantity_range_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"quantity {self.pk}"
