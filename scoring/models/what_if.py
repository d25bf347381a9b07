"""What another version of the scheme would make of the groups that one person sees."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Organisation, User
from accounts.visibility import Viewer
from groups.models import CrimeGroup, ThreatType
from ocgmap.common.records import ProtectedQuerySet
from scoring.models.scheme_version import SchemeVersion


class WhatIfState(models.TextChoices):
    """How far a comparison is."""

    RUNNING = "running", "Being compared"
    DONE = "done", "Compared"
    STOPPED = "stopped", "Stopped"


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    """Which comparisons?"""

    def visible_to(self, viewer: Viewer) -> Self:
        """Keep the viewer's own: a comparison is for whoever asked for it."""
        return self.filter(user_id=viewer.user_id)


class WhatIf(models.Model):
    """A comparison of two versions over all groups that `user` sees in a scope.

    The worker takes the groups in the order of their ids, a part in each transaction;
    `last_group` is up to where it came. `held` tells what the person held: where that
    is no longer so, it begins anew.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=40)
    before = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="+"
    )
    after = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(
        max_length=10, choices=WhatIfState, default=WhatIfState.RUNNING
    )
    state_reason = models.TextField(blank=True)
    held = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last_group = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="scoring_whatif_two_versions"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state="running"),
                name="scoring_whatif_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"what if {self.pk}"

    @property
    def is_running(self) -> bool:
        """Return whether the worker has something to do."""
        return self.state == WhatIfState.RUNNING


class WhatIfResultQuerySet(ProtectedQuerySet["WhatIfResult"]):
    """Which results?"""

    def of(self, viewer: Viewer, asked: WhatIf) -> Self:
        """Keep those of one comparison of the viewer's own, as they may see now."""
        seen = CrimeGroup.objects.visible_to(viewer)
        mine = WhatIf.objects.visible_to(viewer).filter(pk=asked.pk)
        return self.visible_to(viewer).filter(what_if__in=mine, group__in=seen)


class WhatIfResult(models.Model):
    """One group under both versions, of the evidence that the person saw.

    The label is the join of the labels of that evidence, so it is read again only by
    whoever holds it still. `changes` names the attributes whose points differ most:
    key, level, points before and after. The database itself takes it away with its
    comparison, also where the person no longer sees it.
    """

    what_if = models.ForeignKey(
        WhatIf, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    group = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    access_class = models.ForeignKey(
        "accounts.AccessClass", on_delete=models.PROTECT, related_name="+"
    )
    threat = models.ForeignKey(
        ThreatType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    band_before = models.CharField(max_length=24)
    band_after = models.CharField(max_length=24)
    steps = models.SmallIntegerField()
    value_before = models.IntegerField()
    value_after = models.IntegerField()
    changes = models.JSONField()

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = WhatIfResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["what_if", "group"], name="scoring_whatifresult_once"
            )
        ]

    def __str__(self) -> str:
        return f"result {self.pk}"
