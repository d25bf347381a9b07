"""How many rows have each gap: one query a gap, whatever the number of owners."""

from dataclasses import dataclass, field

from django.db.models import Count as RowCount

from scoring.quality.asking import Ask
from scoring.quality.gaps import GAPS, Gap


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have a gap, and how many of each owner."""

    gap: Gap
    by_owner: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many rows have the gap."""
        return sum(self.by_owner.values())


def count_gaps(ask: Ask) -> list[Count]:
    """Return the count of every gap, in their order. One query each."""
    found = []
    for gap in GAPS.values():
        rows = gap.rows(ask).order_by().values("owner_id")
        counted = rows.annotate(rows=RowCount("pk")).values_list("owner_id", "rows")
        found.append(Count(gap, dict(counted)))
    return found
