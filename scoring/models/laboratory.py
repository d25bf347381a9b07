"""Second scores made blind, and answers to calibration packs. No score reads them."""

import datetime
from typing import ClassVar, Final, Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord

# A second score that was begun and not handed in is no longer waited for.
LONGEST_UNFINISHED: Final = datetime.timedelta(days=7)


class SecondScoringQuerySet(ProtectedQuerySet["SecondScoring"]):
    """Which draws?"""


class SecondScoring(ProtectedRecord):
    """That a mapped group was drawn to be scored a second time by someone else.

    The draw can be checked: `number` follows from the group and from the moment of the
    submission that was mapped, and it was drawn because `one_in` divides it.
    """

    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    number = models.PositiveIntegerField()
    one_in = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = SecondScoringQuerySet.as_manager()

    class Meta(ProtectedRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "submitted_at"], name="scoring_secondscoring_once"
            )
        ]

    def __str__(self) -> str:
        return f"second scoring {self.pk}"


class SecondScoreQuerySet(ProtectedQuerySet["SecondScore"]):
    """Which second scores?"""

    def handed_in(self) -> Self:
        """Keep those that are finished: nobody but their author sees the others."""
        return self.filter(submitted_at__isnull=False)

    def unfinished_of(self, viewer: Viewer) -> Self:
        """Keep the viewer's own that were begun lately and are still to be handed in.

        Not where they see that somebody else was first.
        """
        others = SecondScore.objects.visible_to(viewer).handed_in()
        return (
            self.visible_to(viewer)
            .filter(
                created_by_id=viewer.user_id,
                submitted_at__isnull=True,
                begun_at__gt=timezone.now() - LONGEST_UNFINISHED,
            )
            .exclude(Exists(others.filter(scoring=OuterRef("scoring"))))
        )


@pghistory.track()
class SecondScore(ProtectedRecord):
    """The levels that a second person gave a group without seeing the first ones.

    There may be several of one draw, each by someone who could not see the others. It
    carries the label of its draw and, once handed in, also those of the reports whose
    claims its author was shown.
    """

    scoring = models.ForeignKey(
        SecondScoring, on_delete=models.PROTECT, related_name="scores"
    )
    levels = models.JSONField(default=dict)
    remarks = models.TextField(max_length=2000, blank=True)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    label_parents: ClassVar[tuple[str, ...]] = ("scoring",)
    objects = SecondScoreQuerySet.as_manager()

    def __str__(self) -> str:
        return f"second score {self.pk}"


def is_blind(viewer: Viewer, group: str = "pk") -> Exists:
    """Return whether the viewer has yet to hand in a second score of each row's group."""
    return Exists(
        SecondScore.objects.unfinished_of(viewer).filter(scoring__group=OuterRef(group))
    )


class CalibrationAnswerQuerySet(models.QuerySet["CalibrationAnswer"]):
    """Which answers?"""

    def visible_to(self, viewer: Viewer) -> Self:
        """Keep the viewer's own answers: nobody reads those of others."""
        return self.filter(user_id=viewer.user_id)


class CalibrationAnswer(models.Model):
    """The levels that one account gave the vignettes of a pack.

    `levels` holds, for each vignette, a level for each attribute. Only its account
    reads the row; others learn counts of ten answers and more, from the database.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    pack = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=20)
    levels = models.JSONField()
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CalibrationAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pack", "pack_version"],
                name="scoring_calibrationanswer_once",
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
