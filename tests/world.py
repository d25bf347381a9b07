"""A small world of records under every kind of label, made through the actions.

Durham and Northumbria are in one region, West Yorkshire is in another, the NCA in none.
Every free text of a record holds a word of its own (`Zq…x`): a page that shows a word
of a hidden record leaks. Fixtures: `world_database` names a database with the world in
it (copy it, do not use it), `manifest` tells the ids.
"""

import json
from dataclasses import dataclass, field

import pytest

from tests.scratch import Databases, environment_for, run_python
from tests.shared import once

FILL = "import django; django.setup(); from tests import world_records as w; w.main()"
CELL = "compartment:zq-cell"
# Who, their organisation's code, their role; `cell` holds a compartment besides.
PEOPLE: dict[str, tuple[str, str]] = {
    "owner_analyst": ("durham", "force_analyst"),
    "owner_supervisor": ("durham", "force_supervisor"),
    "cell": ("durham", "force_supervisor"),
    "region_analyst": ("northumbria", "force_analyst"),
    "region_supervisor": ("northumbria", "force_supervisor"),
    "other_analyst": ("west-yorkshire", "force_analyst"),
    "other_supervisor": ("west-yorkshire", "force_supervisor"),
    "rocu_lead": ("nerocu", "rocu_lead"),
    "rocu_assurer": ("nerocu", "intelligence_assurer"),
    "records_manager": ("durham", "records_manager"),
    "nca_officer": ("nca", "nca_officer"),
    "nca_supervisor": ("nca", "force_supervisor"),
    "auditor": ("nca", "auditor"),
    "administrator": ("nca", "system_administrator"),
}
# Who judges the groups of whom: nobody confirms what they judged alone.
ANALYSTS = {
    "owner_supervisor": "owner_analyst",
    "region_supervisor": "region_analyst",
    "other_supervisor": "other_analyst",
}


@dataclass(slots=True)
class Manifest:
    """What the world holds: public ids and references by name, tokens by person.

    A record of a group bears the group's name: `d_own/victim`, `d_own/1`. `rows` holds
    pairs of a fact's id and its group's or person's, by the part of their address.
    """

    groups: dict[str, str] = field(default_factory=dict)
    nominals: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)
    involvements: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)
    awaiting: dict[str, str] = field(default_factory=dict)
    submitted: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    compartments: dict[str, str] = field(default_factory=dict)
    sharing_changes: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    disposed: dict[str, str] = field(default_factory=dict)
    sights: dict[str, str] = field(default_factory=dict)
    sight_matches: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    restricted: dict[str, str] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    transfers: dict[str, str] = field(default_factory=dict)
    second_scorings: dict[str, str] = field(default_factory=dict)
    searches: dict[str, str] = field(default_factory=dict)
    charts: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    report_drafts: dict[str, str] = field(default_factory=dict)
    person_drafts: dict[str, str] = field(default_factory=dict)
    what_ifs: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    requirements: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One group: its author, how it is shared, and how much hangs on it.

    `judged` is how many of the primary scheme's attributes a person decided on.
    `approver` approves the band where it is an override; without one it stays proposed.
    """

    name: str
    author: str
    sharing: str
    threat: str
    tier: str
    members: int = 2
    judged: int = 0
    band: str = ""
    approver: str = ""
    state: str = "mapped"
    in_cell: bool = False
    overdue: bool = False


_DRUGS, _GUNS, _CYBER = "illegal-drugs", "illegal-firearms", "cyber-crime"
# Each force has something hidden from each other one, and from region and nation.
PLANS = (
    Plan(
        "d_force", "owner_supervisor", "force", _DRUGS, "regional", 5, 9, overdue=True
    ),
    Plan("d_region", "owner_supervisor", "region", _GUNS, "force", 3, 16, "3b", "cell"),
    Plan(
        "d_all",
        "owner_supervisor",
        "all_forces",
        _CYBER,
        "national",
        2,
        14,
        "5c",
        "cell",
    ),
    Plan(
        "d_own",
        "owner_supervisor",
        "organisation",
        _DRUGS,
        "force",
        2,
        16,
        "1a",
        "cell",
    ),
    Plan("d_cell", "cell", "force", "money-laundering", "force", in_cell=True),
    Plan("d_draft", "owner_supervisor", "force", _DRUGS, "none", 1, state="draft"),
    Plan("n_force", "region_supervisor", "force", _DRUGS, "regional", 3, 16),
    Plan("n_region", "region_supervisor", "region", _CYBER, "force", overdue=True),
    Plan("n_own", "region_supervisor", "organisation", _DRUGS, "force", 2, 16),
    Plan("w_force", "other_supervisor", "force", _GUNS, "regional", 2, 16, "2a"),
    Plan("w_all", "other_supervisor", "all_forces", _DRUGS, "national", 3, 15),
    Plan("w_own", "other_supervisor", "organisation", _CYBER, "force", overdue=True),
    Plan("a_all", "nca_supervisor", "all_forces", "money-laundering", "national"),
    Plan("d_sent", "owner_analyst", "force", _GUNS, "none", 1, state="submitted"),
    Plan(
        "d_sent_own", "owner_analyst", "organisation", _GUNS, "none", state="submitted"
    ),
    Plan("n_sent", "region_analyst", "force", _DRUGS, "none", 1, state="submitted"),
    Plan("w_sent", "other_analyst", "force", _DRUGS, "none", 1, state="submitted"),
)


@dataclass(frozen=True, slots=True)
class World:
    """A filled database, to be copied, and what is in it."""

    database: str
    manifest: Manifest


@pytest.fixture(scope="session")
def world(bare_database: str) -> World:
    """Fill a database with the world, in a process of its own."""

    def fill(databases: Databases, name: str) -> str:
        env = environment_for(databases.create(bare_database, name=name))
        return run_python("-c", FILL, env=env, login="worker").splitlines()[-1]

    name, manifest = once("world", fill)
    return World(name, Manifest(**json.loads(manifest)))


@pytest.fixture(scope="session")
def world_database(world: World) -> str:
    """Name the database with the world in it: copy it, do not use it."""
    return world.database


@pytest.fixture(scope="session")
def manifest(world: World) -> Manifest:
    """Tell the ids of what the world holds."""
    return world.manifest
