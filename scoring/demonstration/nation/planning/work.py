"""What is in hand while one step is planned: its groups, their people, their reports."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scoring.demonstration.nation.planning import labels, phrases
from scoring.demonstration.nation.planning.country import Country
from scoring.demonstration.nation.planning.spread import Chance, Quota, reference
from scoring.demonstration.nation.planning.tables import Rows

HISTORY_DAYS = 730


@dataclass(slots=True)
class Person:
    """A person as one owner recorded them; `place` is the row in the step."""

    place: int
    owner: str
    label: str
    given: str
    surname: str
    gender: str
    born: datetime.date
    phone: str = ""
    vehicle: str = ""

    @property
    def shown(self) -> str:
        """Return how a report names this person."""
        return self.surname.upper() or "The person"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of a group: where its row is, and what others need of it."""

    place: int
    label: str
    received: datetime.date
    source: int
    assessment: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim on a group by a report."""

    report: Reported
    label: str
    attribute: str
    level: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement on a group, and the reports that it cites."""

    place: int
    label: str
    attribute: str
    level: str
    decided: datetime.date
    cites: tuple[int, ...]


@dataclass(slots=True)
class Group:
    """A group of the step; `home` is the force area where it is at home.

    `levels` is what is true of it, the attributes that nobody knows left out.
    """

    index: int
    place: int
    owner: str
    region: str
    home: str
    label: str
    created: datetime.date
    since: datetime.date
    threats: tuple[str, ...]
    severity: float
    is_mapped: bool
    levels: dict[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    has_closed_evidence: bool = False
    members: list[Person] = field(default_factory=list)
    victims: list[Person] = field(default_factory=list)
    reports: list[Reported] = field(default_factory=list)
    claims: list[Claimed] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """One step's plan as it grows. `truth` pairs rows of people who are the same."""

    country: Country
    chance: Chance
    seed: int
    day: datetime.date
    number: int
    phones: Iterator[str]
    rows: Rows = field(default_factory=Rows)
    groups: list[Group] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    truth: list[tuple[int, int]] = field(default_factory=list)
    identifiers: dict[tuple[str, str, str], tuple[int, str]] = field(
        default_factory=dict
    )
    doubles: Quota = field(default_factory=lambda: Quota(0.08, 0.5))
    standings: int = 0
    referred: int = 0
    yesterday: datetime.date = field(init=False)
    begins: datetime.date = field(init=False)

    def __post_init__(self) -> None:
        """Work out the last day on which anything happens, and the first."""
        self.yesterday = self.day - datetime.timedelta(days=1)
        self.begins = self.day - datetime.timedelta(days=HISTORY_DAYS)

    def base(
        self,
        owner: str,
        label: str,
        day: datetime.date,
        author: str | None = None,
    ) -> tuple[Any, ...]:
        """Return the first values of a row that came about on ``day``."""
        moment = self.chance.moment_on(min(day, self.yesterday))
        return (self.chance.public_id(), owner, label, moment, author)

    def fact(
        self,
        asserted_by: str,
        why: str = "",
        since: datetime.date | None = None,
    ) -> tuple[Any, ...]:
        """Return the values that every fact has: basis, who says so, why and since when."""
        basis = "assessed" if self.chance.hits(0.25) else "reported"
        grounds = why or self.chance.choice(phrases.WHY_FACT)
        precision = "unknown" if since is None else "month"
        return (basis, asserted_by, grounds, since, None, precision)

    def top(
        self, prefix: str, review_on: datetime.date | None = None
    ) -> tuple[Any, ...]:
        """Return the values that every top record has, its reference last."""
        self.referred += 1
        name = reference(prefix, self.seed, self.number, self.referred)
        return ("2", review_on, False, name)

    def where(self, group: Group) -> str:
        """Return the group's home as a report names it."""
        return self.country.names[group.home]

    def home_of(self, owner: str) -> str:
        """Return the owner's own area, or one where its groups may be at home."""
        if owner in self.country.areas:
            return owner
        near = self.country.neighbours(self.country.regions.get(owner, ""))
        return self.chance.choice(near or self.country.areas)


def analyst(owner: str) -> str:
    """Return the key of the account that records for an organisation."""
    return f"analyst.{owner}"


def supervisor(owner: str) -> str:
    """Return the key of the account that decides for an organisation."""
    return f"supervisor.{owner}"


def audiences(owner: str, region: str, *, is_nation: bool) -> dict[str, str]:
    """Return the labels of the sharing options that an owner has, by option."""
    found = {"organisation": labels.own(owner), "all_forces": labels.ALL_FORCES}
    if not is_nation:
        found["force"] = labels.force(owner)
    if region:
        found["region"] = labels.region(region)
    return found
