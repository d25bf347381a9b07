"""The one catalogue of attributes that every scheme draws on, and their levels.

A judgement or a claim names an attribute, never a scheme, so one piece of work
serves every scheme that uses the attribute. The meanings are what an officer
reads beside each point; the wording is this project's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ocgmap.common.errors import AppError


class Level(StrEnum):
    """How far an attribute is present in a group; unknown is a state of its own."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NIL = "nil"
    UNKNOWN = "unknown"


KNOWN_ASCENDING: Final = (Level.NIL, Level.LOW, Level.MEDIUM, Level.HIGH)
RANK: Final[Mapping[str, int]] = MappingProxyType(
    {level: rank for rank, level in enumerate(KNOWN_ASCENDING)}
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing about a group that can be judged, with the sentence an officer reads."""

    key: str
    title: str
    meaning: str


class UnknownNameError(AppError):
    """A level, attribute or scheme that is not in the tables."""

    code = "unknown_name"


_ATTRIBUTES: Final = (
    Attribute(
        "corruption",
        "Corruption",
        "How far the group corrupts public officials, by bribery, threat or blackmail.",
    ),
    Attribute(
        "violence",
        "Violence",
        "How far the group uses or threatens violence to reach its ends or keep "
        "its place.",
    ),
    Attribute(
        "infiltration",
        "Infiltration",
        "How far the group has a foothold inside lawful businesses, public "
        "bodies or law enforcement.",
    ),
    Attribute(
        "expertise",
        "Expertise",
        "How far the group has, or buys, the specialist skills that its crime needs.",
    ),
    Attribute(
        "sophistication",
        "Sophistication",
        "How complex the group's schemes are, and how skilled in technology, "
        "finance or law.",
    ),
    Attribute(
        "subversion",
        "Subversion",
        "How far the group weakens the political, economic or social "
        "institutions around it.",
    ),
    Attribute(
        "strategy",
        "Strategy",
        "How far the group plans for the long term and follows its plans.",
    ),
    Attribute(
        "discipline",
        "Discipline",
        "How far the group enforces obedience among members, by reward or punishment.",
    ),
    Attribute(
        "insulation",
        "Insulation",
        "How far those who lead the group are kept away from its crime and from "
        "detection.",
    ),
    Attribute(
        "intelligence_use",
        "Intelligence use",
        "How far the group gathers information on police, rivals and victims and "
        "acts on it.",
    ),
    Attribute(
        "multiple_enterprises",
        "Multiple enterprises",
        "How far the group runs several kinds of business, criminal or legitimate.",
    ),
    Attribute(
        "mobility",
        "Mobility",
        "How easily the group moves its people or its business to another area.",
    ),
    Attribute(
        "stability",
        "Stability",
        "How far the group keeps its leaders and structure through arrests and "
        "disputes.",
    ),
    Attribute(
        "scope",
        "Scope",
        "How wide an area the group's operations reach, from local to international.",
    ),
    Attribute(
        "monopoly",
        "Monopoly",
        "How far the group controls a criminal market or territory and shuts "
        "others out.",
    ),
    Attribute(
        "group_cohesiveness",
        "Group cohesiveness",
        "How far members are bound to each other by kinship, shared background "
        "or loyalty.",
    ),
    Attribute(
        "continuity",
        "Continuity",
        "How far the group would outlive its present members by recruiting and "
        "replacing.",
    ),
    Attribute(
        "links_to_other_oc_groups",
        "Links to other organised crime groups",
        "How far the group trades with, works for or shares people with other "
        "crime groups.",
    ),
    Attribute(
        "links_to_criminal_extremist_groups",
        "Links to criminal extremist groups",
        "How far the group deals with extremist groups that commit crime.",
    ),
    Attribute(
        "violent_criminal_activity",
        "Violent criminal activity",
        "How much violent crime the group commits: homicide, serious assault, "
        "kidnap, firearms.",
    ),
    Attribute(
        "drug_activity",
        "Drug activity",
        "How much the group imports, produces, moves or supplies controlled drugs.",
    ),
    Attribute(
        "fraud_and_financial_crime",
        "Fraud and financial crime",
        "How much the group commits fraud, launders money or evades duty and tax.",
    ),
    Attribute(
        "organised_theft",
        "Organised theft",
        "How much the group steals in an organised way: burglary, robbery, "
        "vehicles, metal.",
    ),
    Attribute(
        "commodity_importation_counterfeiting_or_illegal_supply",
        "Commodity importation, counterfeiting or illegal supply",
        "How much the group smuggles, counterfeits or illegally supplies goods "
        "other than drugs.",
    ),
    Attribute(
        "sexual_offences",
        "Sexual offences",
        "How far the group commits or profits from sexual offences or sexual "
        "exploitation.",
    ),
    Attribute(
        "organised_immigration_crime",
        "Organised immigration crime",
        "How far the group moves people across borders unlawfully or exploits "
        "those it moved.",
    ),
    Attribute(
        "environmental_crime",
        "Environmental crime",
        "How far the group harms wildlife or the environment for gain, as by "
        "dumping waste.",
    ),
    Attribute(
        "cash_flow_financial_worth",
        "Cash flow and financial worth",
        "How much money the group turns over, and how much it and its members own.",
    ),
    Attribute(
        "links_to_other_ocgs",
        "Links to other OCGs",
        "How strong the group's working relations with other mapped crime groups are.",
    ),
    Attribute(
        "geographical_scope",
        "Geographical scope",
        "How far the group's crime reaches: one force area, several, the nation, "
        "abroad.",
    ),
    Attribute(
        "cohesion",
        "Cohesion",
        "How firmly the group holds together and how settled its structure is.",
    ),
    Attribute(
        "tactical_awareness",
        "Tactical awareness",
        "How well the group knows police methods and takes steps against them.",
    ),
)

CATALOGUE: Final[Mapping[str, Attribute]] = MappingProxyType(
    {attribute.key: attribute for attribute in _ATTRIBUTES}
)


def parse_level(text: object, *, field: str = "level") -> Level:
    """Return the level that a text names, exactly as written in the tables.

    Raises:
        UnknownNameError: the text is not one of the five levels.
    """
    if isinstance(text, str) and text in set(Level):
        return Level(text)
    names = ", ".join(Level)
    raise UnknownNameError(
        f"{field}: {text!r} is not a level. Use one of: {names}.",
        field=field,
        rule="A level is one of the five in the tables, in small letters.",
        cure=f"Use one of: {names}.",
    )


def parse_attribute(key: object, *, field: str = "attribute") -> Attribute:
    """Return the catalogue's attribute for a key.

    Raises:
        UnknownNameError: no attribute of any scheme has this key.
    """
    if isinstance(key, str) and key in CATALOGUE:
        return CATALOGUE[key]
    raise UnknownNameError(
        f"{field}: there is no attribute {key!r}. Use a key from the reference page "
        "of the scoring schemes.",
        field=field,
        rule="An attribute is one of the catalogue's keys.",
        cure="Use a key from the reference page of the scoring schemes.",
    )
