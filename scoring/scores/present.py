"""One group's score as one reader may see it, with every reason down to the evidence."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.actions.labels import join_of
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.errors import NotFound
from ocgmap.common.records import visible_classes
from scoring.assembly import (
    Dossier,
    SchemeInUse,
    by_primary,
    dossiers_for,
    primary_in_use,
    scheme_by,
    schemes_in_use,
    schemes_shown,
)
from scoring.engine import (
    CATALOGUE,
    FactorResult,
    GroupFacts,
    Reading,
    Result,
    Scheme,
    floor,
    read,
    reading_from_json,
    total,
)
from scoring.models import BandDecision, Judgement, PictureLine
from scoring.scores.support import none_counts


@dataclass(frozen=True, slots=True)
class FactorView:
    """One attribute's points and reason, and the records they rest on.

    `judgement` and `reports` hold only what the reader may see. `is_unsupported`: the
    judgement cites reports, and none of them ever counts.
    """

    title: str
    factor: FactorResult
    judgement: Judgement | None
    reports: list[Report]
    is_unsupported: bool = False


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score to show. `computed_at` is None when it was computed for this reader now.

    `facts` are what the viewer sees now, and `floor` is the lower end of the interval on
    well-founded evidence among them; a stored score may not count all of them yet.
    `confirmed` is the decision of a person that stands, if the reader may see one.
    """

    scheme: Scheme
    scheme_version_id: int
    result: Result
    floor: int
    confirmed: BandDecision | None
    computed_at: datetime.datetime | None
    factors: list[FactorView]
    facts: GroupFacts
    is_primary: bool = False

    @property
    def reports(self) -> dict[int, Report]:
        """Return the reports that the levels rest on, by id."""
        return {one.pk: one for factor in self.factors for one in factor.reports}

    @property
    def is_behind(self) -> bool:
        """Return whether what the viewer sees says more than the score yet does."""
        now = read(self.facts, self.scheme)
        return now.digest() != self.result.reading.digest()

    @property
    def computed_band(self) -> str:
        """Return the band of the engine, which is advisory; '' if there is none."""
        return self.result.band or ""

    @property
    def confirmed_band(self) -> str:
        """Return the band that a person confirmed; '' if nobody did."""
        return self.confirmed.band if self.confirmed else ""

    @property
    def is_awaiting(self) -> bool:
        """Return whether a person has yet to confirm the band that was computed."""
        return self.scheme.has_bands and self.confirmed_band != self.computed_band


@dataclass(frozen=True, slots=True)
class PastScore:
    """The primary score that the figures of a past moment count, with every reason."""

    line: PictureLine
    result: Result
    factors: list[FactorView]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the score comes from: the reader's line, or their rows as they are now."""

    reading: Reading
    computed_at: datetime.datetime | None
    class_id: int


def scores_of(
    viewer: Viewer, group: CrimeGroup, schemes: Iterable[Scheme] | None = None
) -> list[ScoreView]:
    """Return the score of ``group`` under each scheme as ``viewer`` may see it.

    Without ``schemes``, under all that are shown. It is the score that the viewer's
    figures count; where none is stored, the same engine scores what the viewer sees.

    Raises:
        NotFound: the group is hidden or was merged into another.
    """
    dossier = dossier_of(viewer, group)
    facts = dossier.facts(dossier.classes(), timezone.localdate())
    in_use = {
        one.scheme: one
        for one in (schemes_shown() if schemes is None else schemes_in_use())
    }
    wanted = in_use if schemes is None else schemes
    return [_view(viewer, group, dossier, facts, in_use[one]) for one in wanted]


def score_of(
    viewer: Viewer, group: CrimeGroup, scheme: Scheme | None = None
) -> ScoreView:
    """Return the score of ``group`` under one scheme, as above; else the primary one.

    Raises:
        NotFound: the group is hidden or was merged into another.
    """
    dossier = dossier_of(viewer, group)
    facts = dossier.facts(dossier.classes(), timezone.localdate())
    return _view(viewer, group, dossier, facts, _in_use(scheme))


def _view(
    viewer: Viewer,
    group: CrimeGroup,
    dossier: Dossier,
    facts: GroupFacts,
    in_use: SchemeInUse,
) -> ScoreView:
    scheme, source = in_use.scheme, _source(viewer, dossier, in_use)
    result = total(source.reading, scheme)
    return ScoreView(
        scheme=scheme,
        scheme_version_id=in_use.id,
        result=result,
        floor=floor(facts, scheme, scheme.floor_rule),
        confirmed=_confirmed(viewer, group, in_use),
        computed_at=source.computed_at,
        factors=_factors(viewer, result),
        facts=facts,
        is_primary=in_use.is_primary,
    )


