"""Invented judgements and bands: what people made of the reports."""

from typing import Final

from scoring.demonstration.plans import (
    AWARENESS,
    CASH,
    COHESION,
    COMMODITY,
    DRUGS,
    ENVIRONMENT,
    EXPERTISE,
    FRAUD,
    HIGH,
    IMMIGRATION,
    INFILTRATION,
    LINKS,
    LOW,
    MEDIUM,
    NIL,
    REACH,
    SEXUAL,
    THEFT,
    VIOLENCE,
    BandPlan,
    JudgementPlan,
)

_DURHAM: Final = "supervisor.durham"
_NORTHUMBRIA: Final = "supervisor.northumbria"
_LEAD: Final = "lead.nerocu"
_YORKSHIRE: Final = "lead.yhrocu"
_LONDON: Final = "supervisor.metropolitan"
_SCOTLAND: Final = "supervisor.police-scotland"
_NATION: Final = "nca.supervisor"
_NOTHING: Final = (
    "No report of the last 24 months says anything of the kind, and the force collects "
    "on it: judged nil rather than left unknown."
)


def _nothing(group: str, author: str, *attributes: str) -> JudgementPlan:
    return JudgementPlan(
        group=group,
        author=author,
        levels=dict.fromkeys(attributes, NIL),
        rationale=_NOTHING,
    )


JUDGEMENTS: Final = (
    JudgementPlan(
        group="larkspur",
        author=_DURHAM,
        levels={DRUGS: HIGH},
        cites=("larkspur-line", "larkspur-vehicles"),
        rationale="The orders on the seized handset and the nightly journeys agree: "
        "daily supply in four towns over at least two months.",
    ),
    JudgementPlan(
        group="larkspur",
        author=_DURHAM,
        levels={AWARENESS: MEDIUM},
        cites=("larkspur-phones",),
        rationale="Handsets are changed and burnt, but the same houses are used for "
        "months and nobody looks out for surveillance.",
    ),
    _nothing("larkspur", _DURHAM, SEXUAL, ENVIRONMENT, IMMIGRATION, COMMODITY),
    _nothing("brackenhill", "analyst.durham", DRUGS, SEXUAL, ENVIRONMENT, IMMIGRATION),
    _nothing("quillmark", _DURHAM, DRUGS, SEXUAL, VIOLENCE, ENVIRONMENT),
    JudgementPlan(
        group="hawkmoth",
        author=_DURHAM,
        levels={VIOLENCE: HIGH, COMMODITY: HIGH},
        cites=("hawkmoth-lathe", "hawkmoth-buyers"),
        rationale="What it sells has been used twice this year.",
    ),
    _nothing("hawkmoth", _DURHAM, DRUGS, SEXUAL, FRAUD, IMMIGRATION),
    JudgementPlan(
        group="vesper",
        author=_LEAD,
        levels={FRAUD: HIGH, CASH: HIGH},
        cites=("vesper-restaurants", "vesper-freight"),
        rationale="Declared takings are three times what the restaurants can serve, and "
        "the list found with the freight gives the sums that are to be explained.",
    ),
    JudgementPlan(
        group="vesper",
        author=_LEAD,
        levels={INFILTRATION: HIGH},
        cites=("vesper-port",),
        rationale="Two payments and two consignments that were let through fall together.",
    ),
    _nothing("vesper", _LEAD, THEFT, SEXUAL, IMMIGRATION, ENVIRONMENT),
    JudgementPlan(
        group="harbourlight",
        author=_LEAD,
        levels={VIOLENCE: HIGH},
        cites=("harbourlight-shots",),
        rationale="Two of four shootings are tied to one pistol; the dispute goes on.",
    ),
    _nothing("harbourlight", _LEAD, SEXUAL, IMMIGRATION, ENVIRONMENT, THEFT),
    JudgementPlan(
        group="copperline",
        author=_LEAD,
        levels={EXPERTISE: MEDIUM},
        cites=("copperline-cable", "copperline-reach"),
        rationale="They know the cable and the permits, but the tools are ordinary.",
    ),
    _nothing("copperline", _LEAD, DRUGS, SEXUAL, IMMIGRATION),
    JudgementPlan(
        group="thistledown",
        author=_LEAD,
        levels={IMMIGRATION: HIGH, COHESION: HIGH},
        cites=("thistledown-house",),
        rationale="Eleven people in one house, papers locked away, one family in "
        "command.",
    ),
    _nothing("thistledown", _LEAD, DRUGS, ENVIRONMENT),
    _nothing("blackdamp", _LEAD, DRUGS, SEXUAL, VIOLENCE, IMMIGRATION),
    JudgementPlan(
        group="meridian",
        author=_LEAD,
        levels={LINKS: HIGH},
        cites=("meridian-handsets",),
        rationale="Four groups of the region buy from it; it lives by them.",
    ),
    _nothing("meridian", _LEAD, SEXUAL, VIOLENCE, ENVIRONMENT),
    _nothing("aldergrove", _YORKSHIRE, SEXUAL, ENVIRONMENT, THEFT),
    _nothing(
        "fellside", "analyst.west-yorkshire", DRUGS, SEXUAL, VIOLENCE, ENVIRONMENT
    ),
    JudgementPlan(
        group="coldwater",
        author=_YORKSHIRE,
        levels={SEXUAL: HIGH, REACH: LOW},
        cites=("coldwater-adverts",),
        rationale="Eleven adverts and one telephone; all the flats are in the region.",
    ),
    _nothing("coldwater", _YORKSHIRE, DRUGS, THEFT, FRAUD, ENVIRONMENT),
    JudgementPlan(
        group="cinnabar",
        author="analyst.metropolitan",
        levels={FRAUD: HIGH},
        cites=("cinnabar-tokens", "cinnabar-companies"),
        rationale="The ledger and the companies' accounts tell of the same money.",
    ),
    _nothing("cinnabar", "analyst.metropolitan", VIOLENCE, SEXUAL, IMMIGRATION),
    JudgementPlan(
        group="corrieview",
        author="analyst.police-scotland",
        levels={DRUGS: HIGH},
        cites=("corrieview-supply",),
        rationale="Resupply every ten days over half a year.",
    ),
    _nothing("corrieview", "analyst.police-scotland", SEXUAL, ENVIRONMENT),
    JudgementPlan(
        group="semaphore",
        author="supervisor.btp",
        levels={COHESION: LOW, CASH: LOW},
        cites=("semaphore-trains",),
        rationale="One card and one person at the station; those sent change weekly.",
    ),
    _nothing("semaphore", "supervisor.btp", THEFT, SEXUAL, FRAUD, ENVIRONMENT),
    JudgementPlan(
        group="obelisk",
        author="nca.officer",
        levels={DRUGS: HIGH, INFILTRATION: HIGH},
        cites=("obelisk-ports",),
        rationale="Eleven containers in a quarter need standing access at both ports.",
    ),
)

