"""The import of a return's file: the job, the file, its rows, and what became of them.

All of it is for the owner's own organisation: a file holds rows of every audience. The
file and its rows are kept only until the job has ended.
"""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from intelligence.models.return_register import Return
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord


class ImportState(models.TextChoices):
    """How far an import is."""

    READING = "reading", "Waiting to be read"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked: nothing imported yet"
    WRITING = "writing", "Being imported"
    DONE = "done", "Imported"
    REFUSED = "refused", "File refused"
    STOPPED = "stopped", "Stopped"
    DISCARDED = "discarded", "Discarded"


# A worker has something to do; a person has; nobody has.
ACTIVE = (ImportState.READING, ImportState.CHECKING, ImportState.WRITING)
ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.DISCARDED)


class ImportStep(models.TextChoices):
    """What was done with a part of the rows."""

    CHECK = "check", "Check"
    WRITE = "write", "Write"


class ImportJobQuerySet(ProtectedQuerySet["ImportJob"]):
    """Which imports?"""

    def active(self) -> Self:
        """Keep those on which a worker has something to do."""
        return self.filter(state__in=ACTIVE)


@pghistory.track()
class ImportJob(ProtectedRecord):
    """One file of one return, on its way into reports.

    `runs_as` is the person who answers for it: who sent the file, then who said
    “import”. Totals are of the step that `state` is at: rows are accepted, duplicates
    or refused. `position` counts the parts that the step has done.
    """

    returned_in = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="imports"
    )
    runs_as = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=ImportState, default=ImportState.READING
    )
    stopped_at = models.CharField(max_length=10, choices=ImportState, blank=True)
    state_reason = models.TextField(blank=True)
    leaves_refused_out = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "digest"],
                condition=~Q(state="discarded"),
                name="intelligence_import_file_once",
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=F("accepted") + F("duplicates") + F("refused")),
                name="intelligence_import_totals",
            ),
            models.CheckConstraint(
                condition=Q(parts__gte=F("position")),
                name="intelligence_import_position",
            ),
        ]
        indexes = [
            models.Index(
                fields=["changed_at"],
                condition=Q(state__in=["reading", "checking", "writing"]),
                name="intelligence_import_active",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_active(self) -> bool:
        """Return whether a worker has something to do."""
        return self.state in ACTIVE

    @property
    def is_writing(self) -> bool:
        """Return whether it is at writing reports, or stopped or ended there."""
        past = (ImportState.WRITING, ImportState.DONE)
        return self.state in past or self.stopped_at == ImportState.WRITING

    @property
    def done_rows(self) -> int:
        """Return how many rows the step has dealt with."""
        return self.accepted + self.duplicates + self.refused


class ImportFileQuerySet(ProtectedQuerySet["ImportFile"]):
    """Which files?"""


class ImportFile(ProtectedRecord):
    """The file as it came, compressed; insert-only, deleted when the job has ended."""

    job = models.OneToOneField(ImportJob, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField()

    label_parents: ClassVar[tuple[str, ...]] = ("job",)
    objects = ImportFileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"file of import {self.job_id}"


class ImportPartQuerySet(ProtectedQuerySet["ImportPart"]):
    """Which parts?"""


class ImportPart(ProtectedRecord):
    """Some rows of the file as read; insert-only, deleted when the job has ended."""

    job = models.ForeignKey(ImportJob, on_delete=models.PROTECT, related_name="rows_of")
    number = models.PositiveIntegerField()
    rows = models.JSONField()

    label_parents: ClassVar[tuple[str, ...]] = ("job",)
    objects = ImportPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "number"], name="intelligence_import_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"part {self.number} of import {self.job_id}"


class ImportOutcomeQuerySet(ProtectedQuerySet["ImportOutcome"]):
    """Which outcomes?"""


class ImportOutcome(ProtectedRecord):
    """What one step made of one part: the problems, and the refused rows. Insert-only."""

    job = models.ForeignKey(
        ImportJob, on_delete=models.PROTECT, related_name="outcomes"
    )
    step = models.CharField(max_length=5, choices=ImportStep)
    number = models.PositiveIntegerField()
    problem_count = models.PositiveIntegerField()
    problems = models.JSONField(default=list)
    refused_rows = models.JSONField(default=list)

    label_parents: ClassVar[tuple[str, ...]] = ("job",)
    objects = ImportOutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "step", "number"],
                name="intelligence_import_outcome_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} of part {self.number} of import {self.job_id}"
