"""Fragility: the smallest set of reports without which the band would be another.

Removing a report removes all its claims. A level that a judgement holds does not move,
even where every report that the judgement cites is removed: a person decided it, and
only a person takes it back. How many levels stand so is part of the answer.

Only sets that strip attributes of all claims at their highest level can move anything,
so the search goes from set to set by stripping one attribute further. It takes the set
first that could be the smallest by a bound that is never too high, which makes its first
find exact; where it has looked at enough sets, it says so and gives what it found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from heapq import heappop, heappush
from operator import or_
from typing import Final

from scoring.engine.attributes import RANK, Level
from scoring.engine.combine import worth_tables
from scoring.engine.facts import GroupFacts
from scoring.engine.policy import INSUFFICIENT, Axis, Scheme
from scoring.engine.reading import claims_in_window, current_judgements

# Sets looked at before the search gives up: less than an engine run is spent on each.
MOST_SETS: Final = 200
_NEVER: Final = 1 << 30
# Shares are fractions; a bound must not be too high by a rounding error.
_SLACK: Final = 1e-9
_Shares = list[tuple[int, float]]


class Finding(StrEnum):
    """How sure the size of the set is."""

    EXACT = "exact"
    AT_MOST = "at_most"
    NONE = "none"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Fragility:
    """The band, the reports without which it would be `band_without`, and how sure.

    EXACT: no smaller set moves the band. AT_MOST: this one does, found by bounded
    search, and a smaller one of `at_least` may. NONE: no removal moves it. NOT_FOUND:
    the search ended before it could tell. There may be other sets of the same size.
    `judged` counts the levels that stand by judgement, which no removal moves.
    """

    finding: Finding
    band: str | None
    judged: int
    reports: tuple[int, ...] = ()
    band_without: str | None = None
    at_least: int = 0


def fragility(
    facts: GroupFacts, scheme: Scheme, *, most_sets: int = MOST_SETS
) -> Fragility:
    """Return how few reports the band of these facts hangs on.

    A scheme without bands has none to move.
    """
    ground = _Ground.of(facts, scheme)
    band = ground.band(0)
    if not scheme.has_bands or band == INSUFFICIENT:
        # Removal only makes more unknown, so that stays insufficient.
        return Fragility(Finding.NONE, band, ground.judged)
    found, at_least = _search(ground, band, most_sets)
    if found is None and at_least >= _NEVER:
        return Fragility(Finding.NONE, band, ground.judged)
    if found is None:
        found = _descended(ground, band)
    if found is None:
        return Fragility(Finding.NOT_FOUND, band, ground.judged, at_least=at_least)
    size = found.bit_count()
    return Fragility(
        finding=Finding.EXACT if at_least >= size else Finding.AT_MOST,
        band=band,
        judged=ground.judged,
        reports=ground.report_ids(found),
        band_without=ground.band(found),
        at_least=min(at_least, size),
    )


@dataclass(frozen=True, slots=True)
class _Stack:
    """An attribute that rests on claims: points and reports, highest level first.

    Sets of reports are bits of a number. `bare` are its points once it is unknown.
    `moves` are the most that it can lose, and gain, from each level on; `reports` are
    those of all levels.
    """

    axis: int
    steps: tuple[tuple[int, int], ...]
    bare: int
    moves: tuple[tuple[int, int], ...]
    reports: int

    @classmethod
    def of(cls, axis: int, steps: Sequence[tuple[int, int]], bare: int) -> "_Stack":
        points = [*(one for one, _ in steps), bare]
        moves = (
            (points[place] - min(points[place:]), max(points[place:]) - points[place])
            for place in range(len(steps))
        )
        reports = reduce(or_, (one for _, one in steps))
        return cls(axis, tuple(steps), bare, tuple(moves), reports)

    def top(self, removed: int) -> int:
        """Return the place of the highest level that is left; past the end if none."""
        for place, (_, reports) in enumerate(self.steps):
            if reports & ~removed:
                return place
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the search walks on: the attributes that can move, and what stands."""

    scheme: Scheme
    ids: tuple[int, ...]
    stacks: tuple[_Stack, ...]
    fixed: tuple[int, ...]
    fixed_unknown: int
    count: int
    judged: int

    @classmethod
    def of(cls, facts: GroupFacts, scheme: Scheme) -> "_Ground":
        judged = current_judgements(facts)
        claimed: dict[str, dict[Level, set[int]]] = {}
        for claim in claims_in_window(facts, scheme):
            if claim.attribute not in judged:
                by_level = claimed.setdefault(claim.attribute, {})
                by_level.setdefault(Level(claim.level), set()).add(claim.report_id)
        keys = scheme.attribute_keys()
        ids = sorted(
            {
                pk
                for key in keys
                for reports in claimed.get(key, {}).values()
                for pk in reports
            }
        )
        bits = {pk: 1 << place for place, pk in enumerate(ids)}
        stacks, fixed, unknown = [], [0] * len(scheme.axes), 0
        tables = zip(scheme.axes, worth_tables(scheme), strict=True)
        for place, (axis, worths) in enumerate(tables):
            for factor, table in zip(axis.factors, worths, strict=True):
                levels = claimed.get(factor.attribute)
                if levels:
                    steps = [
                        (table[level].points, sum(bits[pk] for pk in levels[level]))
                        for level in sorted(levels, key=lambda one: -RANK[one])
                    ]
                    bare = table[Level.UNKNOWN].points
                    stacks.append(_Stack.of(place, steps, bare))
                    continue
                held = judged.get(factor.attribute)
                level = Level(held.level) if held else Level.UNKNOWN
                fixed[place] += table[level].points
                unknown += level == Level.UNKNOWN
        return cls(
            scheme=scheme,
            ids=tuple(ids),
            stacks=tuple(stacks),
            fixed=tuple(fixed),
            fixed_unknown=unknown,
            count=len(keys),
            judged=sum(key in judged for key in keys),
        )

    def report_ids(self, removed: int) -> tuple[int, ...]:
        return tuple(pk for place, pk in enumerate(self.ids) if removed >> place & 1)

    def tops(self, removed: int) -> list[int]:
        return [stack.top(removed) for stack in self.stacks]

    def further(self, removed: int) -> list[int]:
        """Return the sets that strip one attribute further."""
        return [
            removed | stack.steps[top][1]
            for stack, top in zip(self.stacks, self.tops(removed), strict=True)
            if top < len(stack.steps)
        ]

    def band(self, removed: int) -> str | None:
        return self.band_at(self.tops(removed))

    def band_at(self, tops: Iterable[int]) -> str | None:
        values, unknown = self.values_at(tops)
        return self.scheme.band(values, unknown, self.count)

    def values_at(self, tops: Iterable[int]) -> tuple[list[int], int]:
        """Return the points of each axis, and how many attributes are unknown."""
        values, unknown = list(self.fixed), self.fixed_unknown
        for stack, top in zip(self.stacks, tops, strict=True):
            if top < len(stack.steps):
                values[stack.axis] += stack.steps[top][0]
            else:
                values[stack.axis] += stack.bare
                unknown += 1
        return values, unknown


