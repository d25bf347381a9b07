"""`engine`: what an honest number costs, against adding up a table and an engine run.

Value and interval of levels that are at hand, against a bare sum over the same table;
fragility of groups of 40 reports, each claiming one to four attributes of which a person
judged three, against scoring each once. Equal output is asserted first: the same sums,
and on small groups the same as trying every set of reports.
"""

import datetime
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from ocgmap.bootstrap.console import step
from scoring.engine import (
    PRIMARY,
    SCHEMES,
    Claim,
    Finding,
    GroupFacts,
    JudgementFact,
    Level,
    Scheme,
    fragility,
    read,
    score_levels,
    total,
)
from scoring.engine.combine import worth_tables
from tests.bench.rows import Row, compare, interleave
from tests.scratch import Databases

ROUNDS, WARM_UP_ROUNDS = 40, 5
SUMS_A_ROUND: Final = 500
GROUPS, REPORTS, JUDGED = 40, 40, 3
SMALL: Final = 8
MOST_TIMES_A_SUM, MOST_ENGINE_RUNS = 5.0, 200.0
DAY: Final = datetime.date(2026, 5, 31)
_KNOWN: Final = (Level.HIGH, Level.MEDIUM, Level.LOW, Level.NIL)


def run(_: Databases) -> list[Row]:
    """Return a row of sums for each scheme, and one of fragility."""
    chance = random.Random(1)
    with step("Adding up levels"):
        rows = [_sums(scheme, chance) for scheme in SCHEMES]
    with step("Looking for the smallest sets of reports"):
        rows.append(_fragilities(chance))
    return rows


def _sums(scheme: Scheme, chance: random.Random) -> Row:
    levels = {key: chance.choice(list(Level)) for key in scheme.attribute_keys()}
    reading = score_levels(levels, scheme).reading
    worths = [table for tables in worth_tables(scheme) for table in tables]
    table = {
        key: {level: found.points for level, found in own.items()}
        for key, own in zip(levels, worths, strict=True)
    }

    def ours() -> None:
        for _ in range(SUMS_A_ROUND):
            total(reading, scheme)

    def bare() -> None:
        for _ in range(SUMS_A_ROUND):
            sum(table[key][level] for key, level in levels.items())

    found = total(reading, scheme)
    assert found.value == sum(table[key][level] for key, level in levels.items())
    tasks = {"ours": ours, "bare": bare}
    interleave(tasks, WARM_UP_ROUNDS)
    seconds = interleave(tasks, ROUNDS)
    return compare(
        f"engine: value and interval under {scheme.key}, {SUMS_A_ROUND} times",
        seconds["ours"],
        seconds["bare"],
        what=("value, interval and unknowns", "a bare sum over the same table"),
        target=MOST_TIMES_A_SUM,
    )


def _fragilities(chance: random.Random) -> Row:
    for _ in range(GROUPS):
        _assert_same(_group(chance, SMALL))
    groups = [_group(chance, REPORTS) for _ in range(GROUPS)]
    exact = sum(
        fragility(facts, PRIMARY).finding is not Finding.AT_MOST for facts in groups
    )

    def ours() -> None:
        for facts in groups:
            fragility(facts, PRIMARY)

    def engine() -> None:
        for facts in groups:
            total(read(facts, PRIMARY), PRIMARY)

    tasks = {"ours": ours, "engine": engine}
    interleave(tasks, 1)
    seconds = interleave(tasks, ROUNDS)
    return compare(
        f"engine: fragility of {GROUPS} groups of {REPORTS} reports, {exact} exact",
        seconds["ours"],
        seconds["engine"],
        what=("the smallest set of each", "one engine run of each"),
        target=MOST_ENGINE_RUNS,
    )


def _group(chance: random.Random, reports: int) -> GroupFacts:
    keys = PRIMARY.attribute_keys()
    claims = tuple(
        Claim(
            report,
            key,
            chance.choice(_KNOWN),
            chance.choice((1, 2)),
            chance.choice("ABC"),
            DAY - datetime.timedelta(days=chance.randint(0, 700)),
        )
        for report in range(reports)
        for key in chance.sample(keys, chance.randint(1, 4))
    )
    judged = tuple(
        JudgementFact(number, key, chance.choice(_KNOWN), DAY)
        for number, key in enumerate(chance.sample(keys, JUDGED))
    )
    return GroupFacts(1, DAY, claims, judged)


def _assert_same(facts: GroupFacts) -> None:
    """Raise unless the set found is as small as trying every set shows."""
    found = fragility(facts, PRIMARY, most_sets=1_000_000)
    reports = range(SMALL)
    expected = next(
        (
            size
            for size in range(1, SMALL + 1)
            if any(
                _band_without(facts, chosen) != found.band
                for chosen in combinations(reports, size)
            )
        ),
        0,
    )
    assert len(found.reports) == expected, (found, expected)


def _band_without(facts: GroupFacts, chosen: Sequence[int]) -> str | None:
    kept = tuple(one for one in facts.claims if one.report_id not in chosen)
    return total(read(replace(facts, claims=kept), PRIMARY), PRIMARY).band
