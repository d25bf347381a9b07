from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.yardstick import (
    YARDSTICK,
    EstimateDisagrees,
    InYardstickGap,
    UnknownEstimate,
    estimate_of,
    likelihood_at,
)

percents = st.decimals(0, 100, places=1)
# As the source prints them; the upper end of 40 to 50 is not in it.
PUBLISHED = {
    "Remote chance": (0, 5),
    "Highly unlikely": (10, 20),
    "Unlikely": (25, 35),
    "Realistic possibility": (40, 50),
    "Likely or probable": (55, 75),
    "Highly likely": (80, 90),
    "Almost certain": (95, 100),
}


def fits(percent):
    return [
        words
        for words, (low, high) in PUBLISHED.items()
        if low <= percent <= high and not (words.startswith("Real") and percent == 50)
    ]


def test_the_words_are_those_that_were_published():
    found = {one.words: (one.low, one.high) for one in YARDSTICK.likelihoods}
    assert found == PUBLISHED
    assert [one.words for one in YARDSTICK.likelihoods if one.is_below_high] == [
        "Realistic possibility"
    ]


def test_the_words_are_in_order_with_a_gap_between_any_two():
    for below, above in pairwise(YARDSTICK.likelihoods):
        assert below.low < below.high < above.low


@given(percents)
def test_a_percentage_is_one_word_or_is_refused(percent):
    expected = fits(percent)
    assert len(expected) <= 1
    if expected:
        assert likelihood_at(percent).words == expected[0]
        return
    with pytest.raises(InYardstickGap) as caught:
        likelihood_at(percent)
    by_key = YARDSTICK.by_key
    below, above = (by_key[caught.value.details[side]] for side in ("below", "above"))
    assert below.low < percent < above.low
    assert (below, above) in pairwise(YARDSTICK.likelihoods)
    assert below.words in caught.value.message
    assert above.words in caught.value.message
    assert "gaps on purpose" in caught.value.message


@given(percents, percents)
def test_a_higher_percentage_is_never_a_less_likely_word(one, other):
    low, high = sorted((one, other))
    if fits(low) and fits(high):
        words = YARDSTICK.likelihoods
        assert words.index(likelihood_at(low)) <= words.index(likelihood_at(high))


@given(st.sampled_from(YARDSTICK.likelihoods), percents)
def test_a_word_and_a_percentage_agree_or_are_refused(word, percent):
    if not fits(percent):
        with pytest.raises(InYardstickGap):
            estimate_of(word.key, str(percent))
    elif fits(percent) == [word.words]:
        found = estimate_of(word.key, f"{percent} %")
        assert (found.likelihood, found.percent) == (word, percent)
    else:
        with pytest.raises(EstimateDisagrees) as caught:
            estimate_of(word.key, str(percent))
        assert word.words in caught.value.message


@given(st.sampled_from(YARDSTICK.likelihoods))
def test_a_word_alone_is_enough(word):
    assert estimate_of(word.key).likelihood is word
    assert estimate_of(word.key).percent is None


def test_a_percentage_alone_is_enough():
    assert estimate_of("", "62.5%").likelihood.key == "likely"


@pytest.mark.parametrize(
    "percent",
    [
        "-1",
        "101",
        "half",
        "NaN",
        "Infinity",
        "6.25",
        "1e1",
        "9" * 40,
        "1_0",
        "\u0665\u0660",
    ],
)
def test_what_is_no_percentage_is_refused_beside_its_field(percent):
    with pytest.raises(UnknownEstimate) as caught:
        estimate_of("", percent)
    assert caught.value.field == "percent"


@pytest.mark.parametrize("key", ["", "maybe"])
def test_what_is_no_word_is_refused_beside_its_field(key):
    with pytest.raises(UnknownEstimate) as caught:
        estimate_of(key)
    assert caught.value.field == "likelihood"


def test_the_end_of_a_word_may_belong_to_it_or_not():
    closed = replace(YARDSTICK.by_key["realistic_possibility"], is_below_high=False)
    assert closed.holds(Decimal(50))
    assert not YARDSTICK.by_key["realistic_possibility"].holds(Decimal(50))
