"""Groups of similar evidence, among those that a viewer may see."""

from collections.abc import Collection
from typing import Final

from django.db.models import Case, IntegerField, Max, Value, When
from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Report
from scoring.agreement.neighbours import (
    LEAST_NEIGHBOURS,
    Candidate,
    Neighbours,
    neighbours_of,
)
from scoring.engine import PRIMARY
from scoring.engine.attributes import RANK
from scoring.engine.reading import window_opens_on
from scoring.models import Judgement

# Of so many judgements of the attribute, the latest, the nearest groups are sought.
MOST_JUDGED: Final = 400
_RANKED: Final = Case(
    *(When(level=str(level), then=Value(rank)) for level, rank in RANK.items()),
    output_field=IntegerField(),
)


def neighbours_on(
    viewer: Viewer, group: CrimeGroup, attribute: str
) -> Neighbours | None:
    """Return how groups of similar evidence were judged on an attribute. Two queries.

    Evidence is the highest level that a report of usable grades claims of each attribute
    of the primary scheme inside its window, whatever was judged. Only mapped, active groups count, and all
    is of what ``viewer`` sees. None where too few are alike.
    """
    judged = _judged(viewer, group, attribute)
    if len(judged) < LEAST_NEIGHBOURS:
        return None
    patterns = _patterns(viewer, [group.pk, *judged])
    own = patterns.pop(group.pk, {})
    return neighbours_of(
        own,
        (Candidate(pk, pattern, judged[pk]) for pk, pattern in patterns.items()),
    )


def _judged(viewer: Viewer, group: CrimeGroup, attribute: str) -> dict[int, int]:
    """Return the rank at which other groups stand, the latest judgement of each."""
    others = CrimeGroup.objects.visible_to(viewer).headline().exclude(pk=group.pk)
    rows = (
        Judgement.objects.visible_to(viewer)
        .filter(attribute=attribute, group__in=others)
        .order_by("-decided_at", "-id")
        .values_list("group_id", "level")
    )
    found: dict[int, str] = {}
    for group_id, level in rows[:MOST_JUDGED]:
        found.setdefault(group_id, level)
    return {pk: RANK[level] for pk, level in found.items() if level in RANK}


def _patterns(viewer: Viewer, groups: Collection[int]) -> dict[int, dict[str, int]]:
    usable = PRIMARY.usable
    reports = Report.objects.visible_to(viewer).counting()
    rows = (
        AttributeClaim.objects.visible_to(viewer)
        .filter(
            group__in=groups,
            attribute__in=PRIMARY.attribute_keys(),
            level__in=list(RANK),
            report__in=reports.filter(
                received_on__gte=window_opens_on(
                    timezone.localdate(), PRIMARY.window_months
                ),
                source_grade__lte=usable.worst_source,
                assessment_grade__in=usable.assessments,
            ),
        )
        .values("group_id", "attribute")
        .annotate(rank=Max(_RANKED))
        .values_list("group_id", "attribute", "rank")
    )
    found: dict[int, dict[str, int]] = {}
    for group_id, attribute, rank in rows:
        found.setdefault(group_id, {})[attribute] = rank
    return found
