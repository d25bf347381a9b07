"""Words of a search are marked in a text, and nothing of it is changed."""

from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.highlight import START, STOP, Piece, highlighted, pieces_of


def test_words_are_marked_whatever_their_case() -> None:
    found = highlighted("Seen at the Yard, then at the yard.", ["yard"])
    assert [one.text for one in found if one.is_hit] == ["Yard", "yard"]


def test_what_means_something_in_a_pattern_is_plain_text() -> None:
    assert highlighted("a+b (c)", ["(c", "+"])[-2] == Piece("(c", is_hit=True)


def test_single_letters_are_not_marked() -> None:
    assert highlighted("Kestrel", ["k"]) == [Piece("Kestrel")]


def test_marks_of_the_database_become_pieces_on_one_line() -> None:
    found = pieces_of(f"Two\n{START}lines{STOP} of text")
    assert found == [Piece("Two "), Piece("lines", is_hit=True), Piece(" of text")]


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=4))
def test_pieces_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(one.text for one in highlighted(text, words)) == text


@given(st.text(alphabet=f"ab {START}{STOP}", max_size=40))
def test_no_mark_is_ever_shown(marked: str) -> None:
    shown = "".join(one.text for one in pieces_of(marked))
    assert START not in shown
    assert STOP not in shown
