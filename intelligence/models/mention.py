"""What a report speaks of: a group, a person, or a fact that it supports."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Func, IntegerField
from django.db.models.lookups import Exact

from groups.models import (
    Activity,
    CrimeGroup,
    GroupLink,
    GroupThreat,
    Involvement,
    Membership,
    Nominal,
    PersonLink,
)
from intelligence.models.report import Report
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord

TARGETS = (
    "group",
    "nominal",
    "membership",
    "involvement",
    "activity",
    "threat",
    "person_link",
    "group_link",
)


def _target(model: type[models.Model]) -> "models.ForeignKey[models.Model | None]":
    return models.ForeignKey(
        model, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class MentionQuerySet(ProtectedQuerySet["Mention"]):
    """Which mentions?"""


@pghistory.track()
class Mention(ProtectedRecord):
    """That a report mentions exactly one thing. Its label is the join of both."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="mentions"
    )
    group = _target(CrimeGroup)
    nominal = _target(Nominal)
    membership = _target(Membership)
    involvement = _target(Involvement)
    activity = _target(Activity)
    threat = _target(GroupThreat)
    person_link = _target(PersonLink)
    group_link = _target(GroupLink)

    label_parents: ClassVar[tuple[str, ...]] = (
        "report",
        "group",
        "nominal",
        "membership",
        "involvement",
        "activity",
        "threat",
        "person_link",
        "group_link",
    )
    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        *(F(f"{target}_id") for target in TARGETS),
                        function="num_nonnulls",
                        output_field=IntegerField(),
                    ),
                    1,
                ),
                name="intelligence_mention_one_target",
            )
        ]
        indexes = [
            # What was said of a group of late, however much was said before.
            models.Index(
                fields=["group", "created_at"],
                condition=models.Q(group__isnull=False),
                name="intelligence_mention_news",
            )
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
