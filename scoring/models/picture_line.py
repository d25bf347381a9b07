"""The picture: one temporal line for each group, realised label and scheme."""

import datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import Organisation
from groups.models import CrimeGroup, ThreatType
from ocgmap.common.records import ProtectedQuerySet
from scoring.models.assessment import Assessment
from scoring.models.scheme_version import SchemeVersion

_PERIOD = Func(
    F("valid_from"),
    F("valid_to"),
    function="tstzrange",
    output_field=DateTimeRangeField(),
)


class PictureLineQuerySet(ProtectedQuerySet["PictureLine"]):
    """Which lines?"""

    def at(self, moment: datetime.datetime | None) -> Self:
        """Keep the lines in force at ``moment`` (aware), or now if it is None."""
        if moment is None:
            return self.filter(valid_to__isnull=True)
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=moment), valid_from__lte=moment
        )


class PictureLine(models.Model):
    """What one group contributes to every figure, for readers of one label.

    `rank` grows along the label order, so a reader's line is the visible one of
    highest rank. `memberships` and `principals` count open membership rows. A closed
    line whose label was raised later keeps its rank, so that it still yields to the
    lines it yielded to; its label may then be theirs too.

    A line outlives a group that is disposed of, so no key of the database binds it to its
    group. `is_disposed` says that the group is gone; the line is closed then. Whoever
    joins the group loses these lines, and whoever follows `group` must look first.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    access_class = models.ForeignKey(
        "accounts.AccessClass", on_delete=models.PROTECT, related_name="+"
    )
    rank = models.PositiveIntegerField()
    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="+"
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="+"
    )
    predominant_threat = models.ForeignKey(
        ThreatType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    computed_band = models.CharField(max_length=24, blank=True)
    confirmed_band = models.CharField(max_length=24, blank=True)
    tier = models.CharField(max_length=10)
    record_state = models.CharField(max_length=10)
    activity_status = models.CharField(max_length=10)
    memberships = models.PositiveIntegerField()
    principals = models.PositiveIntegerField()
    unknown_count = models.PositiveSmallIntegerField()
    attribute_count = models.PositiveSmallIntegerField()
    unjudged_count = models.PositiveSmallIntegerField()
    review_due_on = models.DateField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    is_raised = models.BooleanField(default=False, db_default=False)
    is_disposed = models.BooleanField(default=False, db_default=False)

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = PictureLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="scoring_pictureline_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(is_disposed=False) | Q(valid_to__isnull=False),
                name="scoring_pictureline_disposed_is_closed",
            ),
            models.UniqueConstraint(
                fields=["group", "access_class", "scheme_version"],
                condition=Q(valid_to__isnull=True),
                name="scoring_pictureline_one_open",
            ),
            ExclusionConstraint(
                name="scoring_pictureline_no_overlap",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("access_class", RangeOperators.EQUAL),
                    ("scheme_version", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(is_raised=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["scheme_version", "owner", "group", "-rank"],
                condition=Q(valid_to__isnull=True),
                name="scoring_pictureline_open",
            ),
            models.Index(
                fields=["group", "valid_from"], name="scoring_pictureline_group"
            ),
            # What began and what ended since a moment: all that can have moved.
            models.Index(fields=["valid_from"], name="scoring_pictureline_began"),
            models.Index(
                fields=["valid_to"],
                condition=Q(valid_to__isnull=False),
                name="scoring_pictureline_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"
