"""The evidence about one group as it stood at several moments, for one reader.

A row counts from when it was recorded, or once a score rested on it; a report's grades,
date and state of a moment are those of its history. A former state is read where its own label lets the reader see it,
as everywhere; where it does not, the next state that they see stands in.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.utils import timezone

from accounts.visibility import Viewer
from groups.former import events_of
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Report
from intelligence.models.report import ReportState
from scoring.assembly.dossiers import CLAIM_LEVELS
from scoring.engine import Claim, GroupFacts, JudgementFact, Reading, own_first
from scoring.models import Judgement, JudgementCitation

R = TypeVar("R", AttributeClaim, Judgement)


class Then(NamedTuple):
    """A day, the instant at which it is read (None is now), and the reading then.

    What the reading rests on was known, whenever it was recorded: history that was
    loaded later says so. `merged` are the ids of the groups whose records count in.
    """

    day: datetime.date
    instant: datetime.datetime | None
    reading: Reading
    merged: frozenset[int] = frozenset()

    def of_its_groups(self, group: CrimeGroup, rows: Iterable[R]) -> list[R]:
        """Return those of the rows that are of the group, or merged into it then."""
        wanted = {group.pk, *self.merged}
        return [one for one in rows if one.group_id in wanted]

    def knew_claim(self, claim: AttributeClaim) -> bool:
        """Return whether a claim was known."""
        if self.instant is None or claim.created_at <= self.instant:
            return True
        return any(
            claim.report_id in entry.evidence.report_ids
            for entry in self.reading.entries
            if entry.attribute == claim.attribute
        )

    def knew_judgement(self, judgement: Judgement) -> bool:
        """Return whether a judgement was known."""
        return (
            self.instant is None
            or judgement.decided_at <= self.instant
            or any(
                entry.evidence.judgement_id == judgement.pk
                for entry in self.reading.entries
            )
        )


def facts_then(
    viewer: Viewer, group: CrimeGroup, moments: Sequence[Then]
) -> list[GroupFacts]:
    """Return the facts of each moment, of rows that ``viewer`` may see now. Four queries.

    Those of groups that were merged into this one at the moment are among them.
    """
    parts = {pk for moment in moments for pk in moment.merged}
    groups = [group.pk, *sorted(parts)]
    claims = list(
        AttributeClaim.objects.visible_to(viewer)
        .filter(group__in=groups, report__in=Report.objects.visible_to(viewer))
        .select_related("report")
        .order_by("pk")
    )
    former = _former_states(viewer, {one.report_id for one in claims})
    judged = list(Judgement.objects.visible_to(viewer).filter(group__in=groups))
    brought = {one.pk for one in judged if one.group_id != group.pk}
    cites: dict[int, list[int]] = {}
    for row in JudgementCitation.objects.visible_to(viewer).filter(
        judgement__in=judged
    ):
        cites.setdefault(row.judgement_id, []).append(row.report_id)
    return [
        GroupFacts(
            group_id=group.pk,
            at=moment.day,
            claims=tuple(_claims(moment.of_its_groups(group, claims), former, moment)),
            judgements=own_first(
                [
                    JudgementFact(
                        one.pk,
                        one.attribute,
                        CLAIM_LEVELS[one.level],
                        timezone.localdate(one.decided_at),
                        tuple(cites.get(one.pk, ())),
                    )
                    for one in moment.of_its_groups(group, judged)
                    if moment.knew_judgement(one)
                ],
                brought,
                moment.day,
            ),
        )
        for moment in moments
    ]


def _former_states(viewer: Viewer, report_ids: set[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    events = events_of(viewer, Report).filter(pgh_obj_id__in=report_ids)
    for event in events.order_by("version"):
        found.setdefault(event.pgh_obj_id, []).append(event)
    return found


def _claims(
    claims: Sequence[AttributeClaim],
    former: dict[int, list[Any]],
    moment: Then,
) -> Iterator[Claim]:
    for one in claims:
        if not moment.knew_claim(one):
            continue
        report = _state(one.report, former.get(one.report_id, ()), moment.instant)
        if report.state == ReportState.SUBMITTED:
            yield Claim(
                one.report_id,
                one.attribute,
                CLAIM_LEVELS[one.level],
                report.source_grade,
                report.assessment_grade,
                report.received_on,
            )


def _state(
    report: Report, events: Sequence[Any], instant: datetime.datetime | None
) -> Any:
    """Return the report as it was: an event keeps what held until its moment."""
    if instant is not None:
        for event in events:
            if event.pgh_created_at > instant:
                return event
    return report
