"""Hundreds of worlds by chance: with what a reader may not see, without it, and back.

World B is A minus every row that the reader may not see, derived anew: each answer must
be the same. Then rows that the reader may not see are added to B: nothing may change.
"""

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.inside import Inside
from tests.leak.askers import READERS
from tests.leak.bare_worlds import without_hidden
from tests.leak.conftest import only
from tests.leak.knowledge import Knowledge, gather
from tests.leak.laid_beside import Shown, differences, shown
from tests.leak.options import Figure
from tests.leak.paths import readable
from tests.leak.planted.kit import page_unlocked
from tests.leak.random_worlds import Cast, RandomMaker, cast_of
from tests.scratch import Databases

if TYPE_CHECKING:
    from tests.world import Manifest

pytestmark = pytest.mark.leak
# Worlds, and how many addresses of each are asked: every one is in many worlds' share.
LONG, SHORT = 200, 2
ASKED = 30
CHUNK = 5
LEAST_ROWS, LEAST_HIDDEN = 30, 3
# Each lock alone in every so many worlds of the long form.
ALONE = 5
# Asked in every world: there a row that shows is seen first.
ALWAYS = (
    *("/", "/groups/", "/dashboard/national/", "/api/v1/groups/?count=true"),
    *("/api/v1/reports/?count=true", "/api/v1/picture/"),
)


@pytest.fixture(scope="module")
def cast(inside: Inside, databases: Databases, bare_database: str) -> Cast:
    """Give every world the same people."""
    return cast_of(inside, databases, bare_database)


class TwoWorlds:
    """One world by chance, as one reader sees it."""

    def __init__(
        self, inside: Inside, databases: Databases, cast: Cast, seed: int
    ) -> None:
        self.inside, self.databases, self.cast = inside, databases, cast
        self.chance = random.Random(seed)
        self.who = READERS[seed % len(READERS)]
        self.full = databases.create(cast.database)
        with inside(self.full, "worker"):
            self.maker = RandomMaker(cast, seed)
            self.manifest: Manifest = self.maker.grow(self.who)
            with acting_as(system("test")), transaction.atomic():
                self.knowledge: Knowledge = gather()
        viewer = self.knowledge.viewers[self.who]
        self.bare, self.removed = without_hidden(inside, databases, self.full, viewer)

    def paths(self, number: int) -> list[str]:
        """Return the addresses that are asked: a share, and those of every world."""
        every = sorted({*readable(self.knowledge, self.manifest, self.who, most=2)})
        chosen = self.chance.sample(every, min(number, len(every)))
        return sorted({*ALWAYS, *chosen})

    def shown(self, database: str, paths: Sequence[str], login: str = "web") -> Shown:
        """Return what the reader is shown in one of the worlds."""
        asked = self.cast.sessions[self.who], self.cast.tokens[self.who], paths
        return shown(self.inside, database, *asked, login=login)

    def alone(self, lock: str, paths: Sequence[str]) -> list[str]:
        """Return the differences that one lock alone lets through."""
        login = "worker" if lock == "first" else "web"
        with only(lock):
            full = self.shown(self.full, paths, login)
            return differences(full, self.shown(self.bare, paths, login))

    def add_hidden(self) -> None:
        """Add to the bare world what the reader may not see."""
        with self.inside(self.bare, "worker"):
            self.maker.add_hidden_from(self.who, "later")

    def hiding_mattered(self, seen: Shown) -> bool:
        """Return whether an answer without the locks is another one."""
        with page_unlocked("."):
            for path in ALWAYS:
                open_answer = self.shown(self.full, [path], "worker")
                if open_answer[path] != seen[path]:
                    return True
        return False

    def drop(self) -> None:
        """Drop both worlds."""
        for name in (self.full, self.bare):
            self.databases.drop(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make worlds in chunks: two in the short form, hundreds in the long one."""
    if "first_seed" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("leak_full")
        metafunc.parametrize(
            "first_seed", range(0, LONG, CHUNK) if is_full else [SHORT]
        )


def test_worlds(
    first_seed: int,
    inside: Inside,
    databases: Databases,
    cast: Cast,
    is_leak_full: bool,
    figure: Figure,
) -> None:
    number = CHUNK if is_leak_full else SHORT
    found, mattered = [], 0
    for seed in range(first_seed, first_seed + number):
        two = TwoWorlds(inside, databases, cast, seed)
        assert len(two.knowledge.owners) >= LEAST_ROWS
        assert sum(two.removed.values()) >= LEAST_HIDDEN
        assert len(two.removed) >= 2
        at = timezone.now()
        with time_machine.travel(at, tick=False):
            found += [
                f"world {seed}, {two.who}: {one}"
                for one in compared(two, is_alone=is_leak_full and not seed % ALONE)
            ]
            mattered += two.hiding_mattered(two.shown(two.full, ALWAYS))
        two.drop()
    figure(
        "worlds",
        worlds=number,
        world_differences=len(found),
        worlds_mattered=mattered,
    )
    assert not found, f"{len(found)} answers differ\n" + "\n".join(found[:10])
    assert mattered >= number * 0.9


def compared(two: TwoWorlds, *, is_alone: bool) -> Iterator[str]:
    """Yield what differs between a world, its bare copy, and that with more added."""
    paths = two.paths(ASKED)
    assert len(paths) > ASKED / 2
    bare = two.shown(two.bare, paths)
    yield from differences(two.shown(two.full, paths), bare)
    for lock in ("first", "second") if is_alone else ():
        yield from (f"lock {lock} alone: {one}" for one in two.alone(lock, paths))
    two.add_hidden()
    yield from (
        f"added: {one}" for one in differences(bare, two.shown(two.bare, paths))
    )
