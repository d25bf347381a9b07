"""What speaks against a score, what it takes for granted, what else could explain it."""

import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord
from scoring.models.judgement import BandDecision, Judgement
from scoring.models.laboratory import is_blind


class NoteKind(models.TextChoices):
    """What a note is."""

    CHALLENGE = "challenge", "Challenge"
    ASSUMPTION = "assumption", "Assumption"
    ALTERNATIVE = "alternative", "Alternative hypothesis"


class NoteOutcome(models.TextChoices):
    """How a note was closed; what each means of its kind, the pages say."""

    UPHELD = "upheld", "Upheld"
    NOT_UPHELD = "not_upheld", "Not upheld"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AnalyticNoteQuerySet(ProtectedQuerySet["AnalyticNote"]):
    """Which notes?"""

    def told_to(self, viewer: Viewer) -> Self:
        """Keep those that ``viewer`` may see, of groups that they do not score blind."""
        return self.visible_to(viewer).filter(~is_blind(viewer, "group"))

    def open(self) -> Self:
        """Keep those that nobody closed."""
        return self.filter(outcome="")

    def due_by(self, day: datetime.date) -> Self:
        """Keep the open assumptions that are to be looked at again by ``day``."""
        return self.open().filter(review_on__lte=day)


@pghistory.track()
class AnalyticNote(ProtectedRecord):
    """A challenge, an assumption or an alternative hypothesis on the score of a group.

    A challenge is against a judgement, a decision on the band, or, with neither, the
    computed band. `answer` is what was last said to it; it is open while `outcome` is
    empty. Closed or open, it is never removed.
    """

    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=NoteKind)
    judgement = models.ForeignKey(
        Judgement, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.ForeignKey(
        BandDecision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(max_length=2000)
    would_change = models.TextField(max_length=2000, blank=True)
    review_on = models.DateField(null=True)
    likelihood = models.CharField(max_length=24, blank=True)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    yardstick = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=10, choices=NoteOutcome, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    label_parents: ClassVar[tuple[str, ...]] = ("group", "judgement", "decision")
    objects = AnalyticNoteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "kind"],
                condition=Q(outcome=""),
                name="scoring_note_open",
            ),
            models.Index(fields=["group", "-id"], name="scoring_note_group"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None, answered_by=None)
                | (
                    ~Q(outcome="")
                    & ~Q(answer="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                name="scoring_note_closed_by_someone",
                violation_error_message="An answer says when, by whom and why.",
            ),
            models.CheckConstraint(
                condition=Q(kind="challenge", would_change="", review_on=None)
                & Q(likelihood="", yardstick="", percent=None)
                | Q(kind="assumption", review_on__isnull=False)
                & Q(likelihood="", yardstick="", percent=None)
                & Q(judgement=None, decision=None)
                & ~Q(would_change="")
                | Q(kind="alternative", would_change="", review_on=None)
                & Q(judgement=None, decision=None)
                & ~Q(likelihood="")
                & ~Q(yardstick=""),
                name="scoring_note_says_what_its_kind_says",
                violation_error_message="Each kind of note has fields of its own.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="challenge", outcome__in=["upheld", "not_upheld"])
                | ~Q(answered_by=F("created_by")),
                name="scoring_note_challenge_two_persons",
                violation_error_message="Nobody answers their own challenge.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="withdrawn") | Q(answered_by=F("created_by")),
                name="scoring_note_withdrawn_by_its_author",
                violation_error_message="Only its author withdraws a note.",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class NoteCitationQuerySet(ProtectedQuerySet["NoteCitation"]):
    """Which citations?"""


class NoteCitation(ProtectedRecord):
    """That a note rests on a report."""

    note = models.ForeignKey(
        AnalyticNote, on_delete=models.PROTECT, related_name="citations"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")

    label_parents: ClassVar[tuple[str, ...]] = ("note", "report")
    objects = NoteCitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"citation {self.pk}"