def score_then(
    viewer: Viewer, group: CrimeGroup, instant: datetime.datetime | None
) -> PastScore | None:
    """Return the primary score of ``group`` at ``instant``, as ``viewer`` may see it.

    Reports and judgements are those that the viewer may see now. None where no line of
    theirs held then.
    """
    line = line_then(viewer, group, instant)
    if line is None:
        return None
    result = result_of(line)
    return PastScore(line, result, _factors(viewer, result))


def line_then(
    viewer: Viewer, group: CrimeGroup, instant: datetime.datetime | None
) -> PictureLine | None:
    """Return the line of the primary scheme that ``viewer`` is shown of a moment.

    It is of the version that was in effect then, whichever is today.
    """
    return (
        PictureLine.objects.visible_to(viewer)
        .at(instant)
        .filter(by_primary(instant), group=group)
        .select_related("assessment", "owner", "predominant_threat", "scheme_version")
        .order_by("-rank", "-id")
        .first()
    )


def result_of(line: PictureLine) -> Result:
    """Return the score that a line counts, under the version that it was made by."""
    scheme = scheme_by(line.scheme_version)
    return total(reading_from_json(line.assessment.facts, scheme), scheme)


@dataclass(frozen=True, slots=True)
class BandSeen:
    """A band as one reader sees it, the class it rests on, and what they see now."""

    scheme: Scheme
    scheme_version_id: int
    band: str
    class_id: int
    facts: GroupFacts


def band_as_seen(
    viewer: Viewer, group: CrimeGroup, scheme: Scheme | None = None
) -> BandSeen:
    """Return the band as ``viewer`` sees it, and what it rests on; else the primary."""
    in_use, dossier = _in_use(scheme), dossier_of(viewer, group)
    source = _source(viewer, dossier, in_use)
    return BandSeen(
        scheme=in_use.scheme,
        scheme_version_id=in_use.id,
        band=total(source.reading, in_use.scheme).band or "",
        class_id=source.class_id,
        facts=dossier.facts(dossier.classes(), timezone.localdate()),
    )


def proposed_band(viewer: Viewer, group: CrimeGroup) -> BandDecision | None:
    """Return the override that awaits approval, if it is the newest decision seen.

    One that was proposed under a former version of the scheme awaits nothing any more.
    """
    newest = (
        BandDecision.objects.visible_to(viewer)
        .filter(group=group, scheme_version__is_primary=True)
        .unexpired(timezone.localdate())
        .select_related("created_by")
        .order_by("-decided_at", "-id")
        .first()
    )
    return newest if newest and not newest.is_settled else None


def dossier_of(viewer: Viewer, group: CrimeGroup) -> Dossier:
    """Return what ``viewer`` sees of a group.

    Raises:
        NotFound: the group is hidden or was merged into another.
    """
    found = dossiers_for(
        [group.pk], day=timezone.localdate(), classes=visible_classes(viewer)
    )
    if group.pk not in found:
        raise NotFound
    return found[group.pk]


def _in_use(scheme: Scheme | None) -> SchemeInUse:
    if scheme is None:
        return primary_in_use()
    return next(found for found in schemes_in_use() if found.scheme is scheme)


def _source(viewer: Viewer, dossier: Dossier, in_use: SchemeInUse) -> _Source:
    line = (
        PictureLine.objects.visible_to(viewer)
        .at(None)
        .filter(group_id=dossier.group.id, scheme_version_id=in_use.id)
        .select_related("assessment")
        .order_by("-rank", "-id")
        .first()
    )
    if line is None:
        facts = dossier.facts(dossier.classes(), timezone.localdate())
        return _Source(read(facts, in_use.scheme), None, join_of(dossier.classes()))
    stored = line.assessment
    reading = reading_from_json(stored.facts, in_use.scheme)
    return _Source(reading, stored.computed_at, line.access_class_id)


def _confirmed(
    viewer: Viewer, group: CrimeGroup, in_use: SchemeInUse
) -> BandDecision | None:
    return (
        BandDecision.objects.visible_to(viewer)
        .filter(group=group, scheme_version_id=in_use.id)
        .unexpired(timezone.localdate())
        .settled()
        .select_related("created_by", "approved_by")
        .order_by("-decided_at", "-id")
        .first()
    )


def _factors(viewer: Viewer, result: Result) -> list[FactorView]:
    factors = result.factors()
    reports = Report.objects.visible_to(viewer).in_bulk(
        {pk for factor in factors for pk in factor.evidence.report_ids}
    )
    judgements = (
        Judgement.objects.visible_to(viewer)
        .select_related("created_by")
        .in_bulk({factor.evidence.judgement_id or 0 for factor in factors})
    )
    found = []
    for factor in factors:
        judgement = judgements.get(factor.evidence.judgement_id or 0)
        on = [reports[pk] for pk in factor.evidence.report_ids if pk in reports]
        found.append(
            FactorView(
                title=CATALOGUE[factor.attribute].title,
                factor=factor,
                judgement=judgement,
                reports=on,
                is_unsupported=judgement is not None and none_counts(on, result.scheme),
            )
        )
    return found
