"""The published scoring schemes, as frozen tables, and the way to look one up.

A published scheme is never edited: a new version is added beside the old one. A
test pins the digest of each, so that an edit fails.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from scoring.engine.attributes import Level, UnknownNameError
from scoring.engine.policy import Axis, Cut, EvidenceRule, Factor, Scheme

_USABLE: Final = EvidenceRule(worst_source=2, assessments=frozenset("ABC"))
_WELL_FOUNDED: Final = EvidenceRule(worst_source=1, assessments=frozenset("AB"))
_DOUBLING: Final[Mapping[Level, int]] = MappingProxyType(
    {Level.NIL: 0, Level.LOW: 1, Level.MEDIUM: 2, Level.HIGH: 4}
)

SLEIPNIR_2000: Final = Scheme(
    key="sleipnir-2000",
    version="1",
    title="Sleipnir (19 attributes)",
    standing=(
        "As described by Dustin K. MacDonald, citing RCMP 2000 and Strang. A secondary "
        "description; meant for strategic comparison and for finding gaps, not for "
        "tactical use. The weights are opinion: analysts differ on them."
    ),
    rationale=(
        "Weights, multipliers and unknown-as-medium are those of the description. The "
        "interval, the floor and the window are this system's additions."
    ),
    source="dustinkmacdonald.com/sleipnir-assessment-tool",
    effective_on=date(2025, 1, 1),
    axes=(
        Axis(
            key="threat",
            title="Threat",
            factors=(
                Factor("corruption", 19),
                Factor("violence", 18),
                Factor("infiltration", 17),
                Factor("expertise", 16),
                Factor("sophistication", 15),
                Factor("subversion", 14),
                Factor("strategy", 13),
                Factor("discipline", 12),
                Factor("insulation", 11),
                Factor("intelligence_use", 10),
                Factor("multiple_enterprises", 9),
                Factor("mobility", 8),
                Factor("stability", 7),
                Factor("scope", 6),
                Factor("monopoly", 5),
                Factor("group_cohesiveness", 4),
                Factor("continuity", 3),
                Factor("links_to_other_oc_groups", 2),
                Factor("links_to_criminal_extremist_groups", 1),
            ),
        ),
    ),
    multipliers=_DOUBLING,
    unknown_as=Level.MEDIUM,
    usable=_USABLE,
    floor_rule=_WELL_FOUNDED,
    window_months=24,
)

OCGM16_LOCAL: Final = Scheme(
    key="ocgm16-local",
    version="1",
    title="OCGM-16, local configuration",
    standing=(
        "Local configuration. The 16 attributes are those of a government prototype; "
        "the split into two axes, the points and the bands are this system's own "
        "choice. This is not the national organised crime group mapping score."
    ),
    rationale=(
        "Weights and bands of organised crime group mapping are not published, so the "
        "choice made here is one that is easy to argue about. Every attribute weighs "
        "the same. The number is how many kinds of crime stand at high, or their "
        "equivalent: 16 points are four at high or eight at medium. The letter is a "
        "from four abilities at high, or eight at medium. An unknown counts as nil in "
        "the value, so that no point and no band stands without evidence behind it and "
        "a new claim can only raise them; what the unknowns could add is the interval, "
        "of points and of bands."
    ),
    source=(
        "Attributes: Ministry of Justice prototype gangs-prototype, "
        "app/sources/ocg-assessment-fields.json, October 2017. "
        "Axes, points and bands: local configuration."
    ),
    effective_on=date(2025, 1, 1),
    axes=(
        Axis(
            key="criminality",
            title="Criminality",
            factors=(
                Factor("violent_criminal_activity", 1),
                Factor("drug_activity", 1),
                Factor("fraud_and_financial_crime", 1),
                Factor("organised_theft", 1),
                Factor("commodity_importation_counterfeiting_or_illegal_supply", 1),
                Factor("sexual_offences", 1),
                Factor("organised_immigration_crime", 1),
                Factor("environmental_crime", 1),
            ),
            cuts=(Cut("1", 16), Cut("2", 12), Cut("3", 8), Cut("4", 4), Cut("5", 0)),
        ),
        Axis(
            key="intent_and_capability",
            title="Intent and capability",
            factors=(
                Factor("cash_flow_financial_worth", 1),
                Factor("multiple_enterprises", 1),
                Factor("links_to_other_ocgs", 1),
                Factor("geographical_scope", 1),
                Factor("cohesion", 1),
                Factor("infiltration", 1),
                Factor("expertise", 1),
                Factor("tactical_awareness", 1),
            ),
            cuts=(Cut("a", 16), Cut("b", 8), Cut("c", 0)),
        ),
    ),
    multipliers=_DOUBLING,
    unknown_as=Level.NIL,
    usable=_USABLE,
    floor_rule=_WELL_FOUNDED,
    window_months=24,
)

# Newest version last within one key.
SCHEMES: Final[tuple[Scheme, ...]] = (SLEIPNIR_2000, OCGM16_LOCAL)
PRIMARY: Final = OCGM16_LOCAL
SCHEME_KEYS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(scheme.key for scheme in SCHEMES)
)


def scheme_named(key: str, version: str | None = None) -> Scheme:
    """Return the scheme with this key, in this version or else in its newest.

    Raises:
        UnknownNameError: there is no such scheme, or no such version of it.
    """
    for scheme in reversed(SCHEMES):
        if scheme.key == key and version in (None, scheme.version):
            return scheme
    names = ", ".join(f"{scheme.key} version {scheme.version}" for scheme in SCHEMES)
    wanted = key if version is None else f"{key} version {version}"
    raise UnknownNameError(
        f"scheme: there is no scheme {wanted!r}. Use one of: {names}.",
        field="scheme",
        rule="A scheme is one of the published versions.",
        cure=f"Use one of: {names}.",
    )
