"""Invented reports on the Larkspur group, which the README follows."""

from typing import Final

from scoring.demonstration.plans import (
    AWARENESS,
    CASH,
    COHESION,
    DISCIPLINE,
    DRUGS,
    FORCEFUL,
    FRAUD,
    HIGH,
    LINKS,
    LOW,
    MEDIUM,
    MOBILITY,
    REACH,
    THEFT,
    VIOLENCE,
    ReportPlan,
)

_BY: Final = "analyst.durham"
_CHIEF: Final = "supervisor.durham"

REPORTS: Final = (
    ReportPlan(
        key="larkspur-line",
        author=_BY,
        grade="1AP",
        days=34,
        event=36,
        sharing="region",
        groups=("larkspur",),
        people=("stannerby", "quillfeather"),
        claims={DRUGS: HIGH, CASH: MEDIUM},
        text="The telephone of the line was seized. It held 214 orders of the last nine "
        "days for heroin and crack cocaine in four towns. The orders were answered from "
        "two handsets; messages place STANNERBY and QUILLFEATHER in charge of both.",
    ),
    ReportPlan(
        key="larkspur-house",
        author=_BY,
        grade="1BP",
        days=61,
        sharing="region",
        groups=("larkspur",),
        people=("brindlecott",),
        claims={COHESION: MEDIUM, FRAUD: MEDIUM},
        text="Rent for two houses is paid in cash to BRINDLECOTT. Benefits of the tenant "
        "of a third, who is not seen to leave it, are collected by others. Safeguarding "
        "referral made.",
    ),
    ReportPlan(
        key="larkspur-stabbing",
        author=_BY,
        grade="2BP",
        days=20,
        event=24,
        sharing="region",
        groups=("larkspur", "harbourlight"),
        people=("harrowick",),
        claims={VIOLENCE: MEDIUM, FORCEFUL: MEDIUM, LINKS: HIGH},
        text="A man was stabbed in the leg in a car park over a debt. HARROWICK is named "
        "as present. The debt is said to have been sold to the group by people who buy "
        "from Harbourlight.",
    ),
    ReportPlan(
        key="larkspur-catalytic",
        author=_BY,
        grade="2CP",
        days=140,
        groups=("larkspur",),
        people=("wexcombe",),
        claims={THEFT: MEDIUM},
        text="WEXCOMBE offers catalytic converters and tools for sale to people who owe "
        "the line money, and takes stolen goods in payment.",
    ),
    ReportPlan(
        key="larkspur-vehicles",
        author="service.durham",
        grade="1AP",
        days=48,
        sharing="region",
        groups=("larkspur",),
        people=("tolleswick",),
        claims={REACH: MEDIUM, MOBILITY: MEDIUM},
        text="Number plate readings put the vehicle used by TOLLESWICK in two "
        "neighbouring force areas on eleven of fourteen nights, each time for under an "
        "hour.",
    ),
    ReportPlan(
        key="larkspur-phones",
        author=_BY,
        grade="2CP",
        days=90,
        groups=("larkspur",),
        claims={AWARENESS: MEDIUM, DISCIPLINE: LOW},
        text="Handsets are changed every Friday and the old ones are burnt. Members are "
        "told to leave their own telephones at home.",
    ),
    ReportPlan(
        key="larkspur-rumour",
        author=_BY,
        grade="3EP",
        days=15,
        groups=("larkspur",),
        claims={VIOLENCE: HIGH},
        text="It is said that the group has bought a machine gun. The account contains "
        "details that are known to be wrong.",
    ),
    ReportPlan(
        key="larkspur-children",
        author=_CHIEF,
        grade="1BC",
        recipients="region",
        note="Not to be passed to partners without the safeguarding lead's word.",
        days=27,
        sharing="region",
        compartment="safeguarding",
        groups=("larkspur",),
        people=("maddergate", "ostlerby"),
        text="Two children who were reported missing were found in a house used for "
        "supply. Both said they had to work off a debt for drugs that were taken from "
        "them.",
    ),
)
