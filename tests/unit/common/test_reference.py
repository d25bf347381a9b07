"""The project's own reference files are whole and say what the sources say."""

import csv
import datetime
from collections import Counter
from pathlib import Path

import pytest

from ocgmap.common.reference import (
    AccountsReference,
    GroupsReference,
    read_accounts,
    read_groups,
)
from ocgmap.common.reference.identifier_kinds import IdentifierKind, UsedFor
from ocgmap.common.reference.records import (
    CRIMINALITY_ATTRIBUTES,
    REGION_KINDS,
    Confidence,
    OrganisationKind,
)
from tests.real_data import real_data

ROOT = Path(__file__).resolve().parents[3]
ACCOUNTS = ROOT / "accounts" / "reference"
GROUPS = ROOT / "groups" / "reference"
TODAY = datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def accounts() -> AccountsReference:
    return read_accounts(ACCOUNTS)


@pytest.fixture(scope="module")
def groups() -> GroupsReference:
    return read_groups(GROUPS)


@pytest.fixture(scope="module")
def kinds(groups: GroupsReference) -> dict[str, IdentifierKind]:
    return {kind.code: kind for kind in groups.identifier_kinds}


# Organisations


def test_organisations_by_kind(accounts: AccountsReference) -> None:
    current = [one for one in accounts.organisations if one.is_valid_on(TODAY)]
    kinds = Counter(one.kind for one in current)
    assert kinds[OrganisationKind.FORCE] == 48
    assert kinds[OrganisationKind.ROCU] == 9
    assert kinds[OrganisationKind.REGIONAL_ARRANGEMENT] == 1


@pytest.mark.parametrize("day", [datetime.date(2015, 6, 1), TODAY], ids=str)
def test_placements_make_regions_of_three_to_seven_forces(
    accounts: AccountsReference, day: datetime.date
) -> None:
    kind_of = {one.code: one.kind for one in accounts.organisations}
    sizes = Counter(one.parent for one in accounts.placements if one.is_valid_on(day))
    london = sizes.pop("london")
    assert london == 2
    assert len(sizes) == 9
    assert {kind_of[code] for code in sizes} == {OrganisationKind.ROCU}
    assert min(sizes.values()) == 3
    assert max(sizes.values()) == 7
    assert sum(sizes.values()) == 41


def test_placements_leave_five_forces_without_a_region(
    accounts: AccountsReference,
) -> None:
    placed = {one.organisation for one in accounts.placements}
    forces = {
        one.code for one in accounts.organisations if one.kind is OrganisationKind.FORCE
    }
    assert forces - placed == {
        "btp",
        "cnc",
        "mdp",
        "northern-ireland",
        "police-scotland",
    }


def test_placements_name_regions_that_exist_on_those_days(
    accounts: AccountsReference,
) -> None:
    by_code = {one.code: one for one in accounts.organisations}
    for placement in accounts.placements:
        first = placement.valid_from or by_code[placement.parent].valid_from
        if first:
            assert by_code[placement.parent].is_valid_on(first), placement


def test_succession_joins_the_end_to_the_start(accounts: AccountsReference) -> None:
    by_code = {one.code: one for one in accounts.organisations}
    (succession,) = accounts.successions
    assert (succession.predecessor, succession.successor) == ("nersou", "nerocu")
    assert by_code["nersou"].valid_to == succession.happened_on
    assert by_code["nerocu"].valid_from == succession.happened_on
    assert succession.confidence is Confidence.PARTLY


def test_regions_have_a_display_name(accounts: AccountsReference) -> None:
    names = {
        one.code: one.region_name
        for one in accounts.organisations
        if one.kind in REGION_KINDS and one.is_valid_on(TODAY)
    }
    assert len(set(names.values())) == 10
    assert names["yhrocu"] == "Yorkshire and the Humber"


def test_tiles_cover_the_forces_with_an_area(accounts: AccountsReference) -> None:
    with_area = {one.code for one in accounts.organisations if one.ons_code}
    assert {tile.code for tile in accounts.tiles} == with_area
    assert len(with_area) == 45


# Code lists


def test_threat_types_are_the_ten(groups: GroupsReference) -> None:
    assert len(groups.threat_types) == 10
    crossed = {one.attribute for one in groups.threat_types} - {""}
    assert len(crossed) == 5
    assert crossed < CRIMINALITY_ATTRIBUTES


