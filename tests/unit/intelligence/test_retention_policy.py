"""How long each retention class is kept before somebody decides."""

from datetime import date

import pytest

from intelligence.retention_policy import (
    DISPOSAL_REASONS,
    GROUNDS,
    LINES,
    DisposalReason,
    Ground,
    falls_due,
    latest_review,
    recorded_before,
)
from ocgmap.common.records import RetentionClass


def test_every_class_has_a_line_with_its_source() -> None:
    assert set(LINES) == set(RetentionClass.values)
    for line in LINES.values():
        assert line.source
        assert line.confidence
        assert line.clear_years >= 6, "Hansard, 19 June 2006: a minimum of six years"


def test_every_code_has_words() -> None:
    assert set(GROUNDS) == set(Ground)
    assert set(DISPOSAL_REASONS) == set(DisposalReason)


@pytest.mark.parametrize(
    ("code", "day", "due"),
    [
        ("2", date(2026, 11, 27), date(2036, 11, 27)),
        ("3", date(2028, 2, 29), date(2034, 2, 28)),
        ("4", date(2026, 1, 31), date(2032, 1, 31)),
    ],
)
def test_the_days_of_the_policy(code: str, day: date, due: date) -> None:
    assert latest_review(code, day) == due
    assert falls_due(code, day) == due


def test_what_was_recorded_before_is_due() -> None:
    today = date(2026, 11, 27)
    assert recorded_before("3", today) == date(2020, 11, 27)
    assert falls_due("3", date(2020, 11, 26)) < today
