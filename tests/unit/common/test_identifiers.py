"""References: shape, check character, nothing to count by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.identifiers import (
    _ALPHABET,
    check_character,
    is_reference,
    new_reference,
)

bodies = st.text(alphabet=_ALPHABET, min_size=8, max_size=8)


def test_new_reference_is_valid() -> None:
    reference = new_reference("G")
    assert is_reference(reference)
    assert is_reference(reference.lower())


@given(bodies, st.integers(0, 7), st.sampled_from(_ALPHABET))
def test_any_single_slip_is_found(body: str, place: int, other: str) -> None:
    wrong = body[:place] + other + body[place + 1 :]
    if wrong != body:
        assert check_character(wrong) != check_character(body)


@pytest.mark.parametrize(
    "text", ["", "G", "G-7K2M-9QX4", "G-7K2M-9QXU-A", "7K2M-9QX4-T", "-7K2M-9QX4-T"]
)
def test_what_is_no_reference(text: str) -> None:
    assert not is_reference(text)


def test_references_do_not_repeat() -> None:
    assert len({new_reference("R") for _ in range(2000)}) == 2000
