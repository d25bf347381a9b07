"""Would the suites find a real leak? They are shown leaks that were planted.

The short form plants a few, to see that the runner works; the long form all of them.
What is missed is told, and not hidden: the figures stand in `docs/security.md`.
"""

import json
from contextlib import nullcontext

import pytest

from ocgmap.bootstrap.paths import ready_var_folder
from tests.inside import Inside
from tests.leak.knowledge import Knowledge
from tests.leak.options import Figure
from tests.leak.planted import Plant, everything
from tests.leak.planted_suites import Ground, finder_of, matrix
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


def test_the_runner_finds_a_plant_and_nothing_without_one(ground: Ground) -> None:
    """With nothing planted the suite passes; else whatever is planted is "found"."""
    for name in SHORT:
        plant = PLANTS[name]
        nothing = Plant("nothing", "", plant.where, nullcontext)
        matrix(ground, nothing)
        with plant.apply(), pytest.raises(AssertionError):
            matrix(ground, plant)


def test_every_plant(ground: Ground, is_leak_full: bool, figure: Figure) -> None:
    """Tell of each plant which suite finds it, and of which none does."""
    if not is_leak_full:
        pytest.skip("only in the long form: --leak-full")
    where = tuple({name for plant in PLANTS.values() for name in plant.where})
    assert not finder_of(ground, Plant("nothing", "", where, nullcontext))
    found = {}
    for name, plant in PLANTS.items():
        found[name] = finder_of(ground, plant)
        told = ready_var_folder() / "planted.json"
        told.write_text(json.dumps(found, indent=1) + "\n")
    number = sum(map(bool, found.values()))
    figure("planted", planted=len(found), planted_found=number)
    missed = [name for name, finder in found.items() if not finder]
    assert not missed, f"{number} of {len(found)} found; missed: {missed}"
