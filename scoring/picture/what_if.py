"""The result of a comparison of versions, counted for whoever asked for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Abs

from accounts.visibility import Viewer
from scoring.engine import INSUFFICIENT
from scoring.models import WhatIf, WhatIfResult

NO_THREAT = "none"


class Move(StrEnum):
    """Which way a group goes from one version to the other."""

    GRAVER = "graver"
    LESS_GRAVE = "less_grave"
    SAME = "same"
    UNTOLD = "untold"


# Where only one version has enough to go by, no way can be told.
_UNTOLD = Q(band_before=INSUFFICIENT) ^ Q(band_after=INSUFFICIENT)
CONDITIONS: Mapping[Move, Q] = {
    Move.GRAVER: Q(steps__gt=0),
    Move.LESS_GRAVE: Q(steps__lt=0),
    Move.SAME: Q(band_before=F("band_after")),
    Move.UNTOLD: _UNTOLD,
}


@dataclass(slots=True)
class Tally:
    """How many groups go which way, of one owner, of one threat or of all."""

    code: str
    name: str
    groups: int = 0
    moves: dict[Move, int] = field(default_factory=lambda: dict.fromkeys(Move, 0))


@dataclass(slots=True)
class Outcome:
    """Everything that the page of a comparison counts.

    `bands` maps a pair of bands, before and after, to how many groups go so.
    """

    all: Tally = field(default_factory=lambda: Tally("", "All"))
    bands: dict[tuple[str, str], int] = field(default_factory=dict)
    owners: list[Tally] = field(default_factory=list)
    threats: list[Tally] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ResultFilters:
    """What the list of results is narrowed to; '' does not narrow."""

    before: str = ""
    after: str = ""
    owner: str = ""
    threat: str = ""
    move: str = ""


def results(
    viewer: Viewer, asked: WhatIf, filters: ResultFilters | None = None
) -> QuerySet[WhatIfResult]:
    """Return the results of the viewer's own comparison that they may see now."""
    rows = WhatIfResult.objects.of(viewer, asked)
    wanted = filters or ResultFilters()
    if wanted.before:
        rows = rows.filter(band_before=wanted.before)
    if wanted.after:
        rows = rows.filter(band_after=wanted.after)
    if wanted.owner:
        rows = rows.filter(owner__code=wanted.owner)
    if wanted.threat:
        code = None if wanted.threat == NO_THREAT else wanted.threat
        rows = (
            rows.filter(threat__isnull=True)
            if code is None
            else rows.filter(threat__code=code)
        )
    if wanted.move:
        rows = rows.filter(CONDITIONS[Move(wanted.move)])
    return rows


def outcome(viewer: Viewer, asked: WhatIf) -> Outcome:
    """Return the counts of a comparison. One query."""
    rows = (
        results(viewer, asked)
        .order_by()
        .values_list(
            "owner__code",
            "owner__name",
            "threat__code",
            "threat__name",
            "band_before",
            "band_after",
            "steps",
        )
        .annotate(groups=Count("id"))
    )
    found = Outcome()
    owners: dict[str, Tally] = {}
    threats: dict[str, Tally] = {}
    for owner, name, threat, threat_name, before, after, steps, groups in rows:
        code = threat or NO_THREAT
        for tally in (
            found.all,
            owners.setdefault(owner, Tally(owner, name)),
            threats.setdefault(code, Tally(code, threat_name or "No threat named")),
        ):
            tally.groups += groups
            tally.moves[_move(before, after, steps)] += groups
        pair = before, after
        found.bands[pair] = found.bands.get(pair, 0) + groups
    found.owners, found.threats = _by_name(owners), _by_name(threats)
    return found


def _move(before: str, after: str, steps: int) -> Move:
    if before == after:
        return Move.SAME
    if steps == 0:
        return Move.UNTOLD
    return Move.GRAVER if steps > 0 else Move.LESS_GRAVE


def _by_name(tallies: Mapping[str, Tally]) -> list[Tally]:
    return sorted(tallies.values(), key=lambda one: (one.name, one.code))


def biggest(viewer: Viewer, asked: WhatIf, most: int) -> Iterable[WhatIfResult]:
    """Return the groups that move by most bands, then by most points. One query."""
    return (
        results(viewer, asked)
        .exclude(steps=0)
        .annotate(far=Abs("steps"), points=Abs(F("value_after") - F("value_before")))
        .order_by("-far", "-points", "id")
        .select_related("group", "owner", "threat")[:most]
    )
