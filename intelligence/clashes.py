"""Own references that stand on several records of one organisation.

Whoever records is told only of clashes with records that they may see; else the answer
would tell that a hidden one exists. What that lets through is found here, for the
records manager, and again among visible records only: a clash with a record that the
records manager may not see stays untold.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Upper

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report

MOST = 200


@dataclass(frozen=True, slots=True)
class Clash:
    """Two or more records of one kind with the same own reference, oldest first."""

    records: tuple[CrimeGroup | Report, ...]


def clashes_of(viewer: Viewer) -> tuple[list[Clash], bool]:
    """Return the clashes of the viewer's organisation, and whether these are all.

    Four queries. Merged groups and reports that were taken back clash with nothing.
    """
    groups = _clashes(
        CrimeGroup.objects.visible_to(viewer).filter(
            owner_id=viewer.organisation_id, merged_into__isnull=True
        )
    )
    reports = _clashes(
        Report.objects.visible_to(viewer)
        .standing()
        .filter(owner_id=viewer.organisation_id)
    )
    found = [*groups, *reports]
    return found[:MOST], len(found) <= MOST


def _clashes(
    rows: QuerySet[CrimeGroup] | QuerySet[Report],
) -> Sequence[Clash]:
    named = rows.exclude(owner_reference="").annotate(_key=Upper("owner_reference"))
    twice = (
        named.order_by()
        .values("_key")
        .annotate(_number=Count("pk"))
        .filter(_number__gt=1)
        .order_by("_key")
        .values_list("_key", flat=True)
    )
    keys = list(twice[: MOST + 1])
    together: dict[str, list[CrimeGroup | Report]] = defaultdict(list)
    for row in named.filter(_key__in=keys).order_by("_key", "pk"):
        together[row._key].append(row)  # noqa: SLF001 - annotated above
    return [Clash(tuple(records)) for records in together.values()]
