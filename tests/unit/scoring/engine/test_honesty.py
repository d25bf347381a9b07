from datetime import date, timedelta

from scoring.engine import (
    OCGM16_LOCAL,
    SLEIPNIR_2000,
    Agreement,
    EvidenceAge,
    Level,
    age_of,
    agreement,
    most_points,
    score_levels,
)
from tests.unit.scoring.engine.strategies import AT


def test_age_is_that_of_the_middle_and_of_the_oldest_report():
    days = [AT - timedelta(days=ago) for ago in (400, 10, 30, 20)]

    assert age_of(days, AT) == EvidenceAge(4, 20, 400)
    assert age_of([date(2026, 5, 31)], AT) == EvidenceAge(1, 0, 0)
    assert age_of([], AT) is None


def test_agreement_is_over_the_attributes_that_both_read():
    one = score_levels({"expertise": Level.HIGH}, OCGM16_LOCAL).reading
    other = score_levels({"expertise": Level.LOW}, SLEIPNIR_2000).reading

    assert agreement(one, other) == Agreement(shared=3, alike=2)
    assert agreement(one, one) == Agreement(16, 16)


def test_most_points_is_the_value_of_all_at_high():
    assert (most_points(SLEIPNIR_2000), most_points(OCGM16_LOCAL)) == (760, 64)
