"""How likely something is, in the words of the probability yardstick. Pure.

The yardstick leaves gaps between its words on purpose, so that no two of them are taken
for each other: an estimate that falls into a gap is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from ocgmap.common.errors import AppError

_CERTAIN: Final = Decimal(100)
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9])?")


class UnknownEstimate(AppError):
    """An estimate that is neither a word of the yardstick nor a percentage."""

    code = "unknown_estimate"


class InYardstickGap(AppError):
    """A percentage between two words of the yardstick."""

    code = "in_yardstick_gap"


class EstimateDisagrees(AppError):
    """A percentage that belongs to another word than the one chosen beside it."""

    code = "estimate_disagrees"


@dataclass(frozen=True, slots=True)
class Likelihood:
    """One word of the yardstick and the percentages that it stands for.

    Both ends belong to it, but for the upper one where `is_below_high`.
    """

    key: str
    words: str
    low: int
    high: int
    is_below_high: bool = False

    @property
    def range_text(self) -> str:
        """Return the percentages as people read them."""
        upto = "to under" if self.is_below_high else "to"
        return f"{self.low}% {upto} {self.high}%"

    def holds(self, percent: Decimal) -> bool:
        """Return whether the word stands for this percentage."""
        is_below = percent < self.high if self.is_below_high else percent <= self.high
        return self.low <= percent and is_below


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """One version of the yardstick, its words from the least likely; never edited."""

    version: str
    title: str
    standing: str
    source: str
    effective_on: date
    likelihoods: tuple[Likelihood, ...]

    @property
    def by_key(self) -> Mapping[str, Likelihood]:
        """Return the words by their keys."""
        return MappingProxyType({one.key: one for one in self.likelihoods})


@dataclass(frozen=True, slots=True)
class Estimate:
    """A word of a version of the yardstick; `percent` where one was given besides."""

    yardstick: Yardstick
    likelihood: Likelihood
    percent: Decimal | None = None


YARDSTICK: Final = Yardstick(
    version="1",
    title="Probability yardstick",
    standing=(
        "The words and percentages are as printed in the National Strategic Assessment "
        "2020. That realistic possibility ends below 50% is recalled from the yardstick "
        "of the Professional Head of Intelligence Assessment, to be confirmed."
    ),
    source="NCA, National Strategic Assessment 2020 (PHIA probability yardstick)",
    effective_on=date(2026, 11, 1),
    likelihoods=(
        Likelihood("remote_chance", "Remote chance", 0, 5),
        Likelihood("highly_unlikely", "Highly unlikely", 10, 20),
        Likelihood("unlikely", "Unlikely", 25, 35),
        Likelihood(
            "realistic_possibility",
            "Realistic possibility",
            40,
            50,
            is_below_high=True,
        ),
        Likelihood("likely", "Likely or probable", 55, 75),
        Likelihood("highly_likely", "Highly likely", 80, 90),
        Likelihood("almost_certain", "Almost certain", 95, 100),
    ),
)
YARDSTICKS: Final[Mapping[str, Yardstick]] = MappingProxyType(
    {YARDSTICK.version: YARDSTICK}
)


def estimate_of(
    key: str, percent: str = "", *, yardstick: Yardstick = YARDSTICK
) -> Estimate:
    """Return an estimate given as the key of a word, as a percentage, or as both.

    Raises:
        UnknownEstimate: there is neither, or one that cannot be meant.
        InYardstickGap: the percentage lies between two words.
        EstimateDisagrees: the percentage belongs to another word.
    """
    chosen = _named(key, yardstick) if key else None
    if not percent.strip():
        if chosen is None:
            raise UnknownEstimate(
                "Say how likely it is: choose one of the words, or enter a percentage.",
                field="likelihood",
            )
        return Estimate(yardstick, chosen)
    number = _number(percent)
    found = likelihood_at(number, yardstick)
    if chosen is not None and chosen is not found:
        raise EstimateDisagrees(
            f"{_shown(number)} is “{found.words}” ({found.range_text}), and you chose "
            f"“{chosen.words}” ({chosen.range_text}). Change one of the two, or leave "
            "the percentage out.",
            field="percent",
        )
    return Estimate(yardstick, found, number)


def likelihood_at(percent: Decimal, yardstick: Yardstick = YARDSTICK) -> Likelihood:
    """Return the word that stands for a percentage from 0 to 100.

    Raises:
        UnknownEstimate: it is less than 0 or more than 100.
        InYardstickGap: it lies between two words; the message names both.
    """
    if not 0 <= percent <= _CERTAIN:
        raise UnknownEstimate(
            f"{_shown(percent)} is no probability. Enter a percentage from 0 to 100.",
            field="percent",
        )
    for one in yardstick.likelihoods:
        if one.holds(percent):
            return one
    below, above = next(
        pair for pair in pairwise(yardstick.likelihoods) if percent < pair[1].low
    )
    raise InYardstickGap(
        f"{_shown(percent)} lies in the gap between “{below.words}” ({below.range_text}) "
        f"and “{above.words}” ({above.range_text}). The yardstick leaves gaps on "
        "purpose, so that no two of its words are taken for each other. Choose one of "
        "these two, or a percentage inside one of them.",
        field="percent",
        below=below.key,
        above=above.key,
    )


def _named(key: str, yardstick: Yardstick) -> Likelihood:
    found = yardstick.by_key.get(key)
    if found is None:
        names = ", ".join(one.words.lower() for one in yardstick.likelihoods)
        raise UnknownEstimate(
            f"This is no word of the yardstick. Choose one of: {names}.",
            field="likelihood",
        )
    return found


def _number(text: str) -> Decimal:
    bare = text.strip().removesuffix("%").strip()
    if not _PERCENT.fullmatch(bare):
        raise UnknownEstimate(
            "Enter the percentage as a number with at most one decimal, for example 62 "
            "or 62.5.",
            field="percent",
        )
    return Decimal(bare)


def _shown(percent: Decimal) -> str:
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
