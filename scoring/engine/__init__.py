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
from scoring.engine.schemes import (
    OCGM16_LOCAL,
    PRIMARY,
    SCHEME_KEYS,
    SCHEMES,
    SLEIPNIR_2000,
    scheme_named,
)
from scoring.engine.waterfall import Cause, Part, Shown, Step, Waterfall, waterfall

__all__ = [
    "CATALOGUE",
    "INSUFFICIENT",
    "OCGM16_LOCAL",
    "PRIMARY",
    "SCHEMES",
    "SCHEME_KEYS",
    "SLEIPNIR_2000",
    "Agreement",
    "Attribute",
    "AttributeReading",
    "AxisResult",
    "Cause",
    "Claim",
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
    "Part",
    "Reading",
    "Result",
    "Scheme",
    "Shown",
    "Step",
    "UnknownNameError",
    "Waterfall",
    "age_of",
    "agreement",
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
    "scheme_digest",
    "scheme_named",
    "score",
    "score_levels",
    "score_under",
    "total",
    "waterfall",
]
