"""A new group with all that is known of it: recorded as a whole, or not at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db import transaction

from accounts.visibility import Viewer
from groups.actions import activities, aliases, entries, groups, identifiers
from groups.actions.activities import PlaceDraft
from groups.actions.entries import GroupEntry, MemberDraft
from groups.actions.records import Telling
from groups.exceptions import AlreadyRecorded
from groups.models import CrimeGroup, Membership, Nominal, Offence, ThreatType
from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.models import Report
from ocgmap.common.acting import refresh
from ocgmap.common.errors import AppError
from ocgmap.common.remembering import forget

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A telephone, vehicle or the like: of which kind, and its value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEntry:
    """A member to record, and what they use."""

    draft: MemberDraft
    thing: Thing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """What the group does, with its places."""

    threat_type: ThreatType
    offence: Offence | None = None
    modus: str = ""
    places: Sequence[PlaceDraft] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRecording:
    """Everything said of a new group at once.

    `report` names no groups, people or claims yet: the group and its members are put in
    when they stand. `claims` are attributes with their levels.
    """

    entry: GroupEntry
    aliases: Sequence[str] = ()
    things: Sequence[Thing] = ()
    members: Sequence[MemberEntry] = ()
    activities: Sequence[ActivityEntry] = ()
    report: ReportDraft | None = None
    claims: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What an action refused: in which part, in which of its rows, and why."""

    part: str
    row: int
    error: AppError


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written."""

    group: CrimeGroup
    members: list[Membership] = field(default_factory=list)
    report: Report | None = None


class RecordingRefused(AppError):
    """Parts of it break a rule; nothing was written."""

    code = "recording_refused"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].error.message)
        self.faults = faults


def record(*, by: Viewer, recording: GroupRecording) -> Recorded:
    """Record the group with its members, activities and first report, all or nothing.

    Raises:
        RecordingRefused: with every part that breaks a rule.
    """
    faults: list[Fault] = []
    with transaction.atomic():
        written = _write(by, recording, faults)
        if faults or written is None:
            raise RecordingRefused(faults)
    return written


def rehearse(*, by: Viewer, recording: GroupRecording) -> list[Fault]:
    """Return every part that `record` would refuse now; nothing is written."""
    faults: list[Fault] = []
    with transaction.atomic():
        _write(by, recording, faults)
        transaction.set_rollback(True)
    # Labels that were made on trial are gone with the rest.
    forget()
    refresh()
    return faults


def _write(
    by: Viewer, recording: GroupRecording, faults: list[Fault]
) -> Recorded | None:
    try:
        with transaction.atomic():
            group = groups.create(by=by, **recording.entry)
    except AppError as error:
        faults.append(Fault("group", 0, error))
        return None
    told = Telling(rationale=recording.entry.get("rationale", ""))
    _each(
        "aliases",
        recording.aliases,
        lambda name: aliases.add(by=by, group=group, name=name, **told),
        faults,
    )
    _each("things", recording.things, lambda one: _use(by, group, one, told), faults)
    members = _each(
        "members", recording.members, lambda one: _join(by, group, one, told), faults
    )
    _each(
        "activities",
        recording.activities,
        lambda one: activities.add(
            by=by,
            group=group,
            threat_type=one.threat_type,
            offence=one.offence,
            modus=one.modus,
            places=one.places,
            **told,
        ),
        faults,
    )
    report = None
    if recording.report is not None:
        draft = _about(group, members, recording)
        made = _each(
            "report", [draft], lambda one: reports.submit(by=by, draft=one)[0], faults
        )
        report = next(iter(made), None)
    return Recorded(group, members, report)


def _each(
    part: str, wanted: Iterable[T], step: Callable[[T], R], faults: list[Fault]
) -> list[R]:
    """Take the step for each; one that is refused is noted, and the others go on."""
    done = []
    for row, one in enumerate(wanted):
        try:
            with transaction.atomic():
                done.append(step(one))
        except AppError as error:
            faults.append(Fault(part, row, error))
            # What a label was for may be gone with it.
            forget()
            refresh()
    return done


def _join(
    by: Viewer, group: CrimeGroup, member: MemberEntry, told: Telling
) -> Membership:
    joined = entries.add_member(by=by, group=group, draft=member.draft)
    if member.thing:
        try:
            _use(by, group, member.thing, told, joined.nominal)
        except AlreadyRecorded:
            if member.draft.nominal is None:
                raise
    return joined


def _use(
    by: Viewer,
    group: CrimeGroup,
    thing: Thing,
    told: Telling,
    nominal: Nominal | None = None,
) -> None:
    """Record that the member uses the thing, or the group itself where none is named."""
    identifiers.record(
        by=by,
        owner=group.owner,
        kind=thing.kind,
        value=thing.value,
        access_class_id=group.access_class_id,
        nominal=nominal,
        group=None if nominal else group,
        rationale=told.get("rationale", ""),
    )


def _about(
    group: CrimeGroup, members: Sequence[Membership], recording: GroupRecording
) -> ReportDraft:
    """Return the report as one about the new group, its members and its levels."""
    if recording.report is None:
        raise ValueError("there is no report")
    return replace(
        recording.report,
        groups=[group],
        nominals=[one.nominal for one in members],
        claims=[
            ClaimDraft(group=group, attribute=attribute, level=level)
            for attribute, level in recording.claims
        ],
    )