def test_offences_are_whole_and_cross_only_where_defensible(
    groups: GroupsReference,
) -> None:
    by_code = {one.code: one for one in groups.offences}
    assert len(by_code) == 136
    assert by_code["92A"].threat_type == "illegal-drugs"
    assert by_code["92D"].threat_type == ""
    assert by_code["53C"].is_outcomes_only
    assert not any("outcome" in one.name for one in groups.offences)


def test_commodities_are_never_people(groups: GroupsReference) -> None:
    assert len(groups.commodities) >= 30
    for one in groups.commodities:
        assert "people" not in one.code


@pytest.mark.parametrize(
    ("kind", "value", "normalised"),
    [
        pytest.param("phone", "07700 900123", "+447700900123", id="national"),
        pytest.param("phone", "+44 (0)7700 900-123", "+447700900123", id="both"),
        pytest.param("phone", "00447700900123", "+447700900123", id="double-zero"),
        pytest.param("phone", "+33 1 23 45 67 89", "+33123456789", id="abroad"),
        pytest.param("vehicle", "ab12 cde", "AB12CDE", id="registration"),
        pytest.param("email", " Name@Example.ORG ", "name@example.org", id="email"),
        pytest.param("pnc_id", "2001/1234567x", "2001/1234567X", id="pnc"),
        pytest.param("address", "1  High street", "1 HIGH STREET", id="address"),
        pytest.param("postcode", "sw1a 1aa", "SW1A1AA", id="postcode"),
    ],
)
def test_normalise_brings_spellings_together(
    kinds: dict[str, IdentifierKind], kind: str, value: str, normalised: str
) -> None:
    assert kinds[kind].normalise(value) == normalised
    assert kinds[kind].normalise(normalised) == normalised
    assert kinds[kind].fits(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("phone", "not known", id="words"),
        pytest.param("email", "name at example", id="no-at"),
        pytest.param("pnc_id", "2001-1234567X", id="wrong-separator"),
        pytest.param("postcode", "SW1A 1A", id="short"),
    ],
)
def test_fits_refuses_a_wrong_shape(
    kinds: dict[str, IdentifierKind], kind: str, value: str
) -> None:
    assert not kinds[kind].fits(value)


def test_kinds_of_places_are_not_identifiers(
    kinds: dict[str, IdentifierKind],
) -> None:
    places = {code for code, kind in kinds.items() if kind.used_for is UsedFor.PLACE}
    assert places == {"postcode", "outcode"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("07700900123", True, id="mobile"),
        pytest.param("01414960999", True, id="city"),
        pytest.param("01632960000", True, id="no-area"),
        pytest.param("07700901000", False, id="just-above"),
        pytest.param("02079459999", False, id="just-below"),
        pytest.param("0770090012", False, id="short"),
        pytest.param("+4477009001", False, id="not-national"),
    ],
)
def test_fictional_ranges(groups: GroupsReference, number: str, expected: bool) -> None:
    found = any(one.contains(number) for one in groups.fictional_ranges)
    assert found is expected


# The published files themselves


def test_forces_agree_with_the_published_list(
    accounts: AccountsReference,
) -> None:
    with real_data("geo", "uk_police_forces.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    by_ons = {one.ons_code: one for one in accounts.organisations if one.ons_code}
    region_of = {
        one.organisation: one.parent
        for one in accounts.placements
        if one.is_valid_on(TODAY)
    }
    region_name = {one.code: one.region_name for one in accounts.organisations}
    assert len(published) == 48
    for row in (row for row in published if row["ons_code"]):
        force = by_ons[row["ons_code"]]
        assert str(force.population_mid_2020) == row["population_mid2020"]
        if row["police_uk_slug"]:
            assert force.code == row["police_uk_slug"]
        ours = region_name[region_of[force.code]] if force.code in region_of else ""
        assert row["rocu_region"].startswith(ours)
        assert bool(ours) == bool(row["rocu_region"])


def test_offences_agree_with_the_published_list(
    groups: GroupsReference,
) -> None:
    path = real_data("reference", "home_office_offence_codes_2017.csv")
    with path.open(encoding="utf-8") as file:
        published = {
            row["home_office_code"]: row["offence_group"]
            for row in csv.DictReader(file)
        }
    assert {one.published_code: one.group for one in groups.offences} == published
