"""Numbers that stand beside a score: how old its evidence is, and what another says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from scoring.engine.combine import worth_tables
from scoring.engine.policy import Scheme
from scoring.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class EvidenceAge:
    """How many days before a day the reports came that a score rests on."""

    reports: int
    median_days: int
    oldest_days: int


def age_of(received: Iterable[date], at: date) -> EvidenceAge | None:
    """Return the age of reports as at a day; None where there are none."""
    days = sorted((at - one).days for one in received)
    return EvidenceAge(len(days), median_low(days), days[-1]) if days else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many attributes two schemes both read, and how many of them alike."""

    shared: int
    alike: int


def agreement(one: Reading, other: Reading) -> Agreement:
    """Return how far two readings agree where both look at the same attribute."""
    levels = {entry.attribute: entry.level for entry in other.entries}
    pairs = [
        (entry.level, levels[entry.attribute])
        for entry in one.entries
        if entry.attribute in levels
    ]
    return Agreement(len(pairs), sum(mine == theirs for mine, theirs in pairs))


def most_points(scheme: Scheme) -> int:
    """Return the value of a group that has every attribute at its most."""
    return sum(
        max(found.high for found in table.values())
        for tables in worth_tables(scheme)
        for table in tables
    )
