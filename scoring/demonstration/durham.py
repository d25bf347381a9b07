"""Invented groups of Durham: in every state, with every kind of label."""

from typing import Final

from scoring.demonstration.cast import HAWKMOTH
from scoring.demonstration.plans import Doing, GroupPlan, Person, Quantity

_BY: Final = "analyst.durham"
_CHIEF: Final = "supervisor.durham"

GROUPS: Final = (
    GroupPlan(
        key="larkspur",
        owner="durham",
        author=_CHIEF,
        sent_by=_BY,
        mapped_by=_CHIEF,
        name="Larkspur group",
        operation="Operation Larkspur",
        summary="Supplies class A drugs from two rented houses into four market towns "
        "by a telephone line that is passed from hand to hand. Young people are used to "
        "carry and to sit in the houses; they are recorded as exploited, not as members.",
        threat="illegal-drugs",
        other_threats=("modern-slavery-and-human-trafficking",),
        tier="regional",
        lead="DI R. Fellgarth",
        sharing="region",
        review=60,
        since=420,
        people=(
            Person(
                *("Callum", "Stannerby", "principal", "1984-05-17"),
                phone="07700 900101",
                vehicle="NX01 KJV",
                nickname="Chalk",
                gender="male",
            ),
            Person("Dana", "Quillfeather", "principal", "1987", "07700 900102"),
            Person("Reece", "Harrowick", "significant", "1993-11-02", "07700 900103"),
            Person("Tobias", "Pellingbrook", "significant", "1990-03"),
            Person("Jade", "Tolleswick", "significant", "1995", vehicle="NX00 TRW"),
            Person("Liam", "Wexcombe", "peripheral", "1999", "07700 900104"),
            Person("Male 2, grey van", "", "unknown", gender="male"),
            Person(
                *("Robin", "Maddergate", "exploited", "2010-08"),
                why="Found twice in a house used for supply, in debt to the group; "
                "referred to children's services.",
            ),
            Person(
                *("Kit", "Ostlerby", "exploited", "2009"),
                why="Sent to three towns within a week with drugs that were not theirs; "
                "referred to the National Referral Mechanism.",
            ),
            Person(
                *("Marian", "Thornquill", "victim", "1951", "01632 960101"),
                why="Her house was taken over for supply; she is known to adult "
                "social care.",
            ),
            Person(
                *("Grant", "Brindlecott", "associate", "1981"),
                why="Lets the two houses and takes the rent in cash.",
            ),
        ),
        identifiers=(("phone", "07700 900100"), ("handle", "@larkspur-line")),
        doings=(
            Doing(
                "illegal-drugs",
                "Orders by one telephone line, delivery on foot and by bicycle from "
                "rented houses, resupply every third night.",
                offence="92A",
                places=(("group", "durham"), ("harm", "DL5"), ("harm", "DH8")),
                quantities=(
                    Quantity("heroin", "0.5", "1.5", "kg"),
                    Quantity("crack-cocaine", "0.8", "2", "kg"),
                ),
            ),
            Doing(
                "modern-slavery-and-human-trafficking",
                "Young people are put into debt and then made to carry.",
                places=(("harm", "durham"), ("transit", "cleveland")),
            ),
        ),
    ),
    GroupPlan(
        key="brackenhill",
        owner="durham",
        author=_BY,
        mapped_by=_CHIEF,
        name="Brackenhill group",
        operation="Operation Brackenhill",
        summary="Steals plant and farm machinery to order at night and moves it out of "
        "the county within hours.",
        threat="organised-acquisitive-crime",
        lead="DS P. Wearmouth-Lowe",
        sharing="region",
        review=-45,
        since=700,
        people=(
            Person("Owen", "Cawthwell", "principal", "1979-01-30", "07700 900110"),
            Person("Nathan", "Dunnaker", "significant", "1988", vehicle="NY00 PLT"),
            Person("Shaun", "Eddlestoke", "significant", "1991"),
            Person("Ivor", "Farrowmere", "peripheral", "1996", "07700 900111"),
            Person(
                *("Len", "Gantling", "professional_enabler", "1966"),
                why="A haulier who carries the stolen plant under false papers.",
            ),
        ),
        identifiers=(("vehicle", "NX00 HGV"),),
        doings=(
            Doing(
                "organised-acquisitive-crime",
                "Trackers are cut out on the spot; machines are left a day in a barn and "
                "then moved on a low loader.",
                offence="54",
                places=(("group", "durham"), ("harm", "DL12"), ("transit", "NE46")),
                quantities=(
                    Quantity("plant-and-agricultural-machinery", "14", "20", "items"),
                ),
            ),
        ),
    ),
    GroupPlan(
        key="quillmark",
        owner="durham",
        author=_BY,
        mapped_by=_CHIEF,
        name="Quillmark group",
        operation="Operation Quillmark",
        summary="Telephones older people in the name of a bank and sends someone to "
        "fetch cards and cash. One report is kept within Durham, so this group's score "
        "differs between Durham and the region.",
        threat="fraud-and-other-economic-crime",
        tier="force",
        lead="DS M. Tarnbeck",
        review=20,
        since=260,
        people=(
            Person("Simone", "Hobblethwaite", "principal", "1992", "07700 900120"),
            Person("Aaron", "Inglewhite", "principal", "1994-07-09"),
            Person("Petra", "Jessamoor", "significant", "1997", "07700 900121"),
            Person("Dev", "Kettlewray", "peripheral", "2001", vehicle="NZ01 QMK"),
            Person(
                *("Edith", "Lanthorpe", "victim", "1938", "01632 960120"),
                why="Handed two cards and £6,400 to a caller at the door.",
            ),
        ),
        doings=(
            Doing(
                "fraud-and-other-economic-crime",
                "A call in the name of the bank's fraud team, then a collection at the "
                "door within the hour.",
                offence="53C",
                places=(("harm", "durham"), ("harm", "TS18"), ("group", "DH1")),
                quantities=(Quantity("cash", "60000", "95000", "gbp"),),
            ),
        ),
    ),
    GroupPlan(
        key="saltmeadow",
        owner="durham",
        author=_BY,
        mapped_by=_CHIEF,
        activity_status="dormant",
        name="Saltmeadow group",
        summary="Took builders' waste for cash and dumped it on farm land. Nothing has "
        "been reported since its tipper was seized.",
        threat="organised-acquisitive-crime",
        review=150,
        since=900,
        people=(
            Person("Gordon", "Merribrook", "principal", "1971"),
            Person("Wayne", "Nettlecombe", "significant", "1985"),
            Person("Craig", "Orpenfield", "peripheral", "1990"),
        ),
        doings=(
            Doing(
                "organised-acquisitive-crime",
                "Fly-tipping by night from an unmarked tipper.",
                places=(("harm", "DL3"),),
                quantities=(Quantity("waste", "180", "240", "tonnes"),),
            ),
        ),
    ),
    GroupPlan(
        key="tanglewood",
        owner="durham",
        author=_BY,
        state="submitted",
        name="Tanglewood group",
        summary="Believed to grow cannabis in three disused shops. Awaits the "
        "supervisor's decision whether it is mapped.",
        threat="illegal-drugs",
        s45="unknown",
        people=(
            Person("Hal", "Quarrendale", "principal", "1989", "07700 900130"),
            Person("Minh", "Rushbolt", "significant", "1986"),
            Person("Ewan", "Skelderby", "unknown", "1998"),
        ),
        doings=(
            Doing(
                "illegal-drugs",
                "Electricity is taken past the meter; crops are staggered.",
                offence="92A",
                places=(("group", "DH9"),),
                quantities=(Quantity("cannabis-plants", "300", "450", "plants"),),
            ),
        ),
    ),
    GroupPlan(
        key="ferrymoor",
        owner="durham",
        author=_BY,
        state="draft",
        name="Ferrymoor group",
        summary="First notes on three people who sell counterfeit tobacco. Not yet known "
        "whether they work together.",
        threat="fraud-and-other-economic-crime",
        s45="unknown",
        soc="unknown",
        review=None,
        people=(
            Person("Nils", "Tansworthy", "unknown"),
            Person("Woman at the market stall", "", "unknown", gender="female"),
        ),
    ),
    GroupPlan(
        key="dunsgate",
        owner="durham",
        author=_BY,
        mapped_by=_CHIEF,
        state="returned",
        returned_for="Only two people are named and nothing says that they work "
        "together. Say what the third report rests on, then submit it again.",
        name="Dunsgate group",
        summary="Two brothers said to lend money at high interest and to collect it "
        "with threats.",
        threat="fraud-and-other-economic-crime",
        s45="no",
        soc="unknown",
        people=(
            Person("Royce", "Underhay", "principal", "1976", "07700 900140"),
            Person("Clay", "Underhay-Moss", "significant", "1980"),
        ),
    ),
    GroupPlan(
        key="hawkmoth",
        owner="durham",
        author=_CHIEF,
        state="submitted",
        name="Hawkmoth group",
        summary="Converts blank-firing pistols and sells them to other groups. Kept in a "
        "compartment that one person holds: nobody else sees that it exists, so nobody "
        "can map it until a second person holds the compartment.",
        threat="illegal-firearms",
        tier="regional",
        lead="DCI A. Stoneleigh-Wray",
        compartment=HAWKMOTH,
        review=30,
        since=330,
        people=(
            Person("Marek", "Vellacombe", "principal", "1983-09-12", "07700 900150"),
            Person("Stuart", "Wintergill", "significant", "1977"),
            Person("Joel", "Yarrowdale", "significant", "1992", vehicle="NX01 HMT"),
        ),
        doings=(
            Doing(
                "illegal-firearms",
                "Barrels are drilled in a garage; ammunition is made by hand.",
                places=(("group", "SR8"),),
                quantities=(Quantity("converted-firearms", "6", "11", "items"),),
            ),
        ),
    ),
)
