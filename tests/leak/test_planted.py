"""Would the suites find a real leak? They are shown leaks that were planted.

The short form plants a few, to see that the runner works; the long form all of them.
What is missed is told, and not hidden: the figures stand in `docs/security.md`.
"""

from contextlib import nullcontext

import pytest

from ocgmap.bootstrap.paths import ROOT
from tests.inside import Inside
from tests.leak.knowledge import Knowledge
from tests.leak.options import Figure
from tests.leak.planted import Plant, everything
from tests.leak.planted_suites import Ground, finder_of, matrix, worlds
from tests.scratch import Databases
from tests.world import Manifest

pytestmark = pytest.mark.leak
PLANTS = {plant.name: plant for plant in everything()}
# Found by the matrix alone, in seconds.
SHORT = ("a hidden group is forbidden, an absent one is not found",)


@pytest.fixture(scope="module")
def ground(
    inside: Inside,
    databases: Databases,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
) -> Ground:
    """Give plants a world of their own."""
    own = databases.create(leak_database)
    return Ground(inside, databases, own, sessions, knowledge, manifest)


def test_names_are_of_one_plant_each() -> None:
    assert len(PLANTS) == len(everything())


def test_the_list_of_plants_stands_in_the_documents() -> None:
    told = (ROOT / "docs" / "security.md").read_text()
    assert not [name for name in PLANTS if f"| {name} |" not in told]


def test_the_runner_finds_a_plant_and_nothing_without_one(ground: Ground) -> None:
    """With nothing planted the suite passes; else whatever is planted is "found"."""
    for name in SHORT:
        plant = PLANTS[name]
        nothing = Plant("nothing", "", plant.where, nullcontext)
        matrix(ground, nothing)
        with plant.apply(), pytest.raises(AssertionError):
            matrix(ground, plant)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Show every plant in the long form."""
    if "planted" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("leak_full")
        metafunc.parametrize("planted", PLANTS if is_full else ())


def test_worlds_are_alike_with_nothing_planted(
    ground: Ground, is_leak_full: bool
) -> None:
    """The other suites pass as tests of their own; this one compares pages of its own."""
    if not is_leak_full:
        pytest.skip("only in the long form: --leak-full")
    where = tuple({name for plant in PLANTS.values() for name in plant.where})
    worlds(ground, Plant("nothing", "", where, nullcontext))


def test_plant(planted: str, ground: Ground, figure: Figure) -> None:
    """Tell which suite finds a plant; one that none of them finds fails the run."""
    finder = finder_of(ground, PLANTS[planted])
    is_found = int(bool(finder))
    figure("planted", planted=1, planted_found=is_found, **{planted: finder})
    assert finder, f"no suite found it: {planted}"
