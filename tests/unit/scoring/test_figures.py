"""Adding up cells, and the shape that is printed."""

from scoring.engine import INSUFFICIENT
from scoring.picture import Coverage, Figures, RegionFigures, figures_json
from scoring.picture.figures import Cell, ThreatCodes, add

CODES = ThreatCodes({1: "illegal-drugs", None: "none"}, ("illegal-drugs", "none"))


def test_cells_add_up() -> None:
    figures = Figures()
    CODES.blank(figures)
    add(figures, Cell(None, "1a", "illegal-drugs", "force", 3, 12, 1, 2, 3))
    add(figures, Cell(7, INSUFFICIENT, "none", "none", 1, 0, 0, 1, 0))
    assert (figures.groups, figures.memberships, figures.overdue) == (4, 12, 1)
    assert (figures.awaiting_confirmation, figures.unjudged) == (3, 3)
    assert (figures.bands["1a"], figures.bands["5c"]) == (3, 0)
    assert figures.insufficient == 1
    assert figures.threats == {"illegal-drugs": 3, "none": 1}
    assert figures.tiers == {"force": 3, "regional": 0, "national": 0, "none": 1}
    assert figures.bands_by_threat == {
        "illegal-drugs": {"1a": 3},
        "none": {INSUFFICIENT: 1},
    }


def test_json_has_regions_for_the_nation_only() -> None:
    figures = Figures()
    CODES.blank(figures)
    keys = [
        *("groups", "memberships", "bands", "threats", "tiers", "overdue"),
        "awaiting_confirmation",
    ]
    assert list(figures_json(figures)) == keys
    figures.regions.append(RegionFigures(code="none", name="No region"))
    printed = figures_json(figures)
    assert list(printed) == [*keys, "regions"]
    assert list(printed["regions"][0]) == ["code", "name", *keys]


def test_coverage_is_complete_when_nothing_is_outstanding() -> None:
    assert Coverage(due=2, received=2).is_complete
    assert not Coverage(due=2, received=1, outstanding=1).is_complete
