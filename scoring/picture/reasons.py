"""Why a group moved: which attributes' points changed, and by which reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState
from intelligence.models import Report
from scoring.assembly import by_primary
from scoring.engine import CATALOGUE
from scoring.models import Judgement, PictureLine
from scoring.picture.filters import Moment
from scoring.picture.movement import Move, Movement

Entry = Mapping[str, Any]
_NOTHING: Entry = {"level": "unknown", "judgement": None, "reports": ()}


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute whose points changed, with what came and what no longer counts.

    `judgement` is a person's decision that was not there before. Reports and judgement
    are those that the reader may see now.
    """

    title: str
    level_before: str
    level_after: str
    points_before: int
    points_after: int
    judgement: Judgement | None = None
    added: list[Report] = field(default_factory=list)
    dropped: list[Report] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reason:
    """One group's move with the reader's lines of both moments, and why.

    A line is None where the reader has none of that moment. It may be of any state and
    owner: so it tells what became of a group that is gone.
    """

    move: Move
    group: CrimeGroup
    before: PictureLine | None
    after: PictureLine | None
    changes: list[Change] = field(default_factory=list)

    @property
    def line(self) -> PictureLine:
        """Return the later of the lines that there are."""
        found = self.after or self.before
        assert found is not None, "a move has a line"  # noqa: S101
        return found

    @property
    def came_by(self) -> str:
        """Return why a group is new in the figures."""
        return _told(self.before, self.after, "Came from", "was") or (
            "First scored since"
            if self.before is None
            else "Its owner joined the region"
        )

    @property
    def went_by(self) -> str:
        """Return why a group is gone from the figures."""
        if self.after is None:
            merged = self.group.merged_into_id is not None
            return "Merged into another record" if merged else "No longer scored"
        told = _told(self.after, self.before, "Moved to", "now")
        return told or "Its owner left the region"


def _told(
    here: PictureLine | None, there: PictureLine | None, moved: str, word: str
) -> str:
    """Return which state or owner of ``here`` keeps a group out of the figures."""
    if here is None:
        return ""
    if here.record_state != RecordState.MAPPED:
        return f"Record state {word} {RecordState(here.record_state).label.lower()}"
    if here.activity_status != ActivityStatus.ACTIVE:
        status = ActivityStatus(here.activity_status)
        return f"Activity status {word} {status.label.lower()}"
    if there is not None and here.owner_id != there.owner_id:
        return f"{moved} {here.owner.short_name}"
    return ""


def reasons_of(
    viewer: Viewer, found: Movement, moves: Sequence[Move]
) -> dict[int, Reason]:
    """Return why these groups moved, by group. Five queries, however many groups.

    Those that were disposed of since are left out: nothing is known of them.
    """
    ids = [move.group_id for move in moves]
    groups = CrimeGroup.objects.visible_to(viewer).in_bulk(ids)
    before = _lines(viewer, ids, found.since)
    after = _lines(viewer, ids, found.until)
    changed = {
        group_id: list(_changed(before[group_id], after[group_id]))
        for group_id in ids
        if group_id in before and group_id in after
    }
    evidence = _Evidence.of(viewer, [one for own in changed.values() for one in own])
    return {
        move.group_id: Reason(
            move=move,
            group=groups[move.group_id],
            before=before.get(move.group_id),
            after=after.get(move.group_id),
            changes=[evidence.change(one) for one in changed.get(move.group_id, ())],
        )
        for move in moves
        if move.group_id in groups
    }


def _lines(viewer: Viewer, ids: Sequence[int], moment: Moment) -> dict[int, Any]:
    """Return the reader's greatest line of each group then, whatever its state."""
    rows = (
        PictureLine.objects.visible_to(viewer)
        .at(moment.instant)
        .filter(by_primary(moment.instant), group_id__in=ids)
        .order_by("group_id", "-rank", "-id")
        .distinct("group_id")
        .select_related("owner", "assessment", "predominant_threat")
    )
    return {row.group_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class _Difference:
    """One attribute's entries and points in two assessments."""

    attribute: str
    before: Entry
    after: Entry
    points_before: int
    points_after: int

    @property
    def added(self) -> list[int]:
        return sorted({*self.after["reports"]} - {*self.before["reports"]})

    @property
    def dropped(self) -> list[int]:
        return sorted({*self.before["reports"]} - {*self.after["reports"]})

    @property
    def judgement_id(self) -> int | None:
        new: int | None = self.after["judgement"]
        return None if new == self.before["judgement"] else new


def _changed(before: PictureLine, after: PictureLine) -> Iterable[_Difference]:
    """Yield the attributes whose points differ, the largest difference first."""
    if before.assessment_id == after.assessment_id:
        return []
    then, now = before.assessment, after.assessment
    entries_then = {one["attribute"]: one for one in then.facts}
    entries_now = {one["attribute"]: one for one in now.facts}
    found = [
        _Difference(
            key,
            entries_then.get(key, _NOTHING),
            entries_now.get(key, _NOTHING),
            then.points.get(key, 0),
            points,
        )
        for key, points in now.points.items()
        if points != then.points.get(key, 0)
    ]
    return sorted(
        found,
        key=lambda one: (-abs(one.points_after - one.points_before), one.attribute),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Reports and judgements as the reader may see them now."""

    reports: Mapping[int, Report]
    judgements: Mapping[int, Judgement]

    @classmethod
    def of(cls, viewer: Viewer, found: Sequence[_Difference]) -> "_Evidence":
        reports = {pk for one in found for pk in (*one.added, *one.dropped)}
        judged = {one.judgement_id for one in found if one.judgement_id is not None}
        judgements = Judgement.objects.visible_to(viewer).select_related("created_by")
        return cls(
            Report.objects.visible_to(viewer).in_bulk(reports),
            judgements.in_bulk(judged),
        )

    def change(self, one: _Difference) -> Change:
        return Change(
            title=CATALOGUE[one.attribute].title,
            level_before=one.before["level"],
            level_after=one.after["level"],
            points_before=one.points_before,
            points_after=one.points_after,
            judgement=self.judgements.get(one.judgement_id or 0),
            added=self._seen(one.added),
            dropped=self._seen(one.dropped),
        )

    def _seen(self, ids: Iterable[int]) -> list[Report]:
        return [self.reports[pk] for pk in ids if pk in self.reports]
