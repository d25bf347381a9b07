"""What moved a group's score between two moments, cause by cause, for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.visibility import Viewer
from groups.former import merged_then
from groups.models import CrimeGroup
from intelligence.models import Report
from scoring.assembly import Then, facts_then
from scoring.engine import (
    GroupFacts,
    Reading,
    Result,
    Shown,
    Waterfall,
    read,
    total,
    waterfall,
)
from scoring.models import Judgement
from scoring.picture import Moment
from scoring.scores.present import line_then, result_of, score_of


@dataclass(frozen=True, slots=True)
class Moved:
    """Two scores and the causes between them, with what these rest on.

    Reports and judgements are those that the reader may see now.
    """

    before: Result
    after: Result
    waterfall: Waterfall
    reports: Mapping[int, Report]
    judgements: Mapping[int, Judgement]


def moved_between(
    viewer: Viewer, group: CrimeGroup, since: Moment, until: Moment
) -> Moved | None:
    """Return what moved the primary score of ``group``, as ``viewer`` may see it.

    None where no score that they may see held at one of the moments.
    """
    before = _result_then(viewer, group, since)
    after = _result_then(viewer, group, until)
    if before is None or after is None:
        return None
    was, now = (
        _then(viewer, group, moment, found.reading)
        for moment, found in ((since, before), (until, after))
    )
    regrouped = was._replace(merged=now.merged)
    facts = facts_then(viewer, group, (was, regrouped, now))
    return _moved(viewer, (before, after), facts)


def learned_since(viewer: Viewer, group: CrimeGroup, moment: Moment) -> Moved | None:
    """Return what today's records say of a past day, against what was shown on it.

    The scheme is that of the day. None where no score that they may see held then.
    """
    before = _result_then(viewer, group, moment)
    if before is None:
        return None
    was = _then(viewer, group, moment, before.reading)
    # Which groups were one has one clock: what was merged since was not so before.
    facts = facts_then(viewer, group, (was, was, was._replace(instant=None)))
    after = total(read(facts[-1], before.scheme), before.scheme)
    return _moved(viewer, (before, after), facts)


def _then(viewer: Viewer, group: CrimeGroup, moment: Moment, reading: Reading) -> Then:
    merged = merged_then(viewer, [group.pk], moment.instant)
    return Then(moment.day, moment.instant, reading, frozenset(merged))


def _moved(
    viewer: Viewer, results: tuple[Result, Result], facts: Sequence[GroupFacts]
) -> Moved:
    before, after = results
    fall = waterfall(
        Shown(before.scheme, before.reading, facts[0], regrouped=facts[1]),
        Shown(after.scheme, after.reading, facts[2]),
    )
    steps = [step for part in fall.parts for step in part.steps]
    reports = {pk for one in steps for pk in one.report_ids}
    judged = {one.judgement_id for one in steps if one.judgement_id is not None}
    judgements = Judgement.objects.visible_to(viewer).select_related("created_by")
    return Moved(
        before=before,
        after=after,
        waterfall=fall,
        reports=Report.objects.visible_to(viewer).in_bulk(reports),
        judgements=judgements.in_bulk(judged),
    )


def _result_then(viewer: Viewer, group: CrimeGroup, moment: Moment) -> Result | None:
    """Return the primary score of a moment; what is not stored is scored at read."""
    line = line_then(viewer, group, moment.instant)
    if line is not None:
        return result_of(line)
    if moment.instant is not None or group.merged_into_id is not None:
        return None
    return score_of(viewer, group).result
