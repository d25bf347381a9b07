"""Read one reader's figures: a sum over the greatest visible line of each group."""

import datetime

from accounts.visibility import Viewer
from scoring.assembly import primary_in_use
from scoring.picture import queries, scopes
from scoring.picture.breakdown import blank, shares_of
from scoring.picture.figures import (
    Cell,
    Figures,
    RegionFigures,
    add,
    cells_of,
)
from scoring.picture.filters import PictureFilters, moment_of
from scoring.picture.lines import live_groups, score_live
from scoring.picture.queries import Counts, Ground
from scoring.picture.scopes import PictureScope, ScopeKind

Parts = dict[int | None, RegionFigures]


def read(
    viewer: Viewer, scope: PictureScope, at: datetime.date | None = None
) -> Figures:
    """Return the figures that ``viewer`` sees for ``scope`` at the end of a day.

    Mapped, active groups count once each, by the primary scheme. Without a day, or
    with today's, the figures are those of now.

    Raises:
        UnknownFilter: the day is still to come.
    """
    moment = moment_of(at)
    ground = queries.ground_of(viewer, scope, moment)
    figures = Figures(
        scope=scope.key,
        day=moment.day,
        is_now=moment.is_now,
        version=ground.version,
    )
    ground.codes.blank(figures)
    figures.breakdown = blank(scope, ground.places, ground.owners)
    parts = _regions(ground) if scope.kind is ScopeKind.NATIONAL else {}
    counts = queries.counts(ground)
    figures.disposed = counts.disposed
    if ground.has_live:
        _add_live(ground, counts, figures)
    for cell in counts.cells:
        _count(cell, figures, parts)
    for share in counts.shares:
        figures.breakdown.add(share)
    if scope.kind is ScopeKind.REGION and scope.organisation is None:
        figures.breakdown.drop_empty()
    figures.regions = list(parts.values())
    figures.freshness, figures.coverage = queries.caveats(ground, counts.changed_at)
    return figures


def _regions(ground: Ground) -> Parts:
    """Return an empty tally for each region, in order of name, and one for the rest."""
    found: Parts = {
        place.id: RegionFigures(code=place.code, name=place.name)
        for place in ground.places
        if place.is_region
    }
    found[None] = RegionFigures(code=scopes.NO_REGION, name=scopes.NO_REGION_NAME)
    for part in found.values():
        ground.codes.blank(part)
    return found


def _count(cell: Cell, figures: Figures, parts: Parts) -> None:
    add(figures, cell)
    if parts:
        add(parts[cell.region], cell)


def _add_live(ground: Ground, counts: Counts, figures: Figures) -> None:
    """Add the groups that are scored at read; of a past day, say how many are not."""
    live = live_groups(ground.viewer, ground.owners, PictureFilters().of_groups())
    if not ground.moment.is_now:
        figures.not_recorded = len(live)
        return
    found = score_live(ground.viewer, live, primary_in_use(), ground.moment)
    day = ground.moment.day
    counts.cells += cells_of(found, ground.regions(), ground.codes, day)
    counts.shares += shares_of(found, day)
