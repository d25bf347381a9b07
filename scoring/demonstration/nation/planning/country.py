"""What the plan knows of the country: organisations, regions, code lists, numbers."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ocgmap.common.reference import read_accounts, read_groups
from ocgmap.common.reference.records import (
    AccountsReference,
    FictionalRange,
    OrganisationKind,
)

NATION: Final = "nca"
SCOTLAND: Final = "police-scotland"
# Shares of all groups for those whose number does not follow from a population; the
# territorial forces of England and Wales share the rest by theirs.
_SET_SHARES: Final[Mapping[str, float]] = MappingProxyType(
    {
        SCOTLAND: 0.02,
        "northern-ireland": 0.013,
        "btp": 0.006,
        "city-of-london": 0.006,
        "mdp": 0.0015,
        "cnc": 0.001,
        NATION: 0.012,
    }
)
_ROCU_SHARE: Final = 0.005
_POPULATION_POWER: Final = 0.85
# What stands for XXX in a range that most cities have.
_CITIES: Final = (
    "113",
    "114",
    "115",
    "116",
    "117",
    "118",
    "121",
    "131",
    "141",
    "151",
    "161",
)
# The first half of the small ranges belongs to the records made by hand.
_BY_HAND: Final = 500
_SHORT_RANGE: Final = frozenset({"mobile", "no area (fictional)"})
_NOT_ORDINARY: Final = frozenset({"premium", "freephone"})


@dataclass(frozen=True, slots=True)
class Country:
    """The frame of the nation, read from the project's reference files.

    `weights` maps each owner to its share of the groups; `regions` an owner to its
    region, for those that have one; `areas` are the forces with an area of their own.
    """

    forces: tuple[str, ...]
    weights: Mapping[str, float]
    regions: Mapping[str, str]
    areas: tuple[str, ...]
    names: Mapping[str, str]
    offences: Mapping[str, tuple[str, ...]]
    commodities: Mapping[str, tuple[tuple[str, str], ...]]
    attributes: Mapping[str, str]
    numbers: tuple[str, ...]

    def neighbours(self, region: str) -> list[str]:
        """Return the forces of a region, in order; none for no region."""
        if not region:
            return []
        return [one for one in self.areas if self.regions.get(one) == region]


@cache
def read_country(folder: Path, day: datetime.date) -> Country:
    """Return the country as the reference files under ``folder`` tell it on ``day``."""
    accounts = read_accounts(folder / "accounts" / "reference")
    groups = read_groups(folder / "groups" / "reference")
    forces = tuple(
        one.code for one in accounts.organisations if one.kind is OrganisationKind.FORCE
    )
    offences: dict[str, tuple[str, ...]] = {}
    for offence in groups.offences:
        if offence.threat_type and not offence.is_outcomes_only:
            known = offences.get(offence.threat_type, ())
            offences[offence.threat_type] = (*known, offence.code)
    commodities: dict[str, tuple[tuple[str, str], ...]] = {}
    for one in groups.commodities:
        known_goods = commodities.get(one.threat_type, ())
        commodities[one.threat_type] = (*known_goods, (one.code, one.default_unit))
    return Country(
        forces=forces,
        weights=_weights(accounts),
        regions=_regions(accounts, day),
        areas=tuple(one.code for one in accounts.tiles),
        names={one.code: one.short_name for one in accounts.organisations},
        offences=offences,
        commodities=commodities,
        attributes={one.code: one.attribute for one in groups.threat_types},
        numbers=tuple(_numbers(groups.fictional_ranges)),
    )


def _weights(accounts: AccountsReference) -> dict[str, float]:
    weights = dict(_SET_SHARES)
    weights |= {
        one.code: _ROCU_SHARE
        for one in accounts.organisations
        if one.kind is OrganisationKind.ROCU and one.valid_to is None
    }
    peopled = {
        one.code: (one.population_mid_2020 or 0) ** _POPULATION_POWER
        for one in accounts.organisations
        if one.kind is OrganisationKind.FORCE and one.code not in weights
    }
    left = 1 - sum(weights.values())
    whole = sum(peopled.values())
    return weights | {code: left * size / whole for code, size in peopled.items()}


def _regions(accounts: AccountsReference, day: datetime.date) -> dict[str, str]:
    placed = {
        one.organisation: one.parent
        for one in accounts.placements
        if one.is_valid_on(day)
    }
    return placed | {
        one.code: one.code
        for one in accounts.organisations
        if one.kind is OrganisationKind.ROCU and one.valid_to is None
    }


def _numbers(ranges: tuple[FictionalRange, ...]) -> Iterator[str]:
    """Yield every telephone number that the nation may use, as it is written."""
    for one in ranges:
        if one.use in _NOT_ORDINARY:
            continue
        cities = _CITIES if "X" in one.first else ("",)
        first = _BY_HAND if one.use in _SHORT_RANGE else 0
        for city in cities:
            stem = one.first.replace("XXX", city)[:-3]
            yield from (_spaced(f"{stem}{last:03}") for last in range(first, 1000))


def _spaced(digits: str) -> str:
    if digits.startswith("02"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits.startswith(("07", "016")):
        return f"{digits[:5]} {digits[5:]}"
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
