"""The figures of a picture: what one reader's lines add up to."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from groups.models.crime_group import Tier
from scoring.engine import INSUFFICIENT
from scoring.models import PictureLine
from scoring.picture.breakdown import Breakdown
from scoring.picture.filters import AWAITING, BANDS, UNJUDGED, overdue_on


@dataclass(slots=True)
class Tally:
    """Counts over groups; `memberships` counts open memberships, not people.

    Every band and tier has a key, as has every threat type in force, and `none` for
    groups without one. `insufficient` is the count of that band.
    """

    groups: int = 0
    memberships: int = 0
    bands: dict[str, int] = field(default_factory=dict)
    threats: dict[str, int] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    awaiting_confirmation: int = 0
    unjudged: int = 0
    bands_by_threat: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def insufficient(self) -> int:
        """Return how many groups are known too little of to have a band."""
        return self.bands.get(INSUFFICIENT, 0)


@dataclass(slots=True)
class RegionFigures(Tally):
    """The part of the nation that one region is; code `none` for the rest."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the figures are, told only by what this reader may see.

    `changed_at` is when the newest of their lines began; `queued` counts their visible
    submissions that wait to be included, the oldest for so many seconds.
    """

    changed_at: datetime.datetime | None = None
    queued: int = 0
    oldest_queued_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which returns the figures rest on: those due within a year up to the day.

    `received` holds the nil ones and the late ones too; `missing` lists the codes of
    organisations with a return outstanding.
    """

    due: int = 0
    received: int = 0
    nil: int = 0
    late: int = 0
    outstanding: int = 0
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Return whether every return due has come in."""
        return not self.outstanding


@dataclass(slots=True)
class Figures(Tally):
    """One reader's figures for one scope and day.

    `not_recorded` counts groups that are scored at read, so are missing from a past
    day's figures; `disposed` counts groups of a past day whose record was disposed of
    since. `version` is that of the scheme whose bands are counted. `regions` is empty but
    for the nation, and adds up to it.
    """

    scope: str = ""
    day: datetime.date | None = None
    is_now: bool = True
    freshness: Freshness = field(default_factory=Freshness)
    coverage: Coverage = field(default_factory=Coverage)
    not_recorded: int = 0
    disposed: int = 0
    version: str = ""
    breakdown: Breakdown = field(default_factory=Breakdown)
    regions: list[RegionFigures] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThreatCodes:
    """The codes of the threat types, `none` for no threat, and those in force."""

    by_id: dict[int | None, str]
    in_force: tuple[str, ...]

    def blank(self, tally: Tally) -> None:
        """Give ``tally`` every key, at nought."""
        tally.bands = dict.fromkeys(BANDS, 0)
        tally.threats = dict.fromkeys(self.in_force, 0)
        tally.tiers = dict.fromkeys(Tier.values, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many groups of one region share a band, a threat and a tier, and more."""

    region: int | None
    band: str
    threat: str
    tier: str
    groups: int = 1
    memberships: int = 0
    overdue: int = 0
    awaiting: int = 0
    unjudged: int = 0


def cells_of(
    lines: Iterable[PictureLine],
    regions: dict[int, int],
    codes: ThreatCodes,
    day: datetime.date,
) -> Iterator[Cell]:
    """Yield a cell for each of these lines."""
    overdue = overdue_on(day)
    for line in lines:
        yield Cell(
            region=regions.get(line.owner_id),
            band=line.computed_band,
            threat=codes.by_id[line.predominant_threat_id],
            tier=line.tier,
            memberships=line.memberships,
            overdue=int(overdue.holds(line)),
            awaiting=int(AWAITING.holds(line)),
            unjudged=int(UNJUDGED.holds(line)),
        )


def add(tally: Tally, cell: Cell) -> None:
    """Count a cell into a tally."""
    tally.groups += cell.groups
    tally.memberships += cell.memberships
    tally.overdue += cell.overdue
    tally.awaiting_confirmation += cell.awaiting
    tally.unjudged += cell.unjudged
    for counts, key in (
        (tally.bands, cell.band),
        (tally.threats, cell.threat),
        (tally.tiers, cell.tier),
        (tally.bands_by_threat.setdefault(cell.threat, {}), cell.band),
    ):
        counts[key] = counts.get(key, 0) + cell.groups


def tally_json(tally: Tally) -> dict[str, Any]:
    """Return the counts of a tally in the shape that `manage.py figures` prints."""
    return {
        "groups": tally.groups,
        "memberships": tally.memberships,
        "bands": tally.bands,
        "threats": tally.threats,
        "tiers": tally.tiers,
        "overdue": tally.overdue,
        "awaiting_confirmation": tally.awaiting_confirmation,
    }


def figures_json(figures: Figures) -> dict[str, Any]:
    """Return the figures in the shape that `manage.py figures` and the API give.

    With `regions`, one of them "no region", for the nation only.
    """
    found = tally_json(figures)
    if figures.regions:
        found["regions"] = [
            {"code": region.code, "name": region.name, **tally_json(region)}
            for region in figures.regions
        ]
    return found
