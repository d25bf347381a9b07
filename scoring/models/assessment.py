"""What the engine computed, for each label that someone can see."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from groups.models import CrimeGroup
from ocgmap.common.records import ProtectedQuerySet
from scoring.models.scheme_version import SchemeVersion


class Profile(models.Model):
    """One combination of tags held and clearance that some active account has.

    The drain keeps this table; a new profile marks the groups it can newly see.
    """

    tags = ArrayField(models.IntegerField())
    clearance = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tags", "clearance"], name="scoring_profile_once"
            )
        ]

    def __str__(self) -> str:
        return f"profile {self.pk}"


class ScoreHead(models.Model):
    """The lock row of a group's scores; locking the group itself blocks analysts.

    On `next_change_on` the group is rescored, since a claim may have left its window.
    `is_live` means: more labels than are kept, so scored at read and never stored.
    """

    group = models.OneToOneField(
        CrimeGroup, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    next_change_on = models.DateField(null=True, db_index=True)
    is_live = models.BooleanField(default=False)

    class Meta:
        # Few or none, and asked for by every picture.
        indexes = [
            models.Index(
                fields=["group"],
                condition=models.Q(is_live=True),
                name="scoring_scorehead_live",
            )
        ]

    def __str__(self) -> str:
        return f"head {self.pk}"


class AssessmentQuerySet(ProtectedQuerySet["Assessment"]):
    """Which assessments?"""


class Assessment(models.Model):
    """One score of one group under one label, with a reason for every point.

    `facts` is the engine's reading (ids and levels, never names) and `facts_digest`
    its digest; `points` maps each attribute to its points. Append-only. It outlives a
    group that is disposed of, so no key of the database binds it to its group.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    access_class = models.ForeignKey(
        "accounts.AccessClass", on_delete=models.PROTECT, related_name="+"
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="+"
    )
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    value = models.IntegerField()
    low = models.IntegerField()
    high = models.IntegerField()
    unknown_count = models.PositiveSmallIntegerField()
    attribute_count = models.PositiveSmallIntegerField()
    unjudged_count = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=24, blank=True)
    points = models.JSONField()
    computed_at = models.DateTimeField()

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["group", "scheme_version", "access_class", "-id"],
                name="scoring_assessment_latest",
            )
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def unknown_share(self) -> float:
        """Return the share of attributes that are not known, from 0 to 1."""
        return self.unknown_count / self.attribute_count
