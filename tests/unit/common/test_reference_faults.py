"""A wrong reference file is refused by the name of its file, line and field."""

import shutil
from pathlib import Path

import pytest

from ocgmap.common.reference import ReferenceDataError, read_accounts, read_groups

ROOT = Path(__file__).resolve().parents[3]
ACCOUNTS = ROOT / "accounts" / "reference"
GROUPS = ROOT / "groups" / "reference"


def _copy(folder: Path, into: Path) -> Path:
    return Path(shutil.copytree(folder, into / folder.parent.name / folder.name))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        pytest.param(
            "organisations.csv",
            ",force,,england_wales,E23000036",
            ",army,,england_wales,E23000036",
            r"accounts/reference/organisations.csv, line 2, field kind: 'army'",
            id="kind",
        ),
        pytest.param(
            "organisations.csv",
            "avon-and-somerset,",
            "Avon & Somerset,",
            r"line 2, field code: 'Avon & Somerset' is no code",
            id="code",
        ),
        pytest.param(
            "organisations.csv",
            ",1729464,",
            ",many,",
            r"field population_mid_2020: 'many' is no whole number",
            id="population",
        ),
        pytest.param(
            "organisations.csv",
            "bedfordshire,",
            "avon-and-somerset,",
            r"'avon-and-somerset' stands there twice",
            id="twice",
        ),
        pytest.param(
            "organisations.csv",
            "rocu,North East,england_wales,,,2023-11-22",
            "rocu,,england_wales,,,2023-11-22",
            r"field region_name: is for regions",
            id="region-name",
        ),
        pytest.param(
            "organisations.csv",
            "2013-10-01,month",
            "1 October 2013,month",
            r"field valid_from: '1 October 2013' is no date",
            id="date",
        ),
        pytest.param(
            "organisations.csv",
            "2013-10-01,month",
            "2013-10-01,",
            r"field valid_from_precision: stands with valid_from",
            id="precision",
        ),
        pytest.param(
            "organisations.csv",
            "2013-10-01,month,2023-11-22",
            "2023-11-22,day,2023-11-22",
            r"field valid_to: 2023-11-22 is not after",
            id="order",
        ),
        pytest.param(
            "organisations.csv",
            "code,name,",
            "name,code,",
            r"line 1: the header is",
            id="header",
        ),
        pytest.param(
            "placements.csv",
            "kent,ersou,",
            "kent,essex,",
            r"field parent: 'essex' is not declared",
            id="parent",
        ),
        pytest.param(
            "placements.csv",
            "kent,ersou,",
            "essex,ersou,",
            r"'essex' is placed in 'ersou' and in 'ersou'",
            id="overlap",
        ),
        pytest.param(
            "placements.csv",
            "durham,nersou,2013-10-01,2023-11-22",
            "durham,nersou,2013-10-01,2023-11-23",
            r"'durham' is placed in 'nersou' and in 'nerocu'",
            id="overlap-by-a-day",
        ),
        pytest.param(
            "successions.csv",
            "nersou,nerocu",
            "nersou,nersou",
            r"field successor: is the predecessor",
            id="self",
        ),
        pytest.param(
            "successions.csv",
            "2023-11-22,2022-12-08",
            ",2022-12-08",
            r"field happened_on: is empty",
            id="undated",
        ),
        pytest.param(
            "successions.csv",
            "2023-11-22,2022-12-08",
            "2023-11-22,2024-12-08",
            r"field not_before: is after",
            id="not-before",
        ),
        pytest.param(
            "tile_map.json",
            '"code": "kent", "q": 5, "r": 1',
            '"code": "kent", "q": 6, "r": 2',
            r"\(6, 2\) stands there twice",
            id="tile",
        ),
        pytest.param(
            "tile_map.json", '"kent"', '"nca"', r"'nca' is no force", id="tile-code"
        ),
        pytest.param("tile_map.json", '"tiles"', '"t"', r"no list of tiles", id="json"),
    ],
)
def test_read_accounts_names_the_fault(
    tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    folder = _copy(ACCOUNTS, tmp_path)
    _replace(folder / name, old, new)
    with pytest.raises(ReferenceDataError, match=complaint):
        read_accounts(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        pytest.param(
            "threat_types.csv",
            ",drug_activity,",
            ",drugs,",
            r"line 5, field attribute: 'drugs' is not declared",
            id="attribute",
        ),
        pytest.param(
            "offences.csv",
            "no,illegal-drugs,",
            "no,drugs,",
            r"field threat_type: 'drugs' is not declared",
            id="threat",
        ),
        pytest.param(
            "offences.csv",
            "56A,56A,Arson endangering life,Arson,Criminal damage and arson,no,,",
            "56A,56A,Arson endangering life,Arson,Criminal damage and arson,no,,because",
            r"line 2, field crosswalk_basis",
            id="basis",
        ),
        pytest.param(
            "offences.csv",
            "arson,no,,",
            "arson,maybe,,",
            r"field outcomes_only: 'maybe' is neither yes nor no",
            id="flag",
        ),
        pytest.param(
            "offences.csv", "arson,no,,", "arson,no,", r"7 cells, must have 8", id="cut"
        ),
        pytest.param(
            "offences.csv",
            "56A,Arson",
            "56A, Arson",
            r"field name: .* spaces",
            id="pad",
        ),
        pytest.param(
            "commodities.csv",
            "cocaine,Cocaine powder,drug,kg",
            "cocaine,Cocaine powder,drug,stone",
            r"field default_unit: 'stone' is not allowed; use one of: kg",
            id="unit",
        ),
        pytest.param(
            "identifier_kinds.csv",
            "trim lower,yes",
            "squash,yes",
            r"field normalisation: 'squash' is no step",
            id="step",
        ),
        pytest.param(
            "identifier_kinds.csv",
            "handle,Online handle,trim lower,no",
            "handle,Online handle,trim lower,yes",
            r"field must_match: says yes",
            id="must-match",
        ),
        pytest.param(
            "identifier_formats.csv",
            "AB12 CDE",
            "AB1 CDE",
            r"field example: 'AB1 CDE' does not fit",
            id="example",
        ),
        pytest.param(
            "identifier_formats.csv",
            "[0-9]{7}[A-Z]$",
            "[0-9]{7[A-Z$",
            r"field pattern: is no regular expression",
            id="pattern",
        ),
        pytest.param(
            "identifier_formats.csv",
            '\ncro,"serial',
            '\ncrone,"serial',
            r"field kind: 'crone' is not declared",
            id="format-kind",
        ),
        pytest.param(
            "fictional_phone_ranges.csv",
            "07700900999",
            "07700899999",
            r"field last: must be",
            id="range",
        ),
        pytest.param(
            "fictional_phone_ranges.csv",
            "07700900000",
            "7700900000",
            r"field first: '7700900000' is no number",
            id="number",
        ),
    ],
)
def test_read_groups_names_the_fault(
    tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    folder = _copy(GROUPS, tmp_path)
    _replace(folder / name, old, new)
    with pytest.raises(ReferenceDataError, match=complaint):
        read_groups(folder)


def test_read_refuses_an_absent_empty_or_miscoded_file(tmp_path: Path) -> None:
    folder = _copy(GROUPS, tmp_path)
    path = folder / "commodities.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(header + "\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="has a header and no rows"):
        read_groups(folder)
    path.write_bytes(header.encode() + b"\nca\xe9,x,drug,kg,\n")
    with pytest.raises(ReferenceDataError, match="is not UTF-8"):
        read_groups(folder)
    path.unlink()
    with pytest.raises(ReferenceDataError, match="the file is not there"):
        read_groups(folder)


def test_error_carries_file_line_and_field(tmp_path: Path) -> None:
    folder = _copy(GROUPS, tmp_path)
    _replace(folder / "offences.csv", "arson,no,,", "arson,maybe,,")
    with pytest.raises(ReferenceDataError) as caught:
        read_groups(folder)
    assert caught.value.path == folder / "offences.csv"
    assert (caught.value.line, caught.value.field) == (2, "outcomes_only")
