"""Charts that somebody keeps: what was asked for and where nodes were put."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from groups.models.crime_group import CrimeGroup
from groups.models.nominal import Nominal
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord, Sees
from ocgmap.common.scope import current


class ChartAudience(models.TextChoices):
    """Who finds a saved chart; what they see on it is a matter of their own rights."""

    PRIVATE = "private", "Only me"
    TEAM = "team", "My organisation"
    FORCE = "force", "My force, its ROCU and the NCA"


class SavedChartQuerySet(ProtectedQuerySet["SavedChart"]):
    """Which saved charts?"""

    def visible_to(self, viewer: Sees) -> Self:
        """Keep those whose label ``viewer`` dominates, and of the private ones the own."""
        scope = current.get()
        own = Q(created_by_id=scope.actor_id if scope else None)
        seen = super().visible_to(viewer)
        return seen.filter(~Q(audience=ChartAudience.PRIVATE) | own)


@pghistory.track()
class SavedChart(ProtectedRecord):
    """A chart of a group or a person, as a question: it holds no row of the answer.

    Opening it asks again, for whoever opens it. `query` holds codes, a day and ids of
    nodes; `places` maps ids of nodes to where they were put.
    """

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, null=True, related_name="charts"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, null=True, related_name="charts"
    )
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=8, choices=ChartAudience)
    query = models.JSONField(default=dict, blank=True)
    places = models.JSONField(default=dict, blank=True)

    label_parents: ClassVar[tuple[str, ...]] = ("group", "nominal")
    objects = SavedChartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(nominal__isnull=True) ^ Q(group__isnull=True),
                name="groups_savedchart_person_or_group",
            ),
        ]

    def __str__(self) -> str:
        return f"chart {self.pk}"

    @property
    def centre(self) -> CrimeGroup | Nominal:
        """Return the group or person in the middle; both were fetched with the row."""
        centre = self.group or self.nominal
        if centre is None:
            raise LookupError("a chart has a centre")
        return centre
