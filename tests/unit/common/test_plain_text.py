"""Which texts are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.plain_text import is_readable, plain

LETTERS = st.characters(categories=["L", "M", "N", "P", "S", "Zs"])


@given(st.text(LETTERS.filter(lambda one: one != "\ufffd")))
def test_letters_of_every_script_are_text(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize("text", ["a\tb\nc", "خالد", "שלום\u200f!", "👩‍🚒", ""])
def test_what_people_write_is_text(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize(
    "character",
    ["\0", "\r", "\x1b", "\x7f", "\x85", "\ufffd", chr(0xD800), "\u202e", "\u2066"],
)
def test_what_misleads_is_not(character: str) -> None:
    assert not is_readable(f"Al{character}ex")


def test_line_feeds_are_plain() -> None:
    assert plain("a\r\nb\rc\nd") == "a\nb\nc\nd"