# Nobody confirms what they submitted, or alone judged.
BANDS: Final = (
    BandPlan(
        group="vesper",
        author=_NORTHUMBRIA,
        reason="Agreed at the regional meeting: the computed band stands.",
    ),
    BandPlan(
        group="harbourlight",
        author=_LEAD,
        band="2b",
        reason="One band higher than computed is proposed while the shootings go on.",
        expires=45,
    ),
    BandPlan(
        group="thistledown",
        author=_NORTHUMBRIA,
        reason="Agreed at the regional meeting.",
    ),
    BandPlan(
        group="copperline",
        author=_NORTHUMBRIA,
        reason="Agreed at the regional meeting; review overdue since.",
        expires=60,
    ),
    BandPlan(
        group="corrieview",
        author=_SCOTLAND,
        reason="Agreed at the force's own meeting.",
    ),
    BandPlan(
        group="brackenhill",
        author=_DURHAM,
        reason="Agreed at the force's monthly meeting.",
    ),
    BandPlan(
        group="fellside",
        author=_YORKSHIRE,
        reason="Agreed with the forces that lose the cars.",
    ),
    BandPlan(
        group="cinnabar",
        author=_LONDON,
        reason="Agreed with the NCA; money laundering alone keeps the number low.",
    ),
    BandPlan(
        group="obelisk",
        author=_NATION,
        reason="Agreed at national tasking.",
        expires=365,
    ),
)
