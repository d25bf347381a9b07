"""Compare every group's stored lines with what they should be."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Tag
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope
from scoring.assembly import MOST_LABELS, schemes_in_use
from scoring.engine import Scheme
from scoring.models import Outbox, PictureLine, Profile, ScoreHead
from scoring.reconciling import comparing, grounds
from scoring.reconciling.differences import Difference, label_text
from scoring.reconciling.expecting import (
    Expected,
    expected_line,
    readers,
    rows_of,
    sights,
)
from scoring.reconciling.past import past_differences

_BATCH = 200


@dataclass(slots=True)
class Outcome:
    """What was compared. `pending` groups wait for the drain and were not."""

    checked: int = 0
    pending: int = 0
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What holds for the whole run."""

    day: datetime.date
    viewers: list[Viewer]
    schemes: list[tuple[int, Scheme]]
    tag_codes: dict[int, str]


def reconcile() -> Outcome:
    """Recompute all lines and name every difference, in one snapshot. Writes nothing.

    The open lines of groups that are marked, or whose evidence turns by today, are not
    compared: the drain has yet to come by. If it does not for long, that is named. Must
    be the outermost transaction.
    """
    scope = Scope(role="worker", route="reconcile", repeatable_read=True)
    with acting_as(scope), transaction.atomic():
        return _reconcile(timezone.localdate())


def _reconcile(day: datetime.date) -> Outcome:
    outcome = Outcome()
    ground = _ground(day)
    marks = set(Outbox.objects.values_list("group_id", flat=True).distinct())
    if None not in marks:
        outcome.differences += _profile_differences(ground.viewers)
    turned = ScoreHead.objects.filter(next_change_on__lte=day)
    waiting = marks | set(turned.values_list("group_id", flat=True))
    merged = CrimeGroup.objects.filter(pk__in=[pk for pk in waiting if pk])
    waiting |= set(merged.values_list("merged_into_id", flat=True))
    for groups in _batches(CrimeGroup.objects.select_related("access_class")):
        compared = [group for group in groups if group.pk not in waiting]
        outcome.checked += len(compared)
        outcome.pending += len(groups) - len(compared)
        outcome.differences += _line_differences(compared, ground)
    outcome.differences += grounds.ungrounded_facts()
    outcome.differences += past_differences(ground.tag_codes)
    outcome.differences += grounds.stranded_receipts()
    outcome.differences += grounds.lost_receipts()
    outcome.differences += grounds.stalled_marks()
    outcome.differences += grounds.dead_letters()
    return outcome


def _ground(day: datetime.date) -> _Ground:
    return _Ground(
        day=day,
        viewers=readers(day),
        schemes=[(one.id, one.scheme) for one in schemes_in_use()],
        tag_codes=dict(Tag.objects.values_list("id", "code")),
    )


def _batches(groups: QuerySet[CrimeGroup]) -> Iterator[list[CrimeGroup]]:
    last = 0
    while batch := list(groups.filter(id__gt=last).order_by("id")[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _profile_differences(viewers: Sequence[Viewer]) -> Iterator[Difference]:
    wanted = {(viewer.tags, viewer.clearance) for viewer in viewers}
    found = {
        (frozenset(tags), clearance)
        for tags, clearance in Profile.objects.values_list("tags", "clearance")
    }
    for tags, clearance in wanted - found:
        yield Difference("profile", field="missing", expected=[sorted(tags), clearance])
    for tags, clearance in found - wanted:
        yield Difference("profile", field="extra", found=[sorted(tags), clearance])


def _line_differences(
    groups: Sequence[CrimeGroup], ground: _Ground
) -> Iterator[Difference]:
    rows = rows_of(groups, ground.day)
    stored = _stored(groups)
    heads = ScoreHead.objects.in_bulk([group.pk for group in groups])
    for group in groups:
        seen = sights(rows[group.pk], ground.viewers) if group.pk in rows else set()
        is_live = len(seen) > MOST_LABELS
        wanted: dict[tuple[str, int], Expected] = {}
        for labels in seen if not is_live else ():
            for scheme_id, scheme in ground.schemes:
                line = expected_line(
                    rows[group.pk], labels, scheme, scheme_id, ground.day
                )
                label = label_text(line.label, ground.tag_codes)
                wanted[label, scheme_id] = line
        found = {
            (
                label_text(line.access_class.label, ground.tag_codes),
                line.scheme_version_id,
            ): line
            for line in stored.get(group.pk, ())
        }
        head = heads.get(group.pk)
        yield from comparing.heads(group, head, is_live, wanted.values())
        yield from comparing.lines(group, wanted, found, dict(ground.schemes))


def _stored(groups: Sequence[CrimeGroup]) -> dict[int, list[PictureLine]]:
    found: dict[int, list[PictureLine]] = {}
    lines = PictureLine.objects.at(None).filter(group__in=groups)
    for line in lines.select_related("access_class", "assessment"):
        found.setdefault(line.group_id, []).append(line)
    return found
