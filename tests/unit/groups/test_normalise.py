import pytest

from groups.models.identifier import IdentifierKind
from groups.normalise import is_refused, kinds, misfit, normalise


@pytest.mark.parametrize(
    ("kind", "spellings", "one"),
    [
        (
            "phone",
            ["07700 900123", "+44 7700 900-123", "0044 (0)7700 900123"],
            "+447700900123",
        ),
        ("vehicle", ["ab12 cde", "AB12CDE", "Ab12-Cde"], "AB12CDE"),
        ("email", [" Name@Example.org "], "name@example.org"),
        ("address", ["1  high st"], "1 HIGH ST"),
        ("pnc_id", ["2001/1234567x"], "2001/1234567X"),
    ],
)
def test_spellings_meet(kind: str, spellings: list[str], one: str) -> None:
    assert {normalise(kind, spelling) for spelling in spellings} == {one}


@pytest.mark.parametrize(
    ("kind", "value", "refused"),
    [
        ("phone", "call me", True),
        ("phone", "07700 900123", False),
        ("vehicle", "no registration at all", False),
        ("email", "nobody", True),
    ],
)
def test_misfit_is_refused_or_kept_as_its_kind_says(
    kind: str, value: str, refused: bool
) -> None:
    assert is_refused(kind, value) is refused


def test_misfit_gives_an_example() -> None:
    assert misfit("phone", "07700 900123") == ""
    assert "07700 900123" in misfit("phone", "call me")


def test_every_kind_of_the_table_can_be_normalised() -> None:
    assert set(IdentifierKind.values) <= set(kinds())
