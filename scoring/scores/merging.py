"""What a merge, or a split, would change in the figures, as one reader may see them."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accounts.visibility import Viewer
from groups.former import merged_then
from groups.models import CrimeGroup
from ocgmap.common.records import visible_classes
from scoring.assembly import (
    Dossier,
    SchemeInUse,
    Standing,
    dossiers_for,
    schemes_in_use,
    stand,
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One group of the two, before or after; `value` under the primary scheme."""

    group: CrimeGroup
    is_after: bool
    standing: Standing
    value: int


def foreseen(
    viewer: Viewer, group: CrimeGroup, survivor: CrimeGroup, *, is_split: bool
) -> list[Foreseen]:
    """Return what both stand at now, and what they would stand at afterwards.

    Computed from what ``viewer`` sees now, without a word of what waits to be counted.
    """
    merged = merged_then(viewer, [group.pk, survivor.pk], None)
    apart = {child: into for child, into in merged.items() if child != group.pk}
    together = dict.fromkeys([*apart, group.pk], survivor.pk)
    before, after = (together, apart) if is_split else (apart, together)
    [primary] = [in_use for in_use in schemes_in_use() if in_use.is_primary]
    day = timezone.localdate()
    found = []
    for is_after, as_merged in enumerate((before, after)):
        dossiers = dossiers_for(
            [survivor.pk, group.pk],
            day=day,
            classes=visible_classes(viewer),
            merged=as_merged,
        )
        for one in (survivor, group):
            if one.pk in dossiers:
                standing, value = _stand(dossiers[one.pk], primary, day)
                found.append(Foreseen(one, bool(is_after), standing, value))
    return found


def _stand(
    dossier: Dossier, in_use: SchemeInUse, day: datetime.date
) -> tuple[Standing, int]:
    [(_, standing, result)] = stand(dossier, dossier.classes(), 0, [in_use], day)
    return standing, result.value
