"""What is true of a group: the levels of its attributes, and which nobody knows."""

from collections.abc import Mapping
from typing import Final

from scoring.demonstration.nation.planning.spread import Chance, at, even
from scoring.demonstration.nation.planning.work import Group, Work
from scoring.engine import PRIMARY

ATTRIBUTES: Final = PRIMARY.attribute_keys()
# Attributes that only the other scheme asks for; a report may speak of them too.
OTHERS: Final = (
    "corruption",
    "violence",
    "discipline",
    "insulation",
    "mobility",
    "stability",
)
_CRIMES: Final = tuple(factor.attribute for factor in PRIMARY.axes[0].factors)
# What a threat without an attribute of its own shows in.
_STANDS_FOR: Final[Mapping[str, str]] = {
    "illegal-firearms": "violent_criminal_activity",
    "money-laundering": "fraud_and_financial_crime",
    "modern-slavery-and-human-trafficking": "organised_immigration_crime",
    "cyber-crime": "fraud_and_financial_crime",
    "bribery-corruption-and-sanctions": "fraud_and_financial_crime",
}
# How many of the sixteen nobody knows: about a fifth on average, and for a few groups
# more than half.
_UNKNOWN: Final[Mapping[int, float]] = {
    0: 0.10,
    1: 0.16,
    2: 0.20,
    3: 0.18,
    4: 0.14,
    5: 0.09,
    6: 0.05,
    7: 0.03,
    9: 0.02,
    10: 0.015,
    12: 0.015,
}
_CHIEF: Final = ("low", "medium", "medium", "high", "high")
_ABILITY: Final = ("nil", "low", "low", "medium", "medium", "high")


def fill_levels(work: Work, group: Group) -> None:
    """Give the group its levels, graver the more severe it is, and its unknowns."""
    chance = work.chance
    count = at(_UNKNOWN, even(work.seed, "unknown", group.index))
    chief = {_attribute(work, threat) for threat in group.threats}
    others = [key for key in ATTRIBUTES if key not in chief]
    group.unknown = frozenset(chance.sample(others, min(count, len(others))))
    for key in ATTRIBUTES:
        if key not in group.unknown:
            group.levels[key] = _level(chance, key, chief, group.severity)


def _attribute(work: Work, threat: str) -> str:
    return work.country.attributes[threat] or _STANDS_FOR[threat]


def _level(chance: Chance, key: str, chief: set[str], severity: float) -> str:
    if key in chief:
        return _on(_CHIEF, severity, chance)
    if key in _CRIMES:
        if not chance.hits(0.12 + 0.45 * severity):
            return "nil"
        return _on(("low", "low", "medium", "high"), severity, chance)
    return _on(_ABILITY, severity, chance)


def _on(ladder: tuple[str, ...], severity: float, chance: Chance) -> str:
    """Return a rung near the severity."""
    place = (severity + chance.uniform(-0.35, 0.35)) * len(ladder)
    return ladder[min(max(int(place), 0), len(ladder) - 1)]
