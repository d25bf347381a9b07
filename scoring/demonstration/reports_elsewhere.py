"""Invented reports of forces outside the North East, and of the NCA."""

from typing import Final

from scoring.demonstration.plans import (
    AWARENESS,
    CASH,
    COHESION,
    COMMODITY,
    CORRUPTION,
    DRUGS,
    ENTERPRISES,
    EXPERTISE,
    FRAUD,
    HIGH,
    IMMIGRATION,
    INFILTRATION,
    LINKS,
    LOW,
    MEDIUM,
    MOBILITY,
    REACH,
    SEXUAL,
    THEFT,
    VIOLENCE,
    ReportPlan,
)

_WEST: Final = "analyst.west-yorkshire"
_YORKSHIRE: Final = "lead.yhrocu"
_LONDON: Final = "supervisor.metropolitan"
_SCOTLAND: Final = "supervisor.police-scotland"
_RAIL: Final = "supervisor.btp"
_NATION: Final = "nca.supervisor"

REPORTS: Final = (
    ReportPlan(
        key="aldergrove-houses",
        author=_WEST,
        grade="1AP",
        days=45,
        sharing="region",
        groups=("aldergrove",),
        people=("ellerwright",),
        claims={DRUGS: HIGH, CASH: HIGH, COHESION: MEDIUM},
        text="Six houses with 1,900 plants were found in one week. All had been let a "
        "year ahead through ELLERWRIGHT.",
    ),
    ReportPlan(
        key="aldergrove-meters",
        author=_WEST,
        grade="1BP",
        days=40,
        groups=("aldergrove",),
        people=("flintoway",),
        claims={FRAUD: MEDIUM, EXPERTISE: MEDIUM, REACH: LOW},
        text="FLINTOWAY takes the supply past the meter in each house; the loss is put "
        "at £400,000.",
    ),
    ReportPlan(
        key="aldergrove-gardeners",
        author=_YORKSHIRE,
        grade="2BC",
        recipients="force_rocu_nca",
        days=32,
        groups=("aldergrove",),
        claims={IMMIGRATION: MEDIUM},
        text="Three people found in the houses had been brought there in the dark and "
        "told not to go out.",
    ),
    ReportPlan(
        key="fellside-relay",
        author=_WEST,
        grade="1AP",
        days=75,
        sharing="all_forces",
        groups=("fellside",),
        people=("jarrowmere",),
        claims={THEFT: HIGH, EXPERTISE: HIGH, REACH: HIGH},
        text="Nine cars from four forces were found in two containers. JARROWMERE's "
        "relay aerials were in the tractor unit.",
    ),
    ReportPlan(
        key="fellside-plates",
        author=_WEST,
        grade="2BP",
        days=68,
        groups=("fellside",),
        people=("kelderby",),
        claims={FRAUD: MEDIUM, COHESION: LOW, MOBILITY: HIGH},
        text="KELDERBY prints plates to order and opens accounts with parking firms to "
        "match.",
    ),
    ReportPlan(
        key="coldwater-adverts",
        author=_YORKSHIRE,
        grade="1BP",
        days=49,
        groups=("coldwater",),
        people=("mallowfield",),
        claims={SEXUAL: HIGH, IMMIGRATION: MEDIUM},
        text="One telephone of MALLOWFIELD answers for eleven adverts under different "
        "names. The flats change every week.",
    ),
    ReportPlan(
        key="coldwater-minder",
        author=_YORKSHIRE,
        grade="2CP",
        days=30,
        groups=("coldwater",),
        people=("nethercrag",),
        claims={VIOLENCE: MEDIUM, CASH: LOW},
        text="NETHERCRAG sits outside the flats and keeps the keys.",
    ),
    ReportPlan(
        key="cinnabar-tokens",
        author=_LONDON,
        grade="1AP",
        days=58,
        sharing="all_forces",
        groups=("cinnabar", "vesper"),
        people=("pinnacleby",),
        claims={FRAUD: HIGH, CASH: HIGH, REACH: HIGH, LINKS: HIGH},
        text="A ledger of collections by token in eleven forces was found. The numbers "
        "of two banknotes match collections for Vesper. PINNACLEBY keeps the rate.",
    ),
    ReportPlan(
        key="cinnabar-companies",
        author=_LONDON,
        grade="1BP",
        days=47,
        sharing="all_forces",
        groups=("cinnabar",),
        people=("ullathwell", "quarryhill-ames"),
        claims={ENTERPRISES: HIGH, EXPERTISE: HIGH, INFILTRATION: MEDIUM},
        text="ULLATHWELL formed forty companies at one address; twelve hold accounts "
        "through which £9 million went in a year.",
    ),
    ReportPlan(
        key="cinnabar-watch",
        author=_LONDON,
        grade="2BP",
        days=36,
        groups=("cinnabar",),
        claims={AWARENESS: HIGH, COHESION: MEDIUM},
        text="Couriers are followed by a second car and told to abandon a collection at "
        "the least doubt.",
    ),
    ReportPlan(
        key="corrieview-supply",
        author=_SCOTLAND,
        grade="1BP",
        days=51,
        sharing="all_forces",
        groups=("corrieview", "vesper"),
        people=("vallowmuir",),
        claims={DRUGS: HIGH, LINKS: HIGH, REACH: HIGH},
        text="VALLOWMUIR's drivers collect south of the border every ten days. The "
        "seller is Vesper.",
    ),
    ReportPlan(
        key="corrieview-firm",
        author=_SCOTLAND,
        grade="1AP",
        days=49,
        groups=("corrieview",),
        people=("whinbrae",),
        claims={FRAUD: HIGH, ENTERPRISES: HIGH, CASH: HIGH},
        text="A security firm in WHINBRAE's name bills sites that do not exist and pays "
        "wages to members.",
    ),
    ReportPlan(
        key="corrieview-fire",
        author=_SCOTLAND,
        grade="2BP",
        days=35,
        groups=("corrieview",),
        people=("yarrowlaw",),
        claims={VIOLENCE: HIGH, COHESION: HIGH},
        text="Three vehicles of a rival firm were burnt in one night; YARROWLAW was "
        "treated for burns the next day.",
    ),
    ReportPlan(
        key="semaphore-trains",
        author=_RAIL,
        grade="1AP",
        days=14,
        sharing="all_forces",
        groups=("semaphore",),
        people=("dunmallet-ray",),
        claims={DRUGS: HIGH, REACH: MEDIUM},
        text="Tickets for nineteen journeys by young people were bought with one card. "
        "DUNMALLET-RAY meets them at the station.",
    ),
    ReportPlan(
        key="semaphore-knife",
        author=_RAIL,
        grade="2CP",
        days=10,
        groups=("semaphore",),
        claims={VIOLENCE: MEDIUM},
        text="A boy was searched by others on a platform and cut when nothing was found "
        "on him.",
    ),
    ReportPlan(
        key="obelisk-ports",
        author=_NATION,
        grade="1BP",
        days=72,
        sharing="all_forces",
        groups=("obelisk",),
        people=("garthomlock-wye",),
        claims={
            DRUGS: HIGH,
            COMMODITY: HIGH,
            REACH: HIGH,
            INFILTRATION: HIGH,
            CORRUPTION: HIGH,
        },
        text="Space in eleven containers was paid for at two ports in a quarter. "
        "GARTHOMLOCK-WYE arranges it through people who work there.",
    ),
    ReportPlan(
        key="obelisk-money",
        author=_NATION,
        grade="1BP",
        days=70,
        sharing="all_forces",
        groups=("obelisk", "cinnabar"),
        people=("hartwhistle",),
        claims={FRAUD: HIGH, CASH: HIGH, LINKS: HIGH, VIOLENCE: HIGH},
        text="HARTWHISTLE settles through Cinnabar. A debt of last year ended with a "
        "kidnap abroad.",
    ),
    ReportPlan(
        key="obelisk-discipline",
        author="nca.officer",
        grade="2BC",
        recipients="uk_law_enforcement",
        days=33,
        sharing="all_forces",
        groups=("obelisk",),
        claims={COHESION: HIGH, EXPERTISE: HIGH, AWARENESS: HIGH},
        text="Each consignment has its own crew, and no crew knows another. Telephones "
        "last for one consignment.",
    ),
    ReportPlan(
        key="lodestone-broker",
        author="nca.officer",
        grade="2CP",
        days=105,
        sharing="all_forces",
        groups=("lodestone",),
        people=("jarrowcastle",),
        claims={FRAUD: MEDIUM, COMMODITY: HIGH},
        text="JARROWCASTLE books goods under sanctions as farm machinery and pays a "
        "broker abroad for the papers.",
    ),
    ReportPlan(
        key="quillmark-accounts",
        author="nca.officer",
        grade="1AC",
        recipients="originator_only",
        note="Refer every request to the originator.",
        days=17,
        sharing="organisation",
        sharing_reason="The account holder would learn of the inquiry abroad.",
        groups=("quillmark",),
        claims={CASH: HIGH},
        text="Money of the Quillmark calls leaves through three accounts abroad within "
        "an hour of each payment.",
    ),
)
