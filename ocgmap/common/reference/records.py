"""What the reference files hold, as frozen records of plain values.

Standard library only. The readers beside this module check them.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from ocgmap.common.reference.identifier_kinds import IdentifierKind


class Confidence(StrEnum):
    """How far a fact in a reference file may be relied on."""

    EXACT = "published exactly"
    PARTLY = "published partly"
    RECALLED = "recalled: to be confirmed"
    LOCAL = "local configuration"


class OrganisationKind(StrEnum):
    """What sort of body an organisation is."""

    FORCE = "force"
    ROCU = "rocu"
    REGIONAL_ARRANGEMENT = "regional_arrangement"
    AGENCY = "agency"
    PARTNER = "partner"


class Jurisdiction(StrEnum):
    """Whose law applies; UK also stands for more than one of the three."""

    ENGLAND_WALES = "england_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"
    UK = "uk"


class Precision(StrEnum):
    """How much of a date is known; the rest of it is filled with the first."""

    UNKNOWN = ""
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class CommodityCategory(StrEnum):
    """What sort of thing a group deals in; a person is never a commodity."""

    DRUG = "drug"
    WEAPON = "weapon"
    EXCISE_AND_COUNTERFEIT = "excise_and_counterfeit"
    STOLEN_PROPERTY = "stolen_property"
    MONEY = "money"
    DATA_AND_DOCUMENTS = "data_and_documents"
    ENVIRONMENT = "environment"


class Unit(StrEnum):
    """What a quantity is counted in."""

    KG = "kg"
    TONNES = "tonnes"
    LITRES = "litres"
    PLANTS = "plants"
    TABLETS = "tablets"
    ITEMS = "items"
    ROUNDS = "rounds"
    GBP = "gbp"


# Source: MoJ "GRIP" prototype, app/sources/ocg-assessment-fields.json (2017): the
# first eight of its sixteen attributes. That they are one axis is our reading.
CRIMINALITY_ATTRIBUTES = frozenset(
    {
        "violent_criminal_activity",
        "drug_activity",
        "fraud_and_financial_crime",
        "organised_theft",
        "commodity_importation_counterfeiting_or_illegal_supply",
        "sexual_offences",
        "organised_immigration_crime",
        "environmental_crime",
    }
)
REGION_KINDS = frozenset({OrganisationKind.ROCU, OrganisationKind.REGIONAL_ARRANGEMENT})


def _covers(
    start: datetime.date | None, end: datetime.date | None, day: datetime.date
) -> bool:
    """Return whether ``day`` lies from ``start`` until before ``end``; None is open."""
    return (start is None or start <= day) and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that may own records; `region_name` is set for regions only."""

    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    region_name: str
    jurisdiction: Jurisdiction
    ons_code: str
    population_mid_2020: int | None
    valid_from: datetime.date | None
    valid_from_precision: Precision
    valid_to: datetime.date | None
    former_names: str
    source: str
    confidence: Confidence

    def is_valid_on(self, day: datetime.date) -> bool:
        """Return whether the body exists under this code on ``day``."""
        return _covers(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Placement:
    """That a force belongs to a region, from a day (None: not known) until before."""

    organisation: str
    parent: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    source: str
    confidence: Confidence

    def is_valid_on(self, day: datetime.date) -> bool:
        """Return whether the force is placed there on ``day``."""
        return _covers(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Succession:
    """That one organisation became another, between two days, the later one taken."""

    predecessor: str
    successor: str
    happened_on: datetime.date
    not_before: datetime.date | None
    reason: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a force area stands in the tile map (odd rows right; r grows northward)."""

    code: str
    q: int
    r: int


@dataclass(frozen=True, slots=True)
class ThreatType:
    """A kind of threat, with the attribute of the eight that it answers to, or ""."""

    code: str
    name: str
    attribute: str
    crosswalk_basis: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Offence:
    """A Home Office recorded-crime code, with the threat type it implies, or "".

    `code` is the first of the codes that are published together as `published_code`.
    """

    code: str
    published_code: str
    name: str
    subgroup: str
    group: str
    is_outcomes_only: bool
    threat_type: str
    crosswalk_basis: str


@dataclass(frozen=True, slots=True)
class Commodity:
    """A thing that groups deal in, with the unit offered first."""

    code: str
    name: str
    category: CommodityCategory
    default_unit: Unit
    threat_type: str


@dataclass(frozen=True, slots=True)
class FictionalRange:
    """Telephone numbers kept for fiction, in national form; X stands for any digit."""

    use: str
    first: str
    last: str
    source: str
    confidence: Confidence

    def contains(self, national: str) -> bool:
        """Return whether a number in national form (07700900123) lies in the range."""
        if len(national) != len(self.first) or not national.isdigit():
            return False
        masked = "".join(
            "0" if mark == "X" else digit
            for mark, digit in zip(self.first, national, strict=True)
        )
        return self.first.replace("X", "0") <= masked <= self.last.replace("X", "0")


@dataclass(frozen=True, slots=True)
class AccountsReference:
    """The organisations and how they stand to each other."""

    organisations: tuple[Organisation, ...]
    placements: tuple[Placement, ...]
    successions: tuple[Succession, ...]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class GroupsReference:
    """The code lists that groups and reports are described with."""

    threat_types: tuple[ThreatType, ...]
    offences: tuple[Offence, ...]
    commodities: tuple[Commodity, ...]
    identifier_kinds: tuple[IdentifierKind, ...]
    fictional_ranges: tuple[FictionalRange, ...]
