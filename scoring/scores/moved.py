"""What moved a group's score between two moments, cause by cause, for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from scoring.assembly import Then, facts_then
from scoring.engine import Result, Shown, Waterfall, waterfall
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
    facts, facts_after = facts_then(
        viewer,
        group,
        (
            Then(since.day, since.instant, before.reading),
            Then(until.day, until.instant, after.reading),
        ),
    )
    fall = waterfall(
        Shown(before.scheme, before.reading, facts),
        Shown(after.scheme, after.reading, facts_after),
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
