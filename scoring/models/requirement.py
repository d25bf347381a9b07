"""Intelligence requirements: what is not known, asked of somebody until a day."""

import datetime
from collections.abc import Iterable
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import ReportState
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class RequirementStanding(models.TextChoices):
    """How a requirement stands on a day, as one reader may see it."""

    OPEN = "open", "Open"
    OVERDUE = "overdue", "Overdue"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


def how_it_stands(standing: RequirementStanding, day: datetime.date) -> Q:
    """Return the condition for those that stand so on ``day``; after `as_seen_by`."""
    is_open = Q(withdrawn_at=None, is_answered=False)
    return {
        RequirementStanding.OPEN: is_open,
        RequirementStanding.OVERDUE: is_open & Q(due_on__lt=day),
        RequirementStanding.ANSWERED: Q(withdrawn_at=None, is_answered=True),
        RequirementStanding.WITHDRAWN: Q(withdrawn_at__isnull=False),
    }[standing]


class RequirementQuerySet(ProtectedQuerySet["Requirement"]):
    """Which requirements?"""

    def as_seen_by(self, viewer: Viewer) -> Self:
        """Say of each whether `is_answered`, by what ``viewer`` may see.

        To whoever may not see the report of an answer the question stays open: else it
        would tell that there is one.
        """
        answers = RequirementAnswer.objects.visible_to(viewer).that_stand()
        return self.annotate(
            is_answered=Exists(answers.filter(requirement=OuterRef("pk")))
        )

    def standing(self, standings: Iterable[str], day: datetime.date) -> Self:
        """Keep those that stand so on ``day``; after `as_seen_by`.

        Overdue ones are open too.
        """
        chosen = Q()
        for one in standings:
            chosen |= how_it_stands(RequirementStanding(one), day)
        return self.filter(chosen)


@pghistory.track()
class Requirement(ProtectedRecord):
    """A question on a group that somebody is to answer by a day.

    `asked_of` is the organisation that owes the answer, `asked_person` one of its
    people where it is asked of one. The label is the group's. It is answered by a
    report (`RequirementAnswer`), or withdrawn with a reason.
    """

    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    attribute = models.CharField(max_length=60)
    question = models.TextField(max_length=1000)
    asked_of = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    asked_person = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.TextField(max_length=1000, blank=True)

    is_answered: bool
    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = RequirementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], name="scoring_requirement_due"),
            models.Index(
                fields=["asked_of", "due_on"],
                condition=Q(withdrawn_at=None),
                name="scoring_requirement_asked_of",
            ),
            models.Index(fields=["group", "due_on"], name="scoring_requirement_group"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
                name="scoring_requirement_withdrawn_with_reason",
                violation_error_message="A withdrawal says when, by whom and why.",
            )
        ]

    def standing_on(self, day: datetime.date) -> RequirementStanding:
        """Return how it stands on ``day``; after `as_seen_by`."""
        if self.withdrawn_at is not None:
            return RequirementStanding.WITHDRAWN
        if self.is_answered:
            return RequirementStanding.ANSWERED
        late = self.due_on < day
        return RequirementStanding.OVERDUE if late else RequirementStanding.OPEN

    def __str__(self) -> str:
        return f"requirement {self.pk}"


class RequirementAnswerQuerySet(ProtectedQuerySet["RequirementAnswer"]):
    """Which answers?"""

    def that_stand(self) -> Self:
        """Keep those whose report was not withdrawn: without it, the question is open."""
        return self.exclude(report__state=ReportState.WITHDRAWN)


class RequirementAnswer(ProtectedRecord):
    """That a report answers a requirement, and what it says to it."""

    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="answers"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)

    label_parents: ClassVar[tuple[str, ...]] = ("requirement", "report")
    objects = RequirementAnswerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"answer {self.pk}"
