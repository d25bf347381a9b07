"""Agreement of first and second scores of a place, and drift over its quarters."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from accounts.visibility import Viewer
from scoring.agreement import Agreement, Estimate, agreement_of_pairs
from scoring.agreement.drift import drift_of
from scoring.engine import CATALOGUE, PRIMARY
from scoring.engine.attributes import RANK
from scoring.laboratory.comparing import Compared, compared_all
from scoring.laboratory.drawing import scorings_for
from scoring.models import SecondScore

# Two years of quarters at most, and so many scores: a page must end somewhere.
QUARTERS: Final = 8
MOST_SCORES: Final = 1000


@dataclass(frozen=True, slots=True)
class AgreedOn:
    """How far first and second scores agree on an attribute; None: too few."""

    title: str
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Quarter:
    """By how much second scores lay above first ones in a quarter; None: too few."""

    name: str
    drift: Estimate | None


@dataclass(frozen=True, slots=True)
class Overall:
    """What is told of all second scores that a viewer sees of their place."""

    attributes: list[AgreedOn]
    quarters: list[Quarter]


def overall(viewer: Viewer) -> Overall:
    """Return agreement and drift of the viewer's region or organisation. Four queries."""
    scores = list(
        SecondScore.objects.visible_to(viewer)
        .handed_in()
        .filter(scoring__in=scorings_for(viewer))
        .select_related("scoring")
        .order_by("-submitted_at", "-id")[:MOST_SCORES]
    )
    rows = compared_all(viewer, scores)
    by_quarter: dict[str, list[list[int]]] = defaultdict(list)
    for score, row in zip(scores, rows, strict=True):
        if score.submitted_at:
            by_quarter[_quarter(score.submitted_at)].append(_steps(row))
    return Overall(
        attributes=[
            AgreedOn(
                CATALOGUE[key].title,
                agreement_of_pairs(
                    [_pair(row[place]) for row in rows if row[place].steps is not None],
                    len(RANK),
                ),
            )
            for place, key in enumerate(PRIMARY.attribute_keys())
        ],
        quarters=[
            Quarter(name, drift_of(found))
            for name, found in sorted(by_quarter.items(), reverse=True)[:QUARTERS]
        ],
    )


def _steps(row: Sequence[Compared]) -> list[int]:
    return [one.steps for one in row if one.steps is not None]


def _pair(one: Compared) -> tuple[int, int]:
    return RANK[one.first], RANK[one.second]


def _quarter(at: datetime.datetime) -> str:
    day = timezone.localdate(at)
    return f"{day.year}, quarter {(day.month + 2) // 3}"
