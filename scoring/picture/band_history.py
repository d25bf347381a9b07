"""How the bands of one group moved, as one reader's figures counted it."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring.engine import PRIMARY
from scoring.models import PictureLine


@dataclass(frozen=True, slots=True)
class BandSpell:
    """What the reader's line of a group said from one moment until another or now."""

    since: datetime.datetime
    until: datetime.datetime | None
    line: PictureLine

    @property
    def said(self) -> tuple[str, str, str, str]:
        """Return what tells one spell from the next."""
        line = self.line
        return (
            line.computed_band,
            line.confirmed_band,
            line.record_state,
            line.activity_status,
        )


def band_history(viewer: Viewer, group: CrimeGroup) -> list[BandSpell]:
    """Return the spells of a group's bands by the primary scheme, newest first.

    Each line counts while its version of the scheme was in effect. One query. Empty for
    a group that is scored at read: its past is not kept.
    """
    rows = PictureLine.objects.visible_to(viewer).filter(
        group=group,
        scheme_version__name=PRIMARY.key,
        scheme_version__effective_on__lte=timezone.localdate(),
    )
    found = list(rows.select_related("scheme_version").order_by("valid_from"))
    return spells(list(_in_effect(found)))


def _in_effect(lines: Sequence[PictureLine]) -> Iterator[PictureLine]:
    """Yield the lines, cut to when their version was in effect; others are left out."""
    versions = sorted(
        {one.scheme_version for one in lines}, key=lambda one: one.effective_on
    )
    until = {one.pk: _midnight(after.effective_on) for one, after in pairwise(versions)}
    for line in lines:
        version = line.scheme_version
        if version != versions[0]:
            line.valid_from = max(line.valid_from, _midnight(version.effective_on))
        end = until.get(version.pk)
        if end is not None:
            line.valid_to = min(line.valid_to or end, end)
        if line.valid_to is None or line.valid_from < line.valid_to:
            yield line


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def spells(lines: Sequence[PictureLine]) -> list[BandSpell]:
    """Return what the greatest of these lines said at each moment, newest first.

    Spells that say the same and touch are one; a time without any line is left out.
    """
    moments = sorted(
        {line.valid_from for line in lines}
        | {line.valid_to for line in lines if line.valid_to}
    )
    found: list[BandSpell] = []
    for since, until in pairwise([*moments, None]):
        holding = [line for line in lines if since and _holds(line, since)]
        if not (since and holding):
            continue
        spell = BandSpell(
            since, until, max(holding, key=lambda line: (line.rank, line.pk))
        )
        if found and found[-1].until == since and found[-1].said == spell.said:
            spell = BandSpell(found.pop().since, until, spell.line)
        found.append(spell)
    return found[::-1]


def _holds(line: PictureLine, at: datetime.datetime) -> bool:
    return line.valid_from <= at and (line.valid_to is None or line.valid_to > at)
