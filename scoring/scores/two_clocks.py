"""What is known now of a past day, against what was believed on it.

Two clocks: a picture line tells what the records said on a day; today's records, read
as at that day, tell what they would have said had all that is known now been recorded
by then. Late reports, new grades, withdrawals and corrected memberships make them
differ. Owner, tier, states, judgements and merges have one clock: what was decided since
was not so before.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from accounts.visibility import Viewer
from groups.former import merged_then
from groups.models import CrimeGroup, Membership
from intelligence.models import AttributeClaim, Report
from ocgmap.common.records import visible_classes
from scoring import picture
from scoring.assembly import dossiers_for, scheme_by
from scoring.engine import Scheme, read, total
from scoring.models import PictureLine
from scoring.picture import Moment, PictureScope
from scoring.scores.present import line_then

# Whoever asks for more is told to choose a smaller place.
MOST_SCORED: Final = 2_000
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Side:
    """What a group stands at by one of the clocks."""

    band: str
    value: int
    memberships: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One group by both clocks; of one that was disposed of since both tell the same."""

    group_id: int
    believed: Side
    known: Side
    is_disposed: bool = False

    @property
    def differs(self) -> bool:
        """Return whether the clocks tell two things."""
        return self.believed != self.known


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Every group of a place's figures of a day by both clocks; None: too many."""

    moment: Moment
    groups: Sequence[Compared] | None

    @property
    def disposed(self) -> int:
        """Return how many of them were disposed of since."""
        return sum(one.is_disposed for one in self.groups or ())

    @property
    def different(self) -> list[Compared]:
        """Return those that differ, the greatest change of points first."""
        return sorted(
            (one for one in self.groups or () if one.differs),
            key=lambda one: (-abs(one.known.value - one.believed.value), one.group_id),
        )


def hindsight(viewer: Viewer, scope: PictureScope, day: datetime.date) -> Hindsight:
    """Return the groups that ``viewer``'s figures of a past day count, by both clocks.

    Only groups of which something was recorded since are scored anew; all others are
    the same by both. The number of queries grows with every five hundred of them.

    Raises:
        UnknownFilter: the day is still to come.
    """
    moment = picture.moment_of(day)
    lines = {
        line.group_id: line
        for line in picture.lines(viewer, scope, day).select_related(
            "assessment", "scheme_version"
        )
    }
    merged = merged_then(viewer, list(lines), moment.instant)
    learned = _learned(viewer, list(lines), merged, moment)
    if len(learned) > MOST_SCORED:
        return Hindsight(moment, None)
    # All are of the version that was in effect on the day.
    versions = {line.scheme_version for line in lines.values()}
    scored = {
        pk: standing
        for version in versions
        for pk, standing in _scored(viewer, learned, merged, moment, scheme_by(version))
    }
    members = _memberships(viewer, list(lines), merged, moment)
    return Hindsight(
        moment,
        [_compared(line, scored, members) for line in lines.values()],
    )


def memberships_then(
    viewer: Viewer, group: CrimeGroup, moment: Moment
) -> tuple[int, int]:
    """Return a group's memberships on a day: as believed on it, and as known now."""
    line = line_then(viewer, group, moment.instant)
    merged = merged_then(viewer, [group.pk], moment.instant)
    known = _memberships(viewer, [group.pk], merged, moment).get(group.pk, 0)
    return line.memberships if line else 0, known


def _compared(
    line: PictureLine,
    scored: Mapping[int, tuple[str, int]],
    members: Mapping[int, int],
) -> Compared:
    believed = line.computed_band, line.assessment.value
    pk = line.group_id
    if line.is_disposed:
        side = Side(*believed, line.memberships)
        return Compared(pk, side, side, is_disposed=True)
    return Compared(
        pk,
        Side(*believed, line.memberships),
        Side(*scored.get(pk, believed), members.get(pk, 0)),
    )


def _learned(
    viewer: Viewer, groups: list[int], merged: Mapping[int, int], moment: Moment
) -> list[int]:
    """Return the groups of which a claim about that day came or changed since."""
    if moment.instant is None:
        return []
    claims = AttributeClaim.objects.visible_to(viewer).filter(
        Q(created_at__gt=moment.instant) | Q(report__changed_at__gt=moment.instant),
        group__in=[*groups, *merged],
        report__in=Report.objects.visible_to(viewer),
        report__received_on__lte=moment.day,
    )
    found = set(claims.values_list("group_id", flat=True))
    return sorted({merged.get(pk, pk) for pk in found})


def _scored(
    viewer: Viewer,
    groups: list[int],
    merged: Mapping[int, int],
    moment: Moment,
    scheme: Scheme,
) -> Iterator[tuple[int, tuple[str, int]]]:
    classes = visible_classes(viewer)
    for start in range(0, len(groups), _AT_ONCE):
        some = groups[start : start + _AT_ONCE]
        dossiers = dossiers_for(some, day=moment.day, classes=classes, merged=merged)
        for pk, dossier in dossiers.items():
            facts = dossier.facts(dossier.classes(), moment.day)
            result = total(read(facts, scheme), scheme)
            yield pk, (result.band or "", result.value)


def _memberships(
    viewer: Viewer, groups: list[int], merged: Mapping[int, int], moment: Moment
) -> dict[int, int]:
    """Return how many memberships stood on the day, as far as is known now.

    Those of groups that were merged into another then count with it. One whose first day
    nobody knows counts from the moment it was recorded.
    """
    instant, day = moment.instant, moment.day
    began = Q(from_on__lte=day)
    began |= (
        Q(from_on__isnull=True, created_at__lte=instant)
        if instant
        else Q(from_on__isnull=True)
    )
    rows = (
        Membership.objects.visible_to(viewer)
        .filter(began, Q(to_on__isnull=True) | Q(to_on__gt=day))
        .filter(group__in=[*groups, *merged])
        .filter(group__in=CrimeGroup.objects.visible_to(viewer))
        .order_by()
        .values_list("group_id")
        .annotate(memberships=Count("pk"))
    )
    found: dict[int, int] = {}
    for pk, count in rows:
        survivor = merged.get(pk, pk)
        found[survivor] = found.get(survivor, 0) + count
    return found
