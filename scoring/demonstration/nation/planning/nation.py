"""The nation as a whole, and the rows of each of its steps."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Final

from scoring.demonstration.nation.planning.country import Country
from scoring.demonstration.nation.planning.decisions import plan_band, plan_judgements
from scoring.demonstration.nation.planning.doings import plan_doings
from scoring.demonstration.nation.planning.groups import plan_group, plan_links
from scoring.demonstration.nation.planning.identifiers import plan_business
from scoring.demonstration.nation.planning.people import plan_people
from scoring.demonstration.nation.planning.register import plan_register
from scoring.demonstration.nation.planning.reports import plan_reports
from scoring.demonstration.nation.planning.spread import Chance, shares
from scoring.demonstration.nation.planning.tables import Rows
from scoring.demonstration.nation.planning.work import Work

GROUPS_AT_SCALE_1: Final = 5_000
# Few enough that what one step leaves to be scored is done in a part of a second.
GROUPS_A_STEP: Final = 40


@dataclass(frozen=True, slots=True)
class Nation:
    """Which nation: the same three values make the same rows."""

    seed: int
    scale: float
    day: datetime.date

    @property
    def groups(self) -> int:
        """Return how many groups there are."""
        return round(GROUPS_AT_SCALE_1 * self.scale)

    @property
    def steps(self) -> int:
        """Return how many steps there are: the register, then the groups."""
        return 1 + -(-self.groups // GROUPS_A_STEP)

    def done_after(self, steps: int) -> int:
        """Return how many groups stand after so many steps."""
        return min(max(steps - 1, 0) * GROUPS_A_STEP, self.groups)


@dataclass(frozen=True, slots=True)
class Step:
    """One step's rows. `truth` pairs nominals (places of their rows) who are one person.

    The truth is for tests of finding duplicates; it is never loaded.
    """

    number: int
    rows: Rows
    truth: tuple[tuple[int, int], ...] = ()


def plan_step(country: Country, nation: Nation, number: int) -> Step:
    """Return the rows of one step; no step needs another's."""
    if number == 0:
        return Step(0, plan_register(country, nation.seed, nation.day))
    work = Work(
        country=country,
        chance=Chance(f"{nation.seed}/step/{number}"),
        seed=nation.seed,
        day=nation.day,
        number=number,
        phones=iter(_phones(country, nation, number)),
    )
    first = nation.done_after(number)
    owners = _owners(country, nation.seed, nation.groups)
    for index in range(first, nation.done_after(number + 1)):
        group = plan_group(work, index, owners[index])
        plan_people(work, group)
        plan_business(work, group)
        plan_doings(work, group)
    plan_links(work)
    plan_reports(work)
    for group in work.groups:
        plan_judgements(work, group)
        plan_band(work, group)
    return Step(number, work.rows, tuple(work.truth))


def _phones(country: Country, nation: Nation, number: int) -> tuple[str, ...]:
    """Return the numbers of a step: no other step has them."""
    each = len(country.numbers) // max(nation.steps, 1)
    mixed = _mixed(country.numbers, nation.seed)
    return mixed[(number - 1) * each : number * each]


@cache
def _mixed(numbers: tuple[str, ...], seed: int) -> tuple[str, ...]:
    return tuple(Chance(f"{seed}/numbers").sample(numbers, len(numbers)))


_OWNERS: dict[tuple[int, int], tuple[str, ...]] = {}


def _owners(country: Country, seed: int, groups: int) -> tuple[str, ...]:
    """Return the owner of each group: every force has one, the rest go by size."""
    key = (seed, groups)
    if key not in _OWNERS:
        numbers = shares(country.weights, groups, country.forces)
        owners = [code for code in sorted(numbers) for _ in range(numbers[code])]
        Chance(f"{seed}/owners").shuffle(owners)
        _OWNERS[key] = tuple(owners)
    return _OWNERS[key]
