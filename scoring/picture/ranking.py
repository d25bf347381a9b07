"""Where a group stands among the others of its owner, under each scheme."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState
from scoring.models import PictureLine


@dataclass(frozen=True, slots=True)
class Rank:
    """How many other groups there are, and how many of them have a lower value."""

    others: int = 0
    lower: int = 0


def ranks_of(
    viewer: Viewer, group: CrimeGroup, values: Mapping[int, int]
) -> dict[int, Rank]:
    """Return the rank of ``group`` by scheme version, of which ``values`` names values.

    Among the mapped, active groups of its owner that ``viewer`` may see, each counted
    by the viewer's own line. Groups that are scored at read are left out. One query.
    """
    lines = (
        PictureLine.objects.visible_to(viewer)
        .at(None)
        .filter(
            owner_id=group.owner_id,
            scheme_version_id__in=values,
            record_state=RecordState.MAPPED,
            activity_status=ActivityStatus.ACTIVE,
        )
        .exclude(group=group)
        .order_by("group_id", "scheme_version_id", "-rank", "-id")
        .distinct("group_id", "scheme_version_id")
    )
    lower = Q()
    for version_id, value in values.items():
        lower |= Q(scheme_version_id=version_id, assessment__value__lt=value)
    rows = (
        PictureLine.objects.filter(pk__in=lines.values("pk"))
        .values(version_id=F("scheme_version_id"))
        .annotate(others=Count("pk"), lower=Count("pk", filter=lower))
        .order_by("version_id")
    )
    found = {row["version_id"]: Rank(row["others"], row["lower"]) for row in rows}
    return {version_id: found.get(version_id, Rank()) for version_id in values}
