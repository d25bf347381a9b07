"""Chance with a seed, and shares that hold at any size."""

import datetime
import random
from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Final, TypeVar

T = TypeVar("T")
# As in `ocgmap.common.identifiers`, whose check character this makes by tables.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DOUBLED: Final = tuple((2 * value) // 32 + (2 * value) % 32 for value in range(32))
_SHIFTS: Final = tuple(range(35, -1, -5))
_VERSION_4: Final = (0xF << 76, 0x4 << 76)
_VARIANT: Final = (0x3 << 62, 0x2 << 62)
# Steps of sequences that fill the interval evenly and do not march together.
_STEPS: Final[Mapping[str, float]] = {
    name: sqrt(prime) % 1
    for name, prime in (
        ("threat", 2),
        ("crimes", 3),
        ("size", 5),
        ("review", 7),
        ("regions", 11),
        ("state", 13),
        ("activity", 17),
        ("unknown", 19),
        ("company", 23),
        ("sharing", 29),
        ("submitted", 31),
    )
}


# The 40 bits of a reference: which step, and which of its references.
_PLACE_BITS: Final = 20
_REFERENCE_BITS: Final = (1 << 40) - 1
_ODD: Final = 0x9E3779B97F4A7C15
# Moments of the working day, in UTC.
_MOMENTS: Final = tuple(
    f" {hour:02}:{minute:02}:{(hour * 7 + minute * 13) % 60:02}+00"
    for hour in range(8, 17)
    for minute in range(60)
)


class Chance(random.Random):  # noqa: S311 - invented records, no secrets
    """A seeded source of choices, ids and moments.

    `choice` and `randint` are simpler than Python's own, a little faster, and the same
    in every version of it.
    """

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        """Return one of the values."""
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        """Return a whole number from ``a`` to ``b``."""
        return a + int(self.random() * (b - a + 1))

    def pick(self, table: Mapping[T, float]) -> T:
        """Return one of the keys; the values are their weights, adding up to 1."""
        return at(table, self.random())

    def hits(self, share: float) -> bool:
        """Return true in so many of all cases."""
        return self.random() < share

    def public_id(self) -> str:
        """Return the digits of a random UUID of version 4."""
        bits = self.getrandbits(128)
        bits = bits & ~_VERSION_4[0] | _VERSION_4[1]
        bits = bits & ~_VARIANT[0] | _VARIANT[1]
        return f"{bits:032x}"

    def day_between(self, first: datetime.date, last: datetime.date) -> datetime.date:
        """Return one of the days from ``first`` to ``last``; ``last`` if it is earlier."""
        days = (last - first).days
        if days <= 0:
            return last
        return first + datetime.timedelta(days=self.randint(0, days))

    def moment_on(self, day: datetime.date) -> str:
        """Return a moment of the working day, in UTC."""
        return day.isoformat() + self.choice(_MOMENTS)


class Quota:
    """Says yes so often that its share is right after every few questions."""

    def __init__(self, share: float, start: float) -> None:
        """Take the share of yes, and where between 0 and 1 the count begins."""
        self.share = share
        self._owed = start

    def next(self) -> bool:
        """Return the next answer."""
        self._owed += self.share
        if self._owed < 1:
            return False
        self._owed -= 1
        return True


def reference(prefix: str, seed: int, step: int, place: int) -> str:
    """Return a reference with its check character, like those that pages show.

    No two of a nation are the same: every step of the mixing can be undone.
    """
    bits = (step << _PLACE_BITS | place) + seed * _ODD
    for _ in range(2):
        bits = bits * _ODD & _REFERENCE_BITS
        bits ^= bits >> 21
    values = [bits >> shift & 31 for shift in _SHIFTS]
    # From the right every second value is doubled, the last one first.
    total = sum(values[::2]) + sum(_DOUBLED[value] for value in values[1::2])
    body = "".join([_ALPHABET[value] for value in values])
    return f"{prefix}-{body[:4]}-{body[4:]}-{_ALPHABET[-total % 32]}"


def even(seed: int, name: str, index: int) -> float:
    """Return a number from 0 to below 1; a run of indices fills the interval evenly."""
    start = random.Random(f"{seed}/{name}").random()  # noqa: S311 - invented records
    return (start + index * _STEPS[name]) % 1


def at(table: Mapping[T, float], place: float) -> T:
    """Return the key on whose stretch of the interval ``place`` lies."""
    key = None
    for key, share in table.items():  # noqa: B007 - the last one takes what is left
        place -= share
        if place < 0:
            break
    if key is None:
        raise ValueError("nothing to choose from")
    return key


def lognormal(place: float, median: float, sigma: float) -> float:
    """Return the value below which the share ``place`` of the distribution lies."""
    bounded = min(max(place, 0.0005), 0.9995)
    return float(median * 2.718281828459045 ** (sigma * NormalDist().inv_cdf(bounded)))


def shares(weights: Mapping[T, float], total: int, least: Sequence[T]) -> dict[T, int]:
    """Return whole numbers near the weights that add up to ``total``.

    Each of ``least`` gets one at least, as far as there are enough.
    """
    first = list(least)[:total]
    found = dict.fromkeys(weights, 0) | dict.fromkeys(first, 1)
    left = total - len(first)
    whole = sum(weights.values())
    exact = {key: left * weight / whole for key, weight in weights.items()}
    for key, number in exact.items():
        found[key] += int(number)
    rest = total - sum(found.values())
    by_remainder = sorted(
        exact, key=lambda key: (int(exact[key]) - exact[key], str(key))
    )
    for key in by_remainder[:rest]:
        found[key] += 1
    return found
