"""A pasted list is read line by line, whatever it was pasted from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.pasted import (
    MOST_LINES,
    PasteKind,
    Reading,
    TooManyLines,
    plain_line,
    read_lines,
)


def kinds(pasted: str, kind: PasteKind = PasteKind.ANY) -> list[list[str]]:
    return [[one.kind for one in line.readings] for line in read_lines(pasted, kind)]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Ann   Example\t", "Ann Example"),
        ("•\tAnn Example", "Ann Example"),
        ("12. Ann Example", "Ann Example"),
        ("3) 07700 900123", "07700 900123"),
        ("– Ann Example;", "Ann Example"),
        ("\u200f\u202eAnn\u202c Example\ufeff", "Ann Example"),
        ("“O\u2019Example, Ann”", "O'Example, Ann"),
        ("AB12\u00a0CDE", "AB12 CDE"),
        ("07700 900123", "07700 900123"),
        ("•", ""),
        ("\u200b", ""),
    ],
)
def test_line_is_made_plain(typed: str, plain: str) -> None:
    assert plain_line(typed) == plain


def test_shape_tells_what_a_line_is() -> None:
    assert kinds("07700 900123\nAB12 CDE\nAnn Example\nann@example.org\n😀\nx") == [
        ["phone", "reference"],
        ["vehicle", "reference"],
        ["name"],
        ["email"],
        [],
        [],
    ]


def test_spellings_of_a_number_meet() -> None:
    readings = {
        line.readings
        for line in read_lines("07700 900123\n+44 7700 900123\n", PasteKind.PHONES)
    }
    assert readings == {(Reading("phone", "+447700900123"),)}


def test_surname_first_is_turned() -> None:
    [line] = read_lines("Example, Ann Beth")
    assert line.readings == (Reading("name", "Ann Beth Example"),)


def test_said_kind_is_kept_to() -> None:
    assert kinds("Ann Example\n07700 900123", PasteKind.PHONES) == [[], ["phone"]]
    assert kinds("AB12 CDE", PasteKind.REFERENCES) == [["reference"]]
    assert kinds("Ann 2nd", PasteKind.PEOPLE) == [["name"]]
    assert kinds("not one", PasteKind.VEHICLES) == [[]]


def test_numbers_of_lines_are_those_of_the_paste() -> None:
    assert [one.number for one in read_lines("a b\n\n \nc d")] == [1, 4]


def test_ten_thousand_lines_are_read_and_no_more() -> None:
    assert len(read_lines("Ann Example\n" * MOST_LINES)) == MOST_LINES
    with pytest.raises(TooManyLines):
        read_lines("Ann Example\n" * (MOST_LINES + 1))


def test_line_that_is_too_long_is_invalid() -> None:
    assert kinds("Ann " * 60) == [[]]


PASTES = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\u200e\u200f\u202e\u2066\ufeff\u00a0•–\t\r\n\v\f\x85\u2028😀"),
        st.sampled_from("AB12CDE 07700900123@.,-;'\"\n"),
    ),
    max_size=300,
)


@given(PASTES, st.sampled_from(PasteKind))
def test_any_paste_is_read(pasted: str, kind: PasteKind) -> None:
    lines = read_lines(pasted, kind)
    numbers = [one.number for one in lines]
    assert numbers == sorted(set(numbers))
    for line in lines:
        assert line.text
        assert (
            line.text == plain_line(line.text)
            or line.text[0] in "•◦▪‣·●○*–—-(0123456789"
        )
        bad = {"Cf", "Cc", "Cs", "Zl", "Zp"}
        assert not any(unicodedata.category(one) in bad for one in line.text)
        assert all(one.value for one in line.readings)


@given(
    st.lists(st.sampled_from(["Ann Example", "07700 900123", "AB12 CDE"]), max_size=50)
)
def test_bullets_and_marks_change_nothing(things: list[str]) -> None:
    bare = read_lines("\n".join(things))
    dressed = read_lines("\r\n".join(f"\u200f• {one}\u202c ;" for one in things))
    assert [one.readings for one in bare] == [one.readings for one in dressed]
