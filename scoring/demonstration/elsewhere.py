"""Invented groups outside the North East, some of them in no region."""

from typing import Final

from scoring.demonstration.plans import Doing, GroupPlan, Person, Quantity

_WEST: Final = "analyst.west-yorkshire"
_YORKSHIRE: Final = "lead.yhrocu"
_LONDON: Final = "supervisor.metropolitan"
_SCOTLAND: Final = "supervisor.police-scotland"
_RAIL: Final = "supervisor.btp"
_NATION: Final = "nca.supervisor"

GROUPS: Final = (
    GroupPlan(
        key="aldergrove",
        owner="west-yorkshire",
        author=_WEST,
        mapped_by=_YORKSHIRE,
        name="Aldergrove group",
        operation="Operation Aldergrove",
        summary="Grows cannabis in rented houses on an industrial scale and uses debt "
        "to keep people tending it.",
        threat="illegal-drugs",
        tier="regional",
        sharing="region",
        review=35,
        since=610,
        people=(
            Person("Milo", "Ellerwright", "principal", "1979-03-14", "07700 900401"),
            Person("Tam", "Flintoway", "significant", "1988", vehicle="YJ00 ADG"),
            Person("Ines", "Gillowby", "significant", "1990"),
            Person("Cai", "Hazelmarsh", "peripheral", "1997", "07700 900402"),
        ),
        doings=(
            Doing(
                "illegal-drugs",
                "Twenty houses in rotation; rent is paid a year ahead.",
                offence="92A",
                places=(("group", "LS11"), ("harm", "west-yorkshire")),
                quantities=(Quantity("cannabis-plants", "6000", "8000", "plants"),),
            ),
        ),
    ),
    GroupPlan(
        key="fellside",
        owner="west-yorkshire",
        author=_WEST,
        mapped_by=_YORKSHIRE,
        name="Fellside group",
        summary="Steals high-value cars in several force areas and ships them in "
        "containers. Shared with all forces.",
        threat="organised-acquisitive-crime",
        tier="regional",
        sharing="all_forces",
        review=-15,
        since=380,
        people=(
            Person("Jonah", "Inkwell-Tarn", "principal", "1985", "07700 900410"),
            Person("Saul", "Jarrowmere", "significant", "1991", vehicle="YE00 FLS"),
            Person("Erin", "Kelderby", "significant", "1993"),
            Person("Brook", "Lindenshaw", "peripheral", "1999"),
        ),
        doings=(
            Doing(
                "organised-acquisitive-crime",
                "Keyless theft by relay, new plates within the hour.",
                offence="54",
                places=(
                    ("group", "BD4"),
                    ("harm", "west-yorkshire"),
                    ("harm", "durham"),
                ),
                quantities=(Quantity("vehicles", "45", "60", "items"),),
            ),
        ),
    ),
    GroupPlan(
        key="coldwater",
        owner="west-yorkshire",
        author=_YORKSHIRE,
        sent_by=_WEST,
        mapped_by=_YORKSHIRE,
        name="Coldwater group",
        summary="Sells sex by people it controls, in short lets across the region.",
        threat="modern-slavery-and-human-trafficking",
        tier="force",
        review=70,
        since=290,
        people=(
            Person("Lydia", "Mallowfield", "principal", "1983", "07700 900420"),
            Person("Otto", "Nethercrag", "significant", "1987"),
            Person("Perry", "Orchardlow", "significant", "1992"),
            Person(
                *("Woman in the second flat", "", "exploited"),
                why="Advertised under five names; does not choose where she stays.",
            ),
        ),
    ),
    GroupPlan(
        key="cinnabar",
        owner="metropolitan",
        author=_LONDON,
        sent_by="analyst.metropolitan",
        mapped_by=_LONDON,
        name="Cinnabar group",
        operation="Operation Cinnabar",
        summary="Offers laundering as a service: cash is collected anywhere in the "
        "country and paid out abroad within two days.",
        threat="money-laundering",
        other_threats=("fraud-and-other-economic-crime",),
        tier="national",
        lead="Det Supt V. Ashcombe-Ley",
        sharing="all_forces",
        review=50,
        since=1300,
        people=(
            Person("Adrian", "Pinnacleby", "principal", "1972-11-19", "07700 900501"),
            Person("Colette", "Quarryhill-Ames", "principal", "1979", "07700 900502"),
            Person("Idris", "Ravenglass-Orr", "significant", "1986"),
            Person("Thea", "Sorrelby", "significant", "1990", vehicle="LB00 CNB"),
            Person("Emeka", "Thornaby-Cole", "significant", "1988"),
            Person(
                *("Jerome", "Ullathwell", "professional_enabler", "1965"),
                why="Forms companies for the group and answers for their papers.",
            ),
        ),
        identifiers=(("company", "99000151"), ("company", "99000152")),
        doings=(
            Doing(
                "money-laundering",
                "Collections by token; accounts of people who lent their names.",
                offence="38",
                places=(
                    ("group", "metropolitan"),
                    ("harm", "northumbria"),
                    ("transit", "AE"),
                ),
                quantities=(Quantity("cash", "8000000", "12000000", "gbp"),),
            ),
        ),
    ),
    GroupPlan(
        key="corrieview",
        owner="police-scotland",
        author=_SCOTLAND,
        sent_by="analyst.police-scotland",
        mapped_by=_SCOTLAND,
        name="Corrieview group",
        summary="Buys from the Vesper group and supplies two cities north of the "
        "border; runs a security firm.",
        threat="illegal-drugs",
        tier="national",
        sharing="all_forces",
        review=100,
        since=1700,
        people=(
            Person("Ross", "Vallowmuir", "principal", "1976", "07700 900601"),
            Person("Shona", "Whinbrae", "principal", "1981-06-02"),
            Person("Greg", "Yarrowlaw", "significant", "1987", vehicle="SA00 CRV"),
            Person("Morven", "Aikenshaw-Blane", "significant", "1990"),
            Person("Rab", "Birkieknowe", "significant", "1993", "07700 900602"),
            Person("Euan", "Corbielaw", "peripheral", "1998"),
        ),
        identifiers=(("phone", "07700 900202"),),
        doings=(
            Doing(
                "illegal-drugs",
                "Resupply by road every ten days.",
                places=(("group", "police-scotland"), ("transit", "northumbria")),
                quantities=(Quantity("cocaine", "10", "18", "kg"),),
            ),
        ),
    ),
    GroupPlan(
        key="semaphore",
        owner="btp",
        author=_RAIL,
        sent_by="analyst.btp",
        mapped_by=_RAIL,
        name="Semaphore line",
        summary="Sends young people by train with drugs and money. Recorded by the "
        "railway's own force, which is in no region.",
        threat="illegal-drugs",
        kind="county_line",
        tier="force",
        sharing="all_forces",
        review=15,
        since=150,
        people=(
            Person("Holder of the line", "", "principal"),
            Person("Dexter", "Dunmallet-Ray", "significant", "1999", "07700 900701"),
            Person("Corey", "Elderwhin", "significant", "2001"),
            Person(
                *("Sam", "Fernacre", "exploited", "2011-02"),
                why="Met off three trains in a fortnight; reported missing each time.",
            ),
        ),
        identifiers=(("phone", "07700 900700"),),
    ),
    GroupPlan(
        key="obelisk",
        owner="nca",
        author=_NATION,
        sent_by="nca.officer",
        mapped_by=_NATION,
        name="Obelisk group",
        operation="Operation Obelisk",
        summary="Arranges consignments from abroad for buyers in several regions; its "
        "principals live outside the country.",
        threat="illegal-drugs",
        other_threats=("bribery-corruption-and-sanctions",),
        tier="national",
        sharing="all_forces",
        review=120,
        since=1100,
        people=(
            Person("Man known as Keel", "", "principal", gender="male"),
            Person("Magda", "Garthomlock-Wye", "principal", "1975"),
            Person("Silas", "Hartwhistle", "significant", "1982", "07700 900801"),
            Person("Noah", "Inverlaw", "significant", "1989"),
        ),
        doings=(
            Doing(
                "illegal-drugs",
                "Space in containers is bought from people inside two ports.",
                places=(("group", "ES"), ("transit", "NL"), ("harm", "metropolitan")),
                quantities=(Quantity("cocaine", "300", "500", "kg"),),
            ),
        ),
    ),
    GroupPlan(
        key="lodestone",
        owner="nca",
        author=_NATION,
        sent_by="nca.officer",
        mapped_by=_NATION,
        name="Lodestone group",
        summary="Pays officials abroad so that goods under sanctions are let through. "
        "Little else is known.",
        threat="bribery-corruption-and-sanctions",
        tier="national",
        sharing="all_forces",
        s45="unknown",
        review=-5,
        people=(
            Person("Broker in the free zone", "", "principal"),
            Person("Ottilie", "Jarrowcastle", "significant", "1970"),
            Person("Bastian", "Kirkmarsh-Vey", "significant", "1978"),
        ),
    ),
)
