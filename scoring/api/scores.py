"""The scores of many groups at once, as one reader sees them: stored, or made at read."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from accounts.visibility import Viewer
from ocgmap.common.records import visible_classes
from scoring.assembly import (
    Dossier,
    SchemeInUse,
    dossiers_for,
    schemes_in_use,
    stand,
)
from scoring.engine import (
    GroupFacts,
    Reading,
    Result,
    floor,
    reading_from_json,
    total,
)
from scoring.exceptions import UnknownFilter
from scoring.models import PictureLine


@dataclass(frozen=True, slots=True)
class Score:
    """One group's score under one scheme; bands are '' where there is none.

    `computed_at` is None when it was computed for this reader now. `facts` are what the
    reader sees now, where what is made of them was asked for.
    """

    group_id: int
    in_use: SchemeInUse
    reading: Reading
    computed_band: str
    confirmed_band: str
    facts_digest: str
    computed_at: datetime.datetime | None
    facts: GroupFacts | None = None

    def result(self) -> Result:
        """Return the score with its axes, interval and every reason."""
        return total(self.reading, self.in_use.scheme)

    @property
    def floor(self) -> int | None:
        """Return the lower end on well-founded evidence alone; None without facts."""
        scheme = self.in_use.scheme
        return floor(self.facts, scheme, scheme.floor_rule) if self.facts else None

    @property
    def is_awaiting(self) -> bool:
        """Return whether no decision of a person says what the engine says."""
        has_bands = self.in_use.scheme.has_bands
        return has_bands and self.confirmed_band != self.computed_band


Scores = dict[int, list[Score]]


def scheme_in_use(key: str) -> SchemeInUse:
    """Return the version of a scheme that figures come from, else its newest.

    Raises:
        UnknownFilter: no scheme has this key; the keys are named.
    """
    schemes = schemes_in_use()
    found = [one for one in schemes if one.scheme.key == key]
    if found:
        return next((one for one in found if one.is_primary), found[-1])
    keys = ", ".join(sorted({one.scheme.key for one in schemes}))
    raise UnknownFilter(f"scheme: Choose one of: {keys}.", field="scheme")


def scores_of(
    viewer: Viewer, group_ids: Sequence[int], schemes: Iterable[SchemeInUse]
) -> Scores:
    """Return the scores of these groups, by id, in the order of ``schemes``.

    They are those that the viewer's figures count; what is not stored is scored by the
    same engine from what the viewer sees. A merged group is left out. One query, and
    seven more where something is not stored.
    """
    wanted = list(schemes)
    found = _grouped(_stored(viewer, group_ids, wanted), wanted)
    missing = [pk for pk in group_ids if pk not in found]
    if missing:
        found |= _grouped(_made(_dossiers(viewer, missing), wanted), wanted)
    return found


def with_facts(viewer: Viewer, scores: Scores) -> Scores:
    """Return the same scores with what the viewer sees now. Seven queries."""
    day = timezone.localdate()
    facts = {
        group_id: dossier.facts(dossier.classes(), day)
        for group_id, dossier in _dossiers(viewer, list(scores)).items()
    }
    return {
        group_id: [replace(one, facts=facts[group_id]) for one in found]
        for group_id, found in scores.items()
        if group_id in facts
    }


def _grouped(scores: Iterable[Score], wanted: Sequence[SchemeInUse]) -> Scores:
    places = {one.id: place for place, one in enumerate(wanted)}
    found: Scores = {}
    for score in sorted(scores, key=lambda one: places[one.in_use.id]):
        found.setdefault(score.group_id, []).append(score)
    return found


def _stored(
    viewer: Viewer, group_ids: Sequence[int], wanted: Sequence[SchemeInUse]
) -> Iterator[Score]:
    by_id = {one.id: one for one in wanted}
    lines = (
        PictureLine.objects.visible_to(viewer)
        .at(None)
        .filter(group_id__in=group_ids, scheme_version_id__in=by_id)
        .order_by("group_id", "scheme_version_id", "-rank", "-id")
        .distinct("group_id", "scheme_version_id")
        .select_related("assessment")
    )
    for line in lines:
        in_use = by_id[line.scheme_version_id]
        yield Score(
            group_id=line.group_id,
            in_use=in_use,
            reading=reading_from_json(line.assessment.facts, in_use.scheme),
            computed_band=line.computed_band,
            confirmed_band=line.confirmed_band,
            facts_digest=line.assessment.facts_digest,
            computed_at=line.assessment.computed_at,
        )


def _dossiers(viewer: Viewer, group_ids: Sequence[int]) -> Mapping[int, Dossier]:
    return dossiers_for(
        group_ids, day=timezone.localdate(), classes=visible_classes(viewer)
    )


def _made(
    dossiers: Mapping[int, Dossier], wanted: Sequence[SchemeInUse]
) -> Iterator[Score]:
    day = timezone.localdate()
    for group_id, dossier in dossiers.items():
        for in_use, standing, result in stand(
            dossier, dossier.classes(), 0, wanted, day
        ):
            yield Score(
                group_id=group_id,
                in_use=in_use,
                reading=result.reading,
                computed_band=standing.computed_band,
                confirmed_band=standing.confirmed_band,
                facts_digest=standing.facts_digest,
                computed_at=None,
            )
