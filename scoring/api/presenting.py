"""From scores, schemes and figures to the plain values that are sent."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import ReportState
from scoring.api.scores import Score
from scoring.assembly import SchemeInUse
from scoring.engine import (
    CATALOGUE,
    EvidenceAge,
    FactorResult,
    Fragility,
    Level,
    age_of,
    scheme_digest,
)
from scoring.engine.factors import worth
from scoring.models import Judgement
from scoring.picture import Figures, PictureScope, figures_json


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What the levels of some scores rest on, as far as one reader may see it."""

    reports: Mapping[int, Report]
    judgements: Mapping[int, Judgement]

    @classmethod
    def of(
        cls, viewer: Viewer, scores: Iterable[Score], also: Iterable[int] = ()
    ) -> "Evidence":
        """Return the evidence of these scores, and ``also`` reports. Two queries."""
        found = [entry.evidence for score in scores for entry in score.reading.entries]
        reports = {*also, *(pk for one in found for pk in one.report_ids)}
        judged = {one.judgement_id for one in found if one.judgement_id is not None}
        return cls(
            Report.objects.visible_to(viewer).in_bulk(reports),
            Judgement.objects.visible_to(viewer).in_bulk(judged),
        )


def score_values(score: Score) -> dict[str, Any]:
    """Return a score as `ScoreSerializer` reads it."""
    result = score.result()
    return {
        "in_use": score.in_use,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "unknown_share": round(result.unknown_share, 4),
        "unjudged": result.unjudged_count,
        "computed_band": score.computed_band or None,
        "confirmed_band": score.confirmed_band or None,
        "awaiting_confirmation": score.is_awaiting,
        "facts_digest": score.facts_digest,
        "computed_at": score.computed_at,
    }


def assessment_values(
    score: Score, group: CrimeGroup, evidence: Evidence
) -> dict[str, Any]:
    """Return a score as `AssessmentSerializer` reads it, with reasons and evidence."""
    result, scheme = score.result(), score.in_use.scheme
    return {
        **score_values(score),
        "group": group,
        "title": scheme.title,
        "standing": scheme.standing,
        "axes": result.axes,
        "floor": score.floor,
        "evidence_age": _age(score, evidence),
        "band_low": result.band_low,
        "band_high": result.band_high,
        "factors": [_factor(one, evidence) for one in result.factors()],
    }


def fragility_values(found: Fragility, evidence: Evidence) -> dict[str, Any]:
    """Return how few reports a band hangs on as `FragilitySerializer` reads it."""
    return {
        "finding": str(found.finding),
        "size": len(found.reports) or None,
        "at_least": found.at_least or None,
        "band_without": found.band_without,
        "judged": found.judged,
        "reports": [
            evidence.reports[pk] for pk in found.reports if pk in evidence.reports
        ],
    }


def _age(score: Score, evidence: Evidence) -> EvidenceAge | None:
    ids = {pk for entry in score.reading.entries for pk in entry.evidence.report_ids}
    reports = (evidence.reports[pk] for pk in ids if pk in evidence.reports)
    received = [
        one.received_on for one in reports if one.state == ReportState.SUBMITTED
    ]
    return age_of(received, timezone.localdate())


def _factor(factor: FactorResult, evidence: Evidence) -> dict[str, Any]:
    judgement = evidence.judgements.get(factor.evidence.judgement_id or 0)
    return {
        "attribute": factor.attribute,
        "title": CATALOGUE[factor.attribute].title,
        "level": str(factor.level),
        "points": factor.points,
        "low": factor.low,
        "high": factor.high,
        "reason": factor.reason,
        "unjudged": factor.unjudged,
        "judgement": judgement.public_id if judgement else None,
        "reports": [
            evidence.reports[pk]
            for pk in factor.evidence.report_ids
            if pk in evidence.reports
        ],
    }


def scheme_values(in_use: SchemeInUse) -> dict[str, Any]:
    """Return a scheme as `SchemeSerializer` reads it."""
    scheme = in_use.scheme
    return {
        "key": scheme.key,
        "version": scheme.version,
        "title": scheme.title,
        "standing": scheme.standing,
        "source": scheme.source,
        "effective_on": scheme.effective_on,
        "is_primary": in_use.is_primary,
        "digest": scheme_digest(scheme),
        "window_months": scheme.window_months,
        "unknown_as": str(scheme.unknown_as),
        "bands": scheme.bands(),
        "axes": [
            {
                "key": axis.key,
                "title": axis.title,
                "factors": [
                    {
                        "attribute": factor.attribute,
                        "title": CATALOGUE[factor.attribute].title,
                        "meaning": CATALOGUE[factor.attribute].meaning,
                        "points": {
                            str(level): worth(factor, level, scheme).points
                            for level in Level
                        },
                    }
                    for factor in axis.factors
                ],
                "cuts": {cut.code: cut.at_least for cut in axis.cuts},
            }
            for axis in scheme.axes
        ],
    }


def picture_values(scope: PictureScope, figures: Figures) -> dict[str, Any]:
    """Return a picture as `PictureSerializer` reads it: the dashboard's own figures."""
    return {
        **figures_json(figures),
        "unjudged": figures.unjudged,
        "insufficient": figures.insufficient,
        "bands_by_threat": figures.bands_by_threat,
        "scope": scope.key,
        "name": scope.name,
        "as_at": figures.day,
        "is_now": figures.is_now,
        "computed_at": timezone.now(),
        "freshness": dataclasses.asdict(figures.freshness),
        "coverage": {**dataclasses.asdict(figures.coverage)},
        "not_recorded": figures.not_recorded,
        "disposed": figures.disposed,
    }
