"""What people decided: attribute levels and bands."""

import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord
from scoring.models.scheme_version import SchemeVersion


class JudgementQuerySet(ProtectedQuerySet["Judgement"]):
    """Which judgements?"""

    def current(self) -> Self:
        """Keep, of each attribute of a group, the newest of these judgements.

        Never "the one that nothing supersedes": a hidden later judgement would then
        hide the one that a reader may see.
        """
        return self.order_by(
            "group_id", "attribute", TruncDate("decided_at").desc(), "-id"
        ).distinct("group_id", "attribute")


@pghistory.track()
class Judgement(ProtectedRecord):
    """A person's decision on the level of one attribute of one group.

    `supersedes` is the newest one that the decider could see. It is not unique: two
    people may supersede the same one, each without seeing the other's.
    """

    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    attribute = models.CharField(max_length=60)
    level = models.CharField(
        max_length=7,
        choices=[
            ("high", "High"),
            ("medium", "Medium"),
            ("low", "Low"),
            ("nil", "Nil"),
            ("unknown", "Not known"),
        ],
    )
    rationale = models.TextField(max_length=4000)
    decided_at = models.DateTimeField()
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = JudgementQuerySet.as_manager()

    def __str__(self) -> str:
        return f"judgement {self.pk}"


class JudgementCitationQuerySet(ProtectedQuerySet["JudgementCitation"]):
    """Which citations?"""


class JudgementCitation(ProtectedRecord):
    """That a judgement rests on a report."""

    judgement = models.ForeignKey(
        Judgement, on_delete=models.PROTECT, related_name="citations"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")

    label_parents: ClassVar[tuple[str, ...]] = ("judgement", "report")
    objects = JudgementCitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"citation {self.pk}"


class BandDecisionQuerySet(ProtectedQuerySet["BandDecision"]):
    """Which band decisions?"""

    def unexpired(self, day: datetime.date) -> Self:
        """Keep the decisions that still hold on ``day``."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gt=day))

    def settled(self) -> Self:
        """Keep those that say what was computed, and the overrides that were approved."""
        return self.filter(Q(band=F("computed_band")) | Q(approved_by__isnull=False))


@pghistory.track()
class BandDecision(ProtectedRecord):
    """A person's confirmation of a group's band; the computed one is advisory.

    `computed_band` is what the engine said at that moment, as the decider saw it. One
    of another band is an override: it has an end, and is only proposed until a second
    person has approved it.
    """

    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="+"
    )
    band = models.CharField(max_length=24)
    computed_band = models.CharField(max_length=24, blank=True)
    reason = models.TextField(max_length=2000)
    decided_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_on = models.DateField(null=True, blank=True)

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = BandDecisionQuerySet.as_manager()

    @property
    def is_override(self) -> bool:
        """Return whether it puts the group in another band than was computed."""
        return self.band != self.computed_band

    @property
    def is_settled(self) -> bool:
        """Return whether it counts: it agrees, or a second person approved it."""
        return not self.is_override or self.approved_by_id is not None

    def __str__(self) -> str:
        return f"band decision {self.pk}"
