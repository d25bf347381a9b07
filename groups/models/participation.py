"""People in groups: members, and apart from them everyone else who is involved."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from groups.models.crime_group import CrimeGroup
from groups.models.nominal import Nominal
from ocgmap.common.records import Fact, FactQuerySet


class Standing(models.TextChoices):
    """How central a member is. Source: Kirby (chapter abstract), published."""

    PRINCIPAL = "principal", "Principal"
    SIGNIFICANT = "significant", "Significant"
    PERIPHERAL = "peripheral", "Peripheral"
    UNKNOWN = "unknown", "Not known"


class DpaCategory(models.TextChoices):
    """Category of data subject. Source: Data Protection Act 2018 s.38(3)."""

    SUSPECT = "suspect", "Suspect"
    CONVICTED = "convicted", "Convicted"
    VICTIM = "victim", "Victim"
    WITNESS = "witness", "Witness"
    OTHER = "other", "Other person with information"


class InvolvementKind(models.TextChoices):
    """How someone who is not a member is involved with a group."""

    ASSOCIATE = "associate", "Associate"
    PROFESSIONAL_ENABLER = "professional_enabler", "Professional enabler"
    PUBLIC_OFFICIAL = "public_official", "Public official"
    EXPLOITED = "exploited", "Exploited person"
    VICTIM = "victim", "Victim"
    WITNESS = "witness", "Witness"


SAFEGUARDED = (InvolvementKind.EXPLOITED, InvolvementKind.VICTIM)


def category_is_said() -> models.CheckConstraint:
    """Return the rule that each row says its category: none is taken for granted.

    Source: Data Protection Act 2018 s.38(3).
    """
    return models.CheckConstraint(
        condition=Q(dpa_category__in=DpaCategory.values),
        name="%(app_label)s_%(class)s_category_is_said",
        violation_error_message="Choose the data protection category of this person.",
    )


class MembershipQuerySet(FactQuerySet["Membership"]):
    """Which memberships?"""

    def open(self) -> Self:
        """Keep the memberships that have not ended."""
        return self.filter(to_on__isnull=True)


@pghistory.track()
class Membership(Fact):
    """That a person is a member of a group. Victims and the exploited never are."""

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="memberships"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, related_name="memberships"
    )
    standing = models.CharField(
        max_length=12, choices=Standing, default=Standing.UNKNOWN
    )
    dpa_category = models.CharField(max_length=10, choices=DpaCategory)

    label_parents: ClassVar[tuple[str, ...]] = ("group", "nominal")
    objects = MembershipQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            category_is_said(),
            models.CheckConstraint(
                condition=~Q(dpa_category__in=["victim", "witness"]),
                name="groups_membership_not_victim",
                violation_error_message="A victim or witness is never a member. "
                "Record an involvement instead.",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class InvolvementQuerySet(FactQuerySet["Involvement"]):
    """Which involvements?"""

    def open(self) -> Self:
        """Keep the involvements that have not ended."""
        return self.filter(to_on__isnull=True)


@pghistory.track()
class Involvement(Fact):
    """That a person who is not a member has to do with a group.

    Not in member counts, scores or network measures.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="involvements"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, related_name="involvements"
    )
    kind = models.CharField(max_length=22, choices=InvolvementKind)
    dpa_category = models.CharField(max_length=10, choices=DpaCategory)
    review_on = models.DateField(null=True, blank=True)

    label_parents: ClassVar[tuple[str, ...]] = ("group", "nominal")
    objects = InvolvementQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            category_is_said(),
            models.CheckConstraint(
                condition=~Q(kind__in=["victim", "exploited"])
                | Q(dpa_category="victim"),
                name="groups_involvement_victim_category",
                violation_error_message="A victim or exploited person has the data "
                "protection category victim. Choose it.",
            ),
        ]

    def __str__(self) -> str:
        return f"involvement {self.pk}"