def _search(
    ground: _Ground, band: str | None, most_sets: int
) -> tuple[int | None, int]:
    """Return the smallest set found, and how small a set may at least be."""
    best: int | None = None
    size = _NEVER
    waiting = [(_at_least(ground, 0, ground.tops(0)), 0, 0)]
    met = {0}
    while waiting and waiting[0][0] < size:
        if len(met) > most_sets:
            return best, waiting[0][0]
        _, _, removed = heappop(waiting)
        for further in ground.further(removed):
            count = further.bit_count()
            if further in met or count >= size:
                continue
            met.add(further)
            tops = ground.tops(further)
            if ground.band_at(tops) != band:
                best, size = further, count
                continue
            bound = count + _at_least(ground, further, tops)
            if bound < min(size, _NEVER):
                heappush(waiting, (bound, -count, further))
    return best, size


def _at_least(ground: _Ground, removed: int, tops: list[int]) -> int:
    """Return a number of further reports below which the band cannot move.

    A report that is one of several at the top of an attribute bears its share of what
    the attribute can lose: the attribute loses nothing before all of them are gone. So
    the reports with the greatest shares cannot do more than their shares add up to.
    """
    values, unknown = ground.values_at(tops)
    losses: list[_Shares] = [[] for _ in values]
    gains: list[_Shares] = [[] for _ in values]
    blanks: _Shares = []
    for stack, top in zip(ground.stacks, tops, strict=True):
        if top == len(stack.steps):
            continue
        reports = stack.steps[top][1] & ~removed
        loss, gain = stack.moves[top]
        if loss:
            losses[stack.axis].append((reports, loss / reports.bit_count()))
        if gain:
            gains[stack.axis].append((reports, gain / reports.bit_count()))
        left = stack.reports & ~removed
        blanks.append((left, 1 / left.bit_count()))
    found = _count(ground.count // 2 + 1 - unknown, blanks)
    for place, axis in enumerate(ground.scheme.axes):
        down, up = _distances(axis, values[place])
        if down:
            found = min(found, _count(down, losses[place]))
        if up:
            found = min(found, _count(up, gains[place]))
    return found


def _distances(axis: Axis, value: int) -> tuple[int, int]:
    """Return the points to lose, and to gain, until the band part is another; 0 never."""
    down = up = 0
    for cut in axis.cuts:
        if value >= cut.at_least:
            lowest = cut is axis.cuts[-1]
            return 0 if lowest else value - cut.at_least + 1, up
        up = cut.at_least - value
    return down, up


def _count(wanted: float, shares: _Shares) -> int:
    """Return how many of the greatest sums of shares reach what is wanted."""
    if sum(share * reports.bit_count() for reports, share in shares) < wanted - _SLACK:
        return _NEVER
    sums: dict[int, float] = {}
    for reports, share in shares:
        rest = reports
        while rest:
            bit = rest & -rest
            sums[bit] = sums.get(bit, 0.0) + share
            rest ^= bit
    reached = 0.0
    for number, one in enumerate(sorted(sums.values(), reverse=True), start=1):
        reached += one
        if reached >= wanted - _SLACK:
            return number
    return _NEVER


def _descended(ground: _Ground, band: str | None) -> int | None:
    """Return a set that moves the band, by the step that promises most at each turn.

    No report can be left out of it. None where the way taken ends without moving it.
    """
    removed = 0
    while ground.band(removed) == band:
        further = ground.further(removed)
        if not further:
            return None
        removed = min(further, key=lambda one: (_promise(ground, one, band), one))
    for place in range(len(ground.ids)):
        fewer = removed & ~(1 << place)
        if fewer != removed and ground.band(fewer) != band:
            removed = fewer
    return removed


def _promise(ground: _Ground, removed: int, band: str | None) -> int:
    """Return how small a set from here on may at least be."""
    tops = ground.tops(removed)
    if ground.band_at(tops) != band:
        return removed.bit_count()
    return removed.bit_count() + _at_least(ground, removed, tops)
