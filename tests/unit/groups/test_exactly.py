"""What stands in quotation marks, and a reference, is looked for as it is."""

import pytest

from groups.search import exactly
from ocgmap.common.identifiers import new_reference


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Smith", ("Smith", False)),
        ('"Smith"', ("Smith", True)),
        (' "Jo  Smith" ', ("Jo  Smith", True)),
        ('Smith"', ('Smith"', False)),
        ('"', ('"', False)),
        ('""', ("", True)),
        ("A\0B", ("A B", False)),
        ("G-0000-0000-1", ("G-0000-0000-1", False)),
    ],
)
def test_quotation_marks_ask_for_no_likeness(
    typed: str, expected: tuple[str, bool]
) -> None:
    assert exactly(typed) == expected


def test_a_reference_is_no_word() -> None:
    reference = new_reference("G")
    assert exactly(f" {reference} ") == (reference, True)
