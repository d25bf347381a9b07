"""The picture of any part of the country, as one reader may see it at any moment.

A figure is a sum over lines, and the list behind it is the same lines: `read` counts
what `lines` (with `live_lines`) returns. A reader's line of a group is the visible one
of highest rank, which holds just what they may see; raw lines and any breakdown by
label are never shown.
"""

from scoring.picture.band_history import BandSpell, band_history, spells
from scoring.picture.boundaries import SOURCE, bounds, outlines
from scoring.picture.breakdown import Breakdown, Part
from scoring.picture.crossing import groups_across
from scoring.picture.debts import Debt, debts
from scoring.picture.figures import (
    Coverage,
    Figures,
    Freshness,
    RegionFigures,
    Tally,
    figures_json,
)
from scoring.picture.filters import BANDS, Criterion, Moment, PictureFilters, moment_of
from scoring.picture.group_links import LinkedGroups, linked_groups
from scoring.picture.involvements import (
    involvements,
    involvements_by_kind,
    members,
    members_by_standing,
)
from scoring.picture.lines import lines, lines_of, live_lines, live_lines_of
from scoring.picture.movement import Move, MoveKind, Movement, movement
from scoring.picture.populations import POPULATION_OF, populations
from scoring.picture.published import PublishedFigure, published_figures
from scoring.picture.ranking import Rank, ranks_of
from scoring.picture.reading import read
from scoring.picture.reasons import Reason, reasons_of
from scoring.picture.scopes import (
    NATIONAL,
    PictureScope,
    Place,
    ScopeKind,
    common_to,
    owners_in,
    parse_scope,
    places_on,
)
from scoring.picture.trend import Point, first_day, trend
from scoring.picture.waiting import queued

__all__ = [
    "BANDS",
    "NATIONAL",
    "POPULATION_OF",
    "SOURCE",
    "BandSpell",
    "Breakdown",
    "Coverage",
    "Criterion",
    "Debt",
    "Figures",
    "Freshness",
    "LinkedGroups",
    "Moment",
    "Move",
    "MoveKind",
    "Movement",
    "Part",
    "PictureFilters",
    "PictureScope",
    "Place",
    "Point",
    "PublishedFigure",
    "Rank",
    "Reason",
    "RegionFigures",
    "ScopeKind",
    "Tally",
    "band_history",
    "bounds",
    "common_to",
    "debts",
    "figures_json",
    "first_day",
    "groups_across",
    "involvements",
    "involvements_by_kind",
    "lines",
    "lines_of",
    "linked_groups",
    "live_lines",
    "live_lines_of",
    "members",
    "members_by_standing",
    "moment_of",
    "movement",
    "outlines",
    "owners_in",
    "parse_scope",
    "places_on",
    "populations",
    "published_figures",
    "queued",
    "ranks_of",
    "read",
    "reasons_of",
    "spells",
    "trend",
]
