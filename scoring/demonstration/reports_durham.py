"""Invented reports of Durham on its other groups: every grade, every sharing."""

from typing import Final

from scoring.demonstration.cast import HAWKMOTH, SAFEGUARDING
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
    LINKS,
    LOW,
    MEDIUM,
    REACH,
    THEFT,
    VIOLENCE,
    ReportPlan,
)

_BY: Final = "analyst.durham"
_CHIEF: Final = "supervisor.durham"

REPORTS: Final = (
    # The analyst could not see the first of these two, so was not told of the clash.
    ReportPlan(
        key="brackenhill-child",
        author=_CHIEF,
        grade="2BP",
        days=210,
        compartment=SAFEGUARDING,
        reference="DURHAM/BH-17",
        text="A boy of about fourteen was seen to keep watch at two of the farms.",
    ),
    ReportPlan(
        key="brackenhill-lookout",
        author=_BY,
        grade="2CP",
        days=205,
        reference="DURHAM/BH-17",
        text="Somebody on a bicycle keeps watch when a machine is taken.",
    ),
    ReportPlan(
        key="brackenhill-auction",
        author=_BY,
        grade="1BP",
        days=200,
        sharing="region",
        groups=("brackenhill",),
        people=("cawthwell", "gantling"),
        claims={THEFT: HIGH, REACH: MEDIUM},
        text="Three loaders stolen in one week were found at a port under papers of a "
        "haulage firm run by GANTLING. CAWTHWELL's telephone was near each farm on the "
        "night.",
    ),
    ReportPlan(
        key="brackenhill-trackers",
        author=_BY,
        grade="2BP",
        days=160,
        groups=("brackenhill",),
        people=("dunnaker",),
        claims={EXPERTISE: MEDIUM, COHESION: LOW, FRAUD: LOW},
        text="DUNNAKER knows where makers put their trackers and removes them within "
        "minutes. He is paid for each machine and works for others as well.",
    ),
    ReportPlan(
        key="brackenhill-cash",
        author=_BY,
        legacy="B24",
        days=420,
        recipients="",
        sharing="organisation",
        sharing_reason="Handling 4 of the old scheme: within the originating force.",
        groups=("brackenhill",),
        claims={CASH: LOW},
        text="The group is paid £1,500 a machine and spends it at once; nobody in it is "
        "known to own anything of worth.",
    ),
    ReportPlan(
        key="brackenhill-old",
        author=_BY,
        legacy="C31",
        legacy_choice="2",
        days=800,
        groups=("brackenhill",),
        claims={VIOLENCE: MEDIUM},
        text="A farmer who came upon men in his yard was threatened with a bar. Too long "
        "ago to count in the score.",
    ),
    ReportPlan(
        key="quillmark-calls",
        author=_BY,
        grade="1AP",
        days=41,
        groups=("quillmark",),
        people=("hobblethwaite", "jessamoor"),
        claims={FRAUD: HIGH, COHESION: MEDIUM},
        text="Nineteen complaints share one script and three numbers. HOBBLETHWAITE and "
        "JESSAMOOR are heard on recordings of four calls.",
    ),
    ReportPlan(
        key="quillmark-couriers",
        author="service.durham",
        grade="2BP",
        days=38,
        groups=("quillmark",),
        people=("kettlewray",),
        claims={REACH: MEDIUM, AWARENESS: MEDIUM},
        text="KETTLEWRAY collects at the door in Durham and on Teesside and hands over "
        "at a motorway service area, never at the same one twice.",
    ),
    ReportPlan(
        key="quillmark-inside",
        author=_CHIEF,
        grade="1AC",
        recipients="originator_only",
        note="Refer every request to the originator.",
        days=12,
        sharing="organisation",
        sharing_reason="An inquiry inside a bank branch would be known at once.",
        groups=("quillmark",),
        people=("inglewhite",),
        claims={THEFT: HIGH, EXPERTISE: HIGH},
        text="INGLEWHITE receives lists of customers with their balances from someone at "
        "a branch, and has cards diverted before they are delivered.",
        original="The branch is the one on the market square. The lists come on paper, "
        "on Tuesdays, by the assistant manager's desk.",
    ),
    ReportPlan(
        key="quillmark-false",
        author=_BY,
        grade="2DP",
        days=55,
        groups=("quillmark",),
        claims={LINKS: HIGH},
        withdrawn="The person named was abroad at the time; the account was made up.",
        text="The group is said to pay a share to the Vesper group.",
    ),
    ReportPlan(
        key="saltmeadow-tipper",
        author=_BY,
        grade="1AP",
        days=390,
        groups=("saltmeadow",),
        people=("merribrook",),
        claims={ENVIRONMENT: MEDIUM, CASH: LOW},
        text="The tipper of MERRIBROOK was seized with eleven tonnes of plasterboard on "
        "farm land. Nine earlier dumps nearby hold the same waste.",
    ),
    ReportPlan(
        key="saltmeadow-quiet",
        author=_BY,
        grade="2CP",
        days=180,
        groups=("saltmeadow",),
        text="MERRIBROOK works as a driver for a lawful firm; nothing suggests that he "
        "has a vehicle of his own again.",
    ),
    ReportPlan(
        key="tanglewood-shops",
        author=_BY,
        grade="2BP",
        days=22,
        groups=("tanglewood",),
        people=("quarrendale",),
        claims={DRUGS: MEDIUM, EXPERTISE: MEDIUM},
        text="Heat and a hum of fans at three shuttered shops, all let to QUARRENDALE. "
        "The meters show almost no use.",
    ),
    ReportPlan(
        key="tanglewood-first",
        author=_BY,
        grade="2DP",
        days=75,
        groups=("tanglewood",),
        claims={DRUGS: LOW},
        text="A smell of cannabis near a shuttered shop.",
    ),
    ReportPlan(
        key="tanglewood-second",
        author=_BY,
        supersedes="tanglewood-first",
        because="The smell was confirmed by a second person; grade and text corrected.",
        grade="2CP",
        days=74,
        groups=("tanglewood",),
        claims={DRUGS: MEDIUM},
        text="A strong smell of cannabis near a shuttered shop, noticed by two people on "
        "different days.",
    ),
    ReportPlan(
        key="ferrymoor-stall",
        author=_BY,
        grade="2DP",
        days=18,
        groups=("ferrymoor",),
        people=("tansworthy",),
        claims={COMMODITY: LOW},
        text="TANSWORTHY fills a market stall from a car boot; the packets carry no duty "
        "mark.",
    ),
    ReportPlan(
        key="dunsgate-loans",
        author=_BY,
        grade="3DP",
        days=50,
        groups=("dunsgate",),
        people=("underhay",),
        claims={FRAUD: MEDIUM},
        text="UNDERHAY is said to keep bank cards of people who owe him money.",
    ),
    ReportPlan(
        key="hawkmoth-lathe",
        author=_CHIEF,
        grade="1AC",
        recipients="force_rocu_nca",
        days=30,
        compartment=HAWKMOTH,
        groups=("hawkmoth",),
        people=("vellacombe",),
        claims={COMMODITY: HIGH, EXPERTISE: HIGH, VIOLENCE: HIGH},
        text="VELLACOMBE bought a lathe and forty blank-firing pistols in small lots. "
        "Two converted pistols of the same make were used in shootings this year.",
    ),
    ReportPlan(
        key="hawkmoth-buyers",
        author=_CHIEF,
        grade="2BC",
        recipients="force_rocu_nca",
        days=16,
        compartment=HAWKMOTH,
        groups=("hawkmoth",),
        people=("yarrowdale",),
        claims={LINKS: HIGH, AWARENESS: MEDIUM},
        text="YARROWDALE delivers to buyers of three other groups and is paid in drugs, "
        "which he passes on.",
    ),
    ReportPlan(
        key="durham-no-group",
        author=_BY,
        grade="2DP",
        days=9,
        text="Two men asked at several farms whether diesel could be stored there. "
        "Nothing links them to a group that is on record.",
    ),
)
