"""Words of a search are marked in a text, and nothing of it is changed."""

from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.highlight import Piece, excerpt_of


def test_words_are_marked_whatever_their_case() -> None:
    found = excerpt_of("Seen at the Yard, then at the yard.", ["yard"])
    assert [one.text for one in found if one.is_hit] == ["Yard", "yard"]
    assert "".join(one.text for one in found) == "Seen at the Yard, then at the yard."


def test_long_text_is_cut_around_the_first_hit() -> None:
    found = excerpt_of(f"{'a ' * 400}KESTREL{' b' * 400}", ["kestrel"])
    assert (found[0], found[-1]) == (Piece("…"), Piece("…"))
    assert sum(len(one.text) for one in found) < 200
    assert [one.text for one in found if one.is_hit] == ["KESTREL"]


def test_what_means_something_in_a_pattern_is_plain_text() -> None:
    assert excerpt_of("a+b (c)", ["(c", "+"])[-2] == Piece("(c", is_hit=True)


def test_without_a_word_the_beginning_is_shown() -> None:
    assert excerpt_of("Two lines\nof text", []) == [Piece("Two lines of text")]


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=4))
def test_pieces_are_the_text(text: str, words: list[str]) -> None:
    shown = "".join(one.text for one in excerpt_of(text, words)).strip("…")
    assert shown in " ".join(text.split()).replace("…", "…") or not shown
