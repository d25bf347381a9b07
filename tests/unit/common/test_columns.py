"""Which columns of a list are shown."""

import pytest

from ocgmap.common.columns import chosen
from ocgmap.common.parameters import InvalidParameter

NAMES = {"name": "Name", "owner": "Owner", "tier": "Tier"}
CELLS = ["a", "b", "c"]


def test_all_are_shown_until_chosen() -> None:
    assert chosen("x", NAMES, asked=None, remembered=[]).of(CELLS) == CELLS
    assert chosen("x", NAMES, asked="", remembered=["owner"]).of(CELLS) == CELLS


def test_address_comes_before_what_is_remembered_and_the_first_stays() -> None:
    assert chosen("x", NAMES, asked="tier", remembered=["owner"]).of(CELLS) == [
        "a",
        "c",
    ]
    assert chosen("x", NAMES, asked=None, remembered=["owner"]).of(CELLS) == ["a", "b"]


def test_column_that_went_is_forgotten() -> None:
    assert chosen("x", NAMES, asked=None, remembered=["gone"]).of(CELLS) == CELLS


def test_unknown_column_of_an_address_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="There is no cars"):
        chosen("x", NAMES, asked="tier,cars", remembered=[])


def test_options_leave_out_the_first() -> None:
    options = chosen("x", NAMES, asked="tier", remembered=[]).options
    assert [(one["value"], one["checked"]) for one in options] == [
        ("owner", False),
        ("tier", True),
    ]
