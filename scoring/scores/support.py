"""Whether what a judgement cites could hold a level up by itself."""

from collections.abc import Collection

from intelligence.models import Report
from intelligence.models.report import ReportState
from scoring.engine import Scheme


def none_counts(cited: Collection[Report], scheme: Scheme) -> bool:
    """Return whether reports are cited, and none of them ever counts in ``scheme``.

    One that was withdrawn or superseded does not, nor one of grades that the scheme
    leaves out. Age plays no part: such a report did count.
    """
    return bool(cited) and not any(
        report.state == ReportState.SUBMITTED
        and scheme.usable.admits_grades(report.source_grade, report.assessment_grade)
        for report in cited
    )
