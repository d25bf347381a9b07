"""What a second scorer is shown: the claims that they may see, and nothing judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Report
from scoring.engine import PRIMARY

# The newest claims of a group that are shown; a page must end somewhere.
MOST_CLAIMS: Final = 400


@dataclass(frozen=True, slots=True)
class Evidence:
    """The claims shown on each attribute of the primary scheme, the newest first."""

    claims: dict[str, list[AttributeClaim]]

    def class_ids(self) -> Iterable[int]:
        """Return the access classes of every claim shown and of its report."""
        for rows in self.claims.values():
            for row in rows:
                yield row.access_class_id
                yield row.report.access_class_id


def evidence_on(viewer: Viewer, group: CrimeGroup) -> Evidence:
    """Return what reports that count claim of a group, as ``viewer`` sees it. One query."""
    rows = (
        AttributeClaim.objects.visible_to(viewer)
        .filter(group=group, attribute__in=PRIMARY.attribute_keys())
        .filter(report__in=Report.objects.visible_to(viewer).counting())
        .select_related("report")
        .order_by("-report__received_on", "-id")
    )
    found: dict[str, list[AttributeClaim]] = {
        key: [] for key in PRIMARY.attribute_keys()
    }
    for row in rows[:MOST_CLAIMS]:
        found[row.attribute].append(row)
    return Evidence(found)
