"""The scoring engine: frozen facts in, a result with a reason for every point out.

Owns the catalogue of attributes, the published schemes and the arithmetic. Promises
the same result for the same facts, whatever their order, with no clock, no
database and no framework. May import `ocgmap.common.errors` and nothing else of the
project.
"""

from scoring.engine.attributes import (
    CATALOGUE,
    Attribute,
    Level,
    UnknownNameError,
    parse_attribute,
    parse_level,
)
from scoring.engine.authorship import rests_on_own
from scoring.engine.combine import floor, score, score_levels, total
from scoring.engine.comparison import Compared, PointsChange, compared
from scoring.engine.facts import (
    Claim,
    GroupFacts,
    JudgementFact,
    facts_digest,
    own_first,
)
from scoring.engine.floors import EvidenceFilter, score_under
from scoring.engine.fragility import Finding, Fragility, fragility
from scoring.engine.honesty import (
    Agreement,
    EvidenceAge,
    age_of,
    agreement,
    most_points,
)
from scoring.engine.policy import INSUFFICIENT, EvidenceRule, Scheme, scheme_digest
from scoring.engine.reading import (
    AttributeReading,
    Evidence,
    Reading,
    next_change_on,
    read,
    reading_from_json,
)
from scoring.engine.results import AxisResult, FactorResult, Result
from scoring.engine.scheme_file import (
    SchemeFileRefusedError,
    SchemeProblem,
    rows_from,
)
from scoring.engine.scheme_rows import SchemeRow, rows_of, scheme_of
from scoring.engine.schemes import (
    OCGM16_LOCAL,
    PRIMARY,
    SCHEME_KEYS,
    SCHEMES,
    SLEIPNIR_2000,
    scheme_named,
)
from scoring.engine.waterfall import Cause, Part, Shown, Step, Waterfall, waterfall
from scoring.engine.yardstick import (
    YARDSTICK,
    YARDSTICKS,
    Estimate,
    Likelihood,
    Yardstick,
    estimate_of,
)

__all__ = [
    "CATALOGUE",
    "INSUFFICIENT",
    "OCGM16_LOCAL",
    "PRIMARY",
    "SCHEMES",
    "SCHEME_KEYS",
    "SLEIPNIR_2000",
    "YARDSTICK",
    "YARDSTICKS",
    "Agreement",
    "Attribute",
    "AttributeReading",
    "AxisResult",
    "Cause",
    "Claim",
    "Compared",
    "Estimate",
    "Evidence",
    "EvidenceAge",
    "EvidenceFilter",
    "EvidenceRule",
    "FactorResult",
    "Finding",
    "Fragility",
    "GroupFacts",
    "JudgementFact",
    "Level",
    "Likelihood",
    "Part",
    "PointsChange",
    "Reading",
    "Result",
    "Scheme",
    "SchemeFileRefusedError",
    "SchemeProblem",
    "SchemeRow",
    "Shown",
    "Step",
    "UnknownNameError",
    "Waterfall",
    "Yardstick",
    "age_of",
    "agreement",
    "compared",
    "estimate_of",
    "facts_digest",
    "floor",
    "fragility",
    "most_points",
    "next_change_on",
    "own_first",
    "parse_attribute",
    "parse_level",
    "read",
    "reading_from_json",
    "rests_on_own",
    "rows_from",
    "rows_of",
    "scheme_digest",
    "scheme_named",
    "scheme_of",
    "score",
    "score_levels",
    "score_under",
    "total",
    "waterfall",
]
