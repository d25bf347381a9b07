"""The numbers beside a score in words: fragility, age, floor on a choice, two schemes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import ReportState
from scoring import picture
from scoring.engine import (
    INSUFFICIENT,
    EvidenceFilter,
    Finding,
    Fragility,
    Result,
    age_of,
    agreement,
    fragility,
    most_points,
    score_under,
)
from scoring.picture import Rank
from scoring.scores import ScoreView
from scoring.templatetags.scoring_tags import band_text
from scoring.views.figure_tables import Cell, counted

# With fewer other groups than these, a rank says nothing.
FEWEST_TO_RANK = 5
_DAYS_TOLD_AS_DAYS = 60
_DAYS_A_MONTH = 365.2425 / 12
TWO_SCHEMES_HEAD: list[Cell] = [
    {"text": "Scheme"},
    {"text": "Value, of the most there is"},
    {"text": "Interval, of the most"},
    {"text": "Other groups of its owner with a lower value"},
]


def age_text(reports: Collection[Report]) -> str:
    """Return how old the reports are that count; a withdrawn one counts no more."""
    counting = [one for one in reports if one.state == ReportState.SUBMITTED]
    age = age_of((one.received_on for one in counting), timezone.localdate())
    if age is None:
        return "No report that counts"
    return (
        f"Median {_days(age.median_days)}, oldest {_days(age.oldest_days)}, over "
        f"{counted(age.reports, 'report')}"
    )


def _days(days: int) -> str:
    if days <= _DAYS_TOLD_AS_DAYS:
        return counted(days, "day")
    return f"{counted(round(days / _DAYS_A_MONTH), 'month')} ({days:,} days)"


def floor_text(view: ScoreView, chosen: EvidenceFilter, words: str) -> str:
    """Return the floor on the chosen evidence, and the band there where there is one."""
    found = score_under(view.facts, view.scheme, chosen)
    return f"{found.low}{_band_there(found)}, on {words}"


def _band_there(found: Result) -> str:
    if found.band == INSUFFICIENT:
        return f" ({INSUFFICIENT})"
    return f" (band {found.band_low} or graver)" if found.band_low else ""


def fragility_of(by: Viewer, view: ScoreView) -> tuple[dict[str, Any], list[Report]]:
    """Return in words how few reports the band hangs on, and those reports. One query."""
    found = fragility(view.facts, view.scheme)
    rows = Report.objects.visible_to(by).in_bulk(found.reports)
    reports = [rows[pk] for pk in found.reports if pk in rows]
    lines = [_finding_text(found)]
    if found.judged:
        lines.append(
            f"By a person's judgement: {counted(found.judged, 'level')}. No removal of "
            "reports moves these, not even of those that the judgement cites."
        )
    shown = {
        "lines": lines,
        "is_by_one": len(found.reports) == 1,
        "reports": [
            {
                "text": one.reference,
                "url": reverse("intelligence:report", args=[one.public_id]),
            }
            for one in reports
        ],
    }
    return shown, reports


def _finding_text(found: Fragility) -> str:
    size = len(found.reports)
    fewest = f"fewer than {counted(found.at_least, 'report')} cannot change it."
    if found.finding is Finding.NONE and found.band == INSUFFICIENT:
        return (
            "None: it is insufficient information already, and removing reports can only "
            "leave more unknown."
        )
    if found.finding is Finding.NONE:
        return "None: no removal of reports changes the computed band."
    if found.finding is Finding.NOT_FOUND:
        return f"Not found by bounded search; {fewest}"
    what = "this report alone" if size == 1 else f"these {size} reports"
    told = (
        f"Without {what} the computed band would be "
        f"{band_text(found.band_without or '')}."
    )
    if found.finding is Finding.AT_MOST:
        return f"{told} At most {size}, found by bounded search; {fewest}"
    if size == 1:
        return f"{told} Exact. Another one alone may do the same."
    return (
        f"{told} Exact: no fewer reports change it. Other sets of this size may do the "
        "same."
    )


def two_schemes(
    by: Viewer, group: CrimeGroup, views: Sequence[ScoreView]
) -> dict[str, Any]:
    """Return the schemes side by side: where each puts the group. One query."""
    ranks = picture.ranks_of(
        by, group, {view.scheme_version_id: view.result.value for view in views}
    )
    return {
        "head": TWO_SCHEMES_HEAD,
        "rows": [_scheme_row(view, ranks) for view in views],
        "alike": _alike(views),
    }


def _scheme_row(view: ScoreView, ranks: Mapping[int, Rank]) -> list[Cell]:
    most, result = most_points(view.scheme), view.result
    low, high = _share(result.low, most), _share(result.high, most)
    return [
        {"text": view.scheme.title},
        {"text": f"{result.value} of {most} ({_share(result.value, most)}%)"},
        {"text": f"{low}% to {high}%"},
        {"text": _rank_text(ranks[view.scheme_version_id])},
    ]


def _share(points: int, most: int) -> int:
    return round(100 * points / most)


def _rank_text(rank: Rank) -> str:
    if rank.others < FEWEST_TO_RANK:
        return f"Too few to rank ({rank.others})"
    return f"{rank.lower} of {rank.others}"


def _alike(views: Sequence[ScoreView]) -> str:
    first, *others = (view.result.reading for view in views)
    found = [agreement(first, other) for other in others]
    shared, alike = (
        sum(one.shared for one in found),
        sum(one.alike for one in found),
    )
    return (
        f"Both read {counted(shared, 'attribute')}, of which {alike} at the same level."
    )
