"""People: nominals, the clusters that say who is the same, aliases and links."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from ocgmap.common.identifiers import new_nominal_reference
from ocgmap.common.records import (
    Fact,
    FactQuerySet,
    Precision,
    TopQuerySet,
    TopRecord,
)


class IdentityCluster(models.Model):
    """One person, however many nominals; merging repoints a nominal's cluster.

    Holds nothing but its key, so it tells nobody anything.
    """

    def __str__(self) -> str:
        return f"cluster {self.pk}"


class Gender(models.TextChoices):
    """Gender as recorded. Source: Minimum POLE Data Standards v1.1, DS_037."""

    MALE = "male", "Male"
    FEMALE = "female", "Female"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Not known"


class RestrictionGround(models.TextChoices):
    """Why the processing of a person's record is restricted, and not its content changed.

    Source: Data Protection Act 2018 ss.46(4), 47(2) and 47(3).
    """

    KEPT_UNCHANGED = "s46_4", "Kept unchanged as evidence: section 46(4)"
    KEPT_NOT_ERASED = "s47_2", "Kept as evidence, not erased: section 47(2)"
    CONTESTED = "s47_3", "Contested, and neither proved right nor wrong: section 47(3)"


class NominalQuerySet(TopQuerySet["Nominal"]):
    """Which people?"""

    def to_take_out(self) -> Self:
        """Keep the people whose records may be printed and exported."""
        return self.filter(restriction_ground="")

    def with_people_in(self, group_id: int) -> Self:
        """Keep the members of a group (never the involved)."""
        return self.filter(
            memberships__group_id=group_id, memberships__withdrawn_at__isnull=True
        )


@pghistory.track()
class Nominal(TopRecord):
    """A person in intelligence, identified or known by a designation only.

    No field for ethnicity, religion, nationality, health, orientation or politics.
    """

    reference = models.CharField(
        max_length=14, unique=True, default=new_nominal_reference, editable=False
    )
    # Made by the database, so that nobody needs the right to write clusters.
    cluster = models.ForeignKey(
        IdentityCluster,
        on_delete=models.PROTECT,
        related_name="nominals",
        db_default=models.Func(function="groups_new_cluster"),
    )
    given_names = models.CharField(max_length=120, blank=True)
    surname = models.CharField(max_length=120, blank=True)
    is_identified = models.BooleanField(default=True)
    designation = models.CharField(max_length=120, blank=True)
    born_from = models.DateField(null=True, blank=True)
    born_to = models.DateField(null=True, blank=True)
    born_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )
    gender = models.CharField(max_length=8, choices=Gender, default=Gender.UNKNOWN)
    deceased_on = models.DateField(null=True, blank=True)
    # Follows from the restriction that stands, if any: the database writes it.
    restriction_ground = models.CharField(
        max_length=5,
        choices=RestrictionGround,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )

    objects = NominalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(is_identified=True) & ~Q(surname=""))
                | (Q(is_identified=False) & ~Q(designation="")),
                name="groups_nominal_named_or_designated",
                violation_error_message="Enter a surname, or mark the person as not "
                "identified and enter a designation.",
            ),
            models.CheckConstraint(
                condition=Q(born_from__isnull=True)
                | Q(born_to__isnull=True)
                | Q(born_from__lte=models.F("born_to")),
                name="groups_nominal_birth_in_order",
            ),
        ]
        indexes = [models.Index(fields=["surname", "given_names"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def display_name(self) -> str:
        """Return the name to show, or the designation of an unidentified person."""
        if self.is_identified:
            return f"{self.given_names} {self.surname}".strip()
        return self.designation


class NominalAliasQuerySet(FactQuerySet["NominalAlias"]):
    """Which aliases?"""


@pghistory.track()
class NominalAlias(Fact):
    """Another name of a person."""

    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, related_name="aliases"
    )
    given_names = models.CharField(max_length=120, blank=True)
    surname = models.CharField(max_length=120, blank=True)
    kind = models.CharField(
        max_length=12,
        choices=[
            ("alias", "Alias"),
            ("nickname", "Nickname"),
            ("former", "Former name"),
        ],
        default="alias",
    )

    label_parents: ClassVar[tuple[str, ...]] = ("nominal",)
    objects = NominalAliasQuerySet.as_manager()

    def __str__(self) -> str:
        return f"alias {self.pk}"


class PersonLinkQuerySet(FactQuerySet["PersonLink"]):
    """Which links between people?"""


@pghistory.track()
class PersonLink(Fact):
    """A link between two people."""

    a = models.ForeignKey(Nominal, on_delete=models.PROTECT, related_name="links_out")
    b = models.ForeignKey(Nominal, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("associate", "Associate"),
            ("family", "Family"),
            ("communication", "Communication"),
            ("co_offending", "Co-offending"),
            ("financial", "Financial"),
            ("other", "Other"),
        ],
    )
    is_directed = models.BooleanField(default=False)

    label_parents: ClassVar[tuple[str, ...]] = ("a", "b")
    objects = PersonLinkQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(a=models.F("b")), name="groups_personlink_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
