"""Invented sentences: what reports say of an attribute, what groups do, why people say so."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

# What a report says where it claims an attribute; `{who}` and `{where}` are filled in.
OF_ATTRIBUTE: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "violent_criminal_activity": (
            "{who} was seen with two others at an assault over a debt in {where}.",
            "A house in {where} was shot at; neighbours name the group.",
            "Two people who owe money have left {where} after threats by {who}.",
        ),
        "drug_activity": (
            "A line run by {who} takes orders through the day and delivers in {where}.",
            "Three parcels a week are collected near {where} and broken down at night.",
            "Prices in {where} have fallen since the group took over the supply.",
            "{who} hands over packages behind shops in {where} on most evenings.",
        ),
        "fraud_and_financial_crime": (
            "Cash is paid into six accounts from machines in {where} within an hour.",
            "A company with no staff has claimed repayments; {who} signs for it.",
            "Older people in {where} were called by a false bank; {who} collected.",
        ),
        "organised_theft": (
            "Four cars were taken to order in {where} in one night, keys and all.",
            "{who} stores stolen plant in a barn near {where} until it is shipped.",
            "Cable was cut in {where}; the same van was there on the day before.",
        ),
        "commodity_importation_counterfeiting_or_illegal_supply": (
            "Cigarettes without duty are sold from a lock-up in {where}.",
            "Counterfeit goods arrive by post at five addresses in {where}.",
            "{who} takes in pallets declared as something else.",
        ),
        "sexual_offences": (
            "A flat in {where} is advertised on three sites with one telephone number.",
            "{who} drives women between addresses in {where} and takes what they earn.",
        ),
        "organised_immigration_crime": (
            "People were brought to {where} in the back of a lorry and wait for papers.",
            "{who} takes deposits for places on a crossing.",
        ),
        "environmental_crime": (
            "Mixed waste was left on a farm near {where}; drums leak into a stream.",
            "{who} burns cable in a yard near {where} at night.",
        ),
        "cash_flow_financial_worth": (
            "{who} bought a second house in {where} without a loan.",
            "Takings of the week are counted in {where} on Sundays by two people.",
            "The group paid for three vehicles in cash within a month.",
        ),
        "multiple_enterprises": (
            "A car wash and a take-away in {where} are run for the group by relatives.",
            "{who} has been made director of a second company.",
            "Two shops in {where} sell little and bank much.",
        ),
        "links_to_other_ocgs": (
            "{who} met people of another group in {where} and left with a bag.",
            "The group buys on a week's credit from a supplier in another region.",
            "Another group lends it drivers when it is short.",
        ),
        "geographical_scope": (
            "Deliveries now reach {where} and two towns beyond it.",
            "{who} travels abroad every six weeks and stays one night.",
            "Handsets of the group were used in three force areas in one day.",
        ),
        "cohesion": (
            "The same four people have led the group since the arrests two years ago.",
            "{who} is related to three of the others by marriage.",
            "Nobody left the group after the seizure; the loss was shared.",
        ),
        "infiltration": (
            "Somebody at a depot in {where} tells the group which loads are checked.",
            "{who} pays for copies of documents from an office.",
        ),
        "expertise": (
            "A relay device was used that opens cars of the newest sort.",
            "{who} can rebuild a vehicle's identity within a day.",
            "The press and the dyes found in {where} need training to use.",
        ),
        "tactical_awareness": (
            "Handsets are changed every fortnight and left at home on journeys.",
            "{who} drives round {where} twice before every meeting.",
            "Talk is by one application only, and messages vanish after an hour.",
        ),
        "corruption": ("An official is said to be paid for early word of visits.",),
        "violence": ("A debtor was held for a night in {where} and let go when paid.",),
        "discipline": (
            "{who} was beaten for losing a parcel and works on without pay.",
        ),
        "insulation": ("Those who lead have not been in {where} since the spring.",),
        "mobility": ("The whole business moved from {where} within two days.",),
        "stability": ("The order of command has not changed in three years.",),
    }
)
GENERAL: Final = (
    "{who} was seen in {where} with people of the group.",
    "A vehicle of the group was parked in {where} overnight.",
    "{who} has changed address and is now said to live in {where}.",
    "Two members met in {where} and parted after ten minutes.",
    "Nothing new is said of the group in {where} this month.",
    "{who} was checked in {where}; nothing was found.",
)
CLOSINGS: Final = (
    "",
    "",
    "",
    " This has been said before.",
    " No other report says so yet.",
    " The same was seen a week earlier.",
    " It is not known who else was there.",
    " The times agree with what is held.",
)
OF_VICTIM: Final = (
    "A person whose home in {where} is used by the group is afraid to return.",
    "A young person carries for the group and cannot say no.",
)
WHY_FACT: Final = (
    "From the reports on this group; see its intelligence page.",
    "Assessed by the force's analyst from several reports.",
    "Named in more than one report.",
    "Agreed at the force's monthly meeting.",
    "From a search and what was found in it.",
)
WHY_INVOLVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "associate": "Meets members often; no part in the crime is known.",
        "professional_enabler": "Keeps the books of companies that the group uses.",
        "public_official": "Said to pass on what the office knows.",
        "exploited": "Made to carry and to sell; owes the group money.",
        "victim": "Home or business taken over, or threatened, by the group.",
        "witness": "Has told the force what was seen.",
    }
)
WHY_JUDGED: Final = (
    "The reports agree, and what was found bears them out.",
    "Two sources that do not know each other say the same.",
    "Weighed at the monthly meeting; the reports before were weaker.",
    "The level follows from the seizure and from what came after it.",
)
WHY_NIL: Final = (
    "No report of the last 24 months says anything of the kind, and the force collects "
    "on it: judged nil rather than left unknown."
)
WHY_BAND: Final = (
    "Agreed at the regional meeting.",
    "Agreed at the force's monthly meeting.",
    "Agreed with the forces that are harmed.",
)
WHY_OTHER_BAND: Final = (
    "Set beside the computed band: the newest reports are not graded high enough to "
    "count, and the meeting gives them weight."
)
WHY_HIDDEN: Final = "For the own organisation until the operation is over."
WITHDRAWN: Final = (
    "The source takes it back.",
    "It was about other people of the same name.",
    "A check of the dates shows that it cannot be so.",
)
SUPERSEDED: Final = "Replaced by a fuller report of the same event."
SUMMARY: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "illegal-drugs": (
            "Supplies cocaine and heroin in {where}.",
            "Runs a telephone line into the towns around {where}.",
            "Grows cannabis in rented houses and sells it on.",
            "Brings drugs from the coast and sells to other groups.",
        ),
        "money-laundering": (
            "Moves cash for other groups through shops in {where}.",
            "Lends companies and accounts to those who need them.",
        ),
        "fraud-and-other-economic-crime": (
            "Calls older people in the name of their bank.",
            "Claims repayments for companies that do nothing.",
        ),
        "organised-acquisitive-crime": (
            "Takes cars to order and ships them.",
            "Steals plant, metal and cable around {where}.",
        ),
        "modern-slavery-and-human-trafficking": (
            "Keeps people at work in {where} without papers or pay.",
        ),
        "organised-immigration-crime": (
            "Brings people across in the backs of lorries.",
        ),
        "illegal-firearms": ("Converts and lends pistols to other groups.",),
        "child-sexual-exploitation-and-abuse": (
            "Draws children into exploitation by gifts and threats.",
        ),
        "cyber-crime": ("Sells access to systems and what was stolen from them.",),
        "bribery-corruption-and-sanctions": (
            "Pays officials abroad for contracts and papers.",
        ),
    }
)
MODUS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "illegal-drugs": (
            "Orders by telephone; hand-overs near schools and stations.",
            "Bought in kilograms, broken down in a rented flat, sold in streets.",
            "Carried by train and taxi by people who owe money.",
        ),
        "money-laundering": ("Takings far above what the shops can sell.",),
        "fraud-and-other-economic-crime": (
            "False names of banks; couriers collect within two hours.",
        ),
        "organised-acquisitive-crime": (
            "Scouted by day, taken at night, gone by the morning.",
        ),
        "modern-slavery-and-human-trafficking": (
            "Papers kept locked away; wages paid into one account.",
        ),
        "organised-immigration-crime": ("Hidden behind goods in hired lorries.",),
        "illegal-firearms": ("Kept by people who are not members; lent by the day.",),
        "child-sexual-exploitation-and-abuse": (
            "Met online, then fetched by car from another town.",
        ),
        "cyber-crime": ("Stolen log-ins are sold on within a day.",),
        "bribery-corruption-and-sanctions": ("Paid as consultancy through two firms.",),
    }
)
PERSON_LINKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "associate": "Seen together on most nights.",
        "family": "By what both have said of each other.",
        "communication": "Calls before each delivery.",
        "co_offending": "Charged together before.",
        "financial": "One rents what the other pays for.",
    }
)
GROUP_LINKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cooperation": "They share drivers and a yard.",
        "supply": "One sells to the other on a week's credit.",
        "conflict": "A debt was sold; threats followed.",
        "shared_members": "One person works for both.",
    }
)
