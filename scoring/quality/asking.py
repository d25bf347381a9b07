"""Who asks for gaps, of which records, on which day."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus

# Local configuration, to be confirmed with the forces.
RECENT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, about the records of which owners (None: all), on which day."""

    viewer: Viewer
    owners: list[int] | None
    day: datetime.date

    def owned(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the owners asked about."""
        return rows if self.owners is None else rows.filter(owner_id__in=self.owners)


def since(ask: Ask) -> datetime.date:
    """Return the first day of what still counts as recent."""
    return ask.day - datetime.timedelta(days=RECENT_DAYS)


def kept_groups(viewer: Viewer) -> QuerySet[CrimeGroup]:
    """Return the visible groups that are neither archived nor merged into another."""
    return (
        CrimeGroup.objects.visible_to(viewer)
        .filter(merged_into__isnull=True)
        .exclude(activity_status=ActivityStatus.ARCHIVED)
    )
