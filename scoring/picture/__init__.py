"""The picture of any part of the country, as one reader may see it at any moment.

A figure is a sum over lines, and the list behind it is the same lines: `read` counts
what `lines` (with `live_lines`) returns. A reader's line of a group is the visible one
of highest rank, which holds just what they may see; raw lines and any breakdown by
label are never shown.
"""

from scoring.picture.figures import (
    Coverage,
    Figures,
    Freshness,
    RegionFigures,
    Tally,
    figures_json,
)
from scoring.picture.filters import BANDS, Moment, PictureFilters, moment_of
from scoring.picture.lines import lines, live_lines
from scoring.picture.movement import Move, MoveKind, Movement, movement
from scoring.picture.reading import read
from scoring.picture.reasons import Reason, reasons_of
from scoring.picture.scopes import (
    NATIONAL,
    PictureScope,
    ScopeKind,
    owners_in,
    parse_scope,
    places_on,
)

__all__ = [
    "BANDS",
    "NATIONAL",
    "Coverage",
    "Figures",
    "Freshness",
    "Moment",
    "Move",
    "MoveKind",
    "Movement",
    "PictureFilters",
    "PictureScope",
    "Reason",
    "RegionFigures",
    "ScopeKind",
    "Tally",
    "figures_json",
    "lines",
    "live_lines",
    "moment_of",
    "movement",
    "owners_in",
    "parse_scope",
    "places_on",
    "read",
    "reasons_of",
]
