"""Small worlds drawn by chance, made through the actions as people would make them."""

import random
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.models import User
from accounts.visibility import Viewer
from groups.actions import aliases, links
from groups.models import CrimeGroup, Identifier
from intelligence.actions import reports
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system
from scoring.outbox import drain_until_empty
from tests.inside import Inside, sign_in
from tests.scratch import Databases
from tests.world import ANALYSTS, PEOPLE, Manifest, Plan
from tests.world_decisions import decide
from tests.world_records import Maker
from tests.world_words import rows_by_parent, word

AUTHORS = (
    *("owner_supervisor", "owner_analyst", "cell", "region_supervisor"),
    *("other_supervisor", "other_analyst", "nca_supervisor"),
)
SHARINGS = ("organisation", "force", "region", "all_forces")
THREATS = ("illegal-drugs", "illegal-firearms", "cyber-crime", "money-laundering")
TIERS = ("none", "force", "regional", "national")
GROUPS, REPORTS, LINKS = 4, 6, 2
MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Cast:
    """A database with the people of the world in it and nothing else."""

    database: str
    cell: int
    tokens: dict[str, str]
    sessions: dict[str, str]


def cast_of(inside: Inside, databases: Databases, bare_database: str) -> Cast:
    """Make the people, and sign everyone in."""
    name, maker = databases.create(bare_database), Maker()
    with inside(name, "worker"), acting_as(system("world")), transaction.atomic():
        maker._people()
    with inside(name, "web"):
        sessions = {one: sign_in(f"{one}@test.example") for one in PEOPLE}
    return Cast(name, maker.cell, maker.made.tokens, sessions)


class RandomMaker(Maker):
    """Makes a world by chance, the same from the same seed but for its ids."""

    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.cell = cast.cell
        self.made.tokens = cast.tokens
        with acting_as(system("world")), transaction.atomic():
            for user in User.objects.select_related("organisation"):
                self.users[user.email.partition("@")[0]] = user

    def grow(self, reader: str) -> Manifest:
        """Make groups, reports and links, some of them hidden from ``reader``."""
        for number in range(MOST_TRIES):
            if len(self.made.groups) < GROUPS:
                self._try(self._any_group, f"g{number}")
        for number in range(REPORTS):
            self._try(self._any_report, f"r{number}")
        for _ in range(LINKS):
            self._try(self._any_link)
        self.add_hidden_from(reader, "h")
        return self.made

    def add_hidden_from(self, reader: str, prefix: str) -> None:
        """Add a group and a report that ``reader`` may not see, and drain."""
        home = PEOPLE[reader][0]
        away = [one for one in AUTHORS if PEOPLE[one][0] != home and one in ANALYSTS]
        author = self.random.choice(away)
        self._group_by(author, f"{prefix}_group", "organisation")
        for number, name in enumerate(list(self.made.groups)):
            self._try(
                self._report_by, author, f"{prefix}{number}", "organisation", name
            )
        drain_until_empty()
        with acting_as(system("world")), transaction.atomic():
            self.made.rows = rows_by_parent()
            self.made.identifiers = {
                row.reference: str(row.public_id) for row in Identifier.objects.all()
            }

    def _try(self, step: Any, *args: Any) -> None:
        """Take a step that somebody may not be able to take: then nothing is made."""
        try:
            step(*args)
        except (AppError, ObjectDoesNotExist):
            return

    def _any_group(self, name: str) -> None:
        self._group_by(self.random.choice(AUTHORS), name, self.random.choice(SHARINGS))

    def _group_by(self, author: str, name: str, sharing: str) -> None:
        is_judged = author in ANALYSTS and self.random.random() < 0.4
        plan = Plan(
            name,
            author,
            sharing,
            self.random.choice(THREATS),
            self.random.choice(TIERS),
            members=self.random.randint(1, 2),
            judged=self.random.randint(3, 12) if is_judged else 0,
            in_cell=author == "cell",
        )
        self.act(author, self._group, plan)
        if sharing != "organisation":
            decide(self, plan)

    def _any_report(self, name: str) -> None:
        self._report_by(
            self.random.choice(AUTHORS),
            f"{name}{self.random.choice(('', '_cell'))}",
            self.random.choice(SHARINGS),
            self.random.choice(list(self.made.groups)),
        )

    def _report_by(self, author: str, name: str, sharing: str, about: str) -> None:
        if author != "cell":
            name = name.removesuffix("_cell")
        self.act(author, self._submitted, name, sharing, about)

    def _submitted(self, by: Viewer, name: str, sharing: str, about: str) -> None:
        draft = self.draft(by, name, sharing, about)
        report, _ = reports.submit(by=by, draft=draft)
        self.keep("reports", name, report)

    def _any_link(self) -> None:
        if len(self.made.groups) > 1:
            pair = self.random.sample(list(self.made.groups), 2)
            self.act(self.random.choice(AUTHORS), self._linked, *pair)

    def _linked(self, by: Viewer, one: str, other: str) -> None:
        a, b = self.of(CrimeGroup, one), self.of(CrimeGroup, other)
        links.link_groups(by=by, a=a, b=b, kind="supply", rationale=word())
        aliases.add(by=by, group=a, name=word(), rationale=word())
