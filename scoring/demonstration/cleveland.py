"""Invented groups of Cleveland, and the one that the regional unit owns."""

from typing import Final

from scoring.demonstration.plans import Doing, GroupPlan, Person, Quantity

_BY: Final = "analyst.cleveland"
_LEAD: Final = "lead.nerocu"

GROUPS: Final = (
    GroupPlan(
        key="harbourlight",
        owner="cleveland",
        author=_BY,
        mapped_by=_LEAD,
        name="Harbourlight group",
        operation="Operation Harbourlight",
        summary="Supplies cocaine in the river towns and is in dispute with the "
        "Larkspur group; four shootings at houses since the spring are put down to it.",
        threat="illegal-drugs",
        other_threats=("illegal-firearms",),
        tier="regional",
        lead="DI J. Eskdale-Roan",
        sharing="region",
        review=25,
        since=480,
        people=(
            Person("Darren", "Jackdale", "principal", "1982-08-03", "07700 900301"),
            Person("Curtis", "Knapthorn", "principal", "1986", vehicle="NV00 HBL"),
            Person("Bianca", "Lockermoor", "significant", "1992", "07700 900302"),
            Person("Jordan", "Marshwick", "significant", "1995-04"),
            Person("Alfie", "Nighthorn", "significant", "1997"),
            Person("Zac", "Oatlander", "peripheral", "2001", "07700 900303"),
            Person(
                *("Carol", "Peverstone", "victim", "1958"),
                why="Her windows were shot at; the house had been her son's.",
            ),
        ),
        doings=(
            Doing(
                "illegal-drugs",
                "Deliveries by taxi, paid through an account of a nail bar.",
                offence="92A",
                places=(("group", "TS1"), ("harm", "cleveland"), ("harm", "TS24")),
                quantities=(Quantity("cocaine", "2", "4", "kg"),),
            ),
            Doing(
                "illegal-firearms",
                "Two converted pistols are kept with people who are not members.",
                places=(("group", "TS3"),),
                quantities=(Quantity("converted-firearms", "2", "3", "items"),),
            ),
        ),
    ),
    GroupPlan(
        key="sandbar",
        owner="cleveland",
        author=_BY,
        mapped_by=_LEAD,
        name="Sandbar group",
        summary="Moves cash for other groups through shops that sell little. Who "
        "directs it is not known.",
        threat="money-laundering",
        tier="force",
        review=-200,
        since=540,
        people=(
            Person("Josef", "Quickenby", "significant", "1980", "07700 900310"),
            Person("Mina", "Ringmarsh", "significant", "1988"),
            Person("Owner of the three shops", "", "unknown"),
        ),
        identifiers=(("company", "99000131"), ("account", "00-00-00 12345678")),
        doings=(
            Doing(
                "money-laundering",
                "Takings far above what the shops can sell.",
                offence="38",
                places=(("group", "TS18"),),
                quantities=(Quantity("cash", "250000", "400000", "gbp"),),
            ),
        ),
    ),
    GroupPlan(
        key="kittiwake",
        owner="cleveland",
        author=_BY,
        state="submitted",
        name="Kittiwake group",
        summary="Said to bring people across in the backs of lorries. Awaits the "
        "regional unit's decision.",
        threat="organised-immigration-crime",
        s45="unknown",
        review=60,
        people=(
            Person("Emil", "Saltergill", "principal", "1981", "07700 900320"),
            Person("Driver of the blue unit", "", "significant"),
            Person("Tariq", "Thrushcote", "unknown", "1994"),
        ),
    ),
    GroupPlan(
        key="blackdamp",
        owner="cleveland",
        author=_BY,
        mapped_by=_LEAD,
        name="Blackdamp group",
        summary="Imports cigarettes without duty and sells them through corner shops "
        "and a messaging group.",
        threat="fraud-and-other-economic-crime",
        tier="force",
        sharing="region",
        review=110,
        since=760,
        people=(
            Person("Gwen", "Upwither", "principal", "1973", "07700 900330"),
            Person("Ralph", "Verrowby", "significant", "1979", vehicle="NA00 BKD"),
            Person("Suki", "Wagwell-Reed", "significant", "1993"),
            Person("Ned", "Yaxwell", "peripheral", "1999"),
        ),
        doings=(
            Doing(
                "fraud-and-other-economic-crime",
                "Pallets declared as paper goods; a lock-up changes every month.",
                places=(("group", "TS17"), ("harm", "cleveland")),
                quantities=(
                    Quantity("smuggled-cigarettes", "800000", "1200000", "items"),
                ),
            ),
        ),
    ),
    GroupPlan(
        key="meridian",
        owner="nerocu",
        author=_LEAD,
        sent_by="analyst.nerocu",
        mapped_by=_LEAD,
        name="Meridian group",
        operation="Operation Meridian",
        summary="Sells encrypted telephones and warehouse space to other groups of the "
        "region. Owned by the regional unit.",
        threat="money-laundering",
        other_threats=("illegal-drugs",),
        tier="regional",
        lead="DCI T. Marchbank-Vale",
        sharing="region",
        review=80,
        since=800,
        people=(
            Person("Lionel", "Aldwinter", "principal", "1968", "07700 900340"),
            Person("Cressida", "Bramblesworth", "significant", "1984"),
            Person("Hamish", "Coppersedge", "significant", "1990", vehicle="NC01 MRD"),
            Person("Vera", "Dunwhistle", "peripheral", "1996"),
        ),
        identifiers=(("company", "99000140"),),
        doings=(
            Doing(
                "money-laundering",
                "Rent and handsets are paid in cash and booked as consultancy.",
                offence="38",
                places=(("group", "durham"), ("transit", "northumbria")),
                quantities=(Quantity("electronic-devices", "60", "90", "items"),),
            ),
        ),
    ),
)
