"""The suites that a planted leak is shown to, each over the addresses that it is at."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import time_machine
from django.db import transaction
from django.utils import timezone

from tests.inside import Inside
from tests.leak import test_lists, test_paper, test_side_doors, test_unscoped
from tests.leak.askers import READERS, Askers
from tests.leak.bare_worlds import derive_anew, empty_derived_of, without_hidden
from tests.leak.conftest import everyone, only
from tests.leak.knowledge import Knowledge
from tests.leak.laid_beside import Shown, differences, shown
from tests.leak.paths import readable
from tests.leak.planted import Plant, kit
from tests.leak.routes import ROUTES
from tests.leak.test_routes import check_hidden, check_visible
from tests.leak.timing import check_time
from tests.scratch import Databases
from tests.world import Manifest

# Those in whose worlds most is hidden.
COMPARED = ("owner_analyst", "other_analyst", "rocu_lead")
# Records of each kind whose pages are laid side by side.
MOST = 40


@dataclass(slots=True, repr=False)
class Ground:
    """Where plants are tried: a world, and what each reader's bare world is called."""

    inside: Inside
    databases: Databases
    database: str
    sessions: dict[str, str]
    knowledge: Knowledge
    manifest: Manifest
    bare: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def asked(self, lock: str) -> Iterator[Askers]:
        """Let everyone ask through these locks, in a process that may step up."""
        with only(lock), self.inside(self.database, "worker"), transaction.atomic():
            yield everyone(self.sessions, self.knowledge, self.manifest)
            transaction.set_rollback(True)

    def bare_of(self, who: str) -> str:
        """Return the world without what ``who`` may not see; made once."""
        if who not in self.bare:
            viewer = self.knowledge.viewers[who]
            self.bare[who], _ = without_hidden(
                self.inside, self.databases, self.database, viewer
            )
        return self.bare[who]

    def shown(self, who: str, database: str, paths: Sequence[str]) -> Shown:
        """Return what ``who`` is shown in a world."""
        asked = self.sessions[who], self.manifest.tokens[who], paths
        return shown(self.inside, database, *asked, login="worker")


def matrix(ground: Ground, plant: Plant) -> None:
    """Everyone against what they see, what they do not, and what is not there."""
    _matrix(ground, plant, "both")


def alone(ground: Ground, plant: Plant) -> None:
    """The same through each lock alone."""
    for lock in ("first", "second"):
        _matrix(ground, plant, lock)


def _matrix(ground: Ground, plant: Plant, lock: str) -> None:
    with ground.asked(lock) as askers:
        for name in _names(plant):
            for who in READERS:
                check_visible(askers, who, name, ROUTES[name])
                check_hidden(askers, who, name, ROUTES[name])


def worlds(ground: Ground, plant: Plant) -> None:
    """Answers in a world, and in the same without what the reader may not see."""
    at = timezone.now()
    for who in COMPARED:
        paths = sorted(
            set(readable(ground.knowledge, ground.manifest, who, _names(plant), MOST))
        )
        full, bare = ground.database, ground.bare_of(who)
        if plant.is_derived:
            for one in (full, bare):
                empty_derived_of(one)
                derive_anew(ground.inside, one)
        with time_machine.travel(at, tick=False):
            found = differences(
                ground.shown(who, full, paths), ground.shown(who, bare, paths)
            )
        assert not found, found[0]


def doors(ground: Ground, plant: Plant) -> None:
    """References, searches, filters and keys of hidden records."""
    with ground.asked("both") as askers:
        for what in test_side_doors.IDS:
            test_side_doors.test_id_of_a_hidden_record(what, askers, _all)
        for what in test_side_doors.REFERENCES:
            test_side_doors.test_reference_of_a_hidden_record(what, askers, _all)
        for what in test_side_doors.WORDS:
            test_side_doors.test_words_of_hidden_records(what, askers, _all)


def lists(ground: Ground, plant: Plant) -> None:
    """Lists and counts, references in use, tags of answers, and papers."""
    with ground.asked("both") as askers:
        for who in test_lists.VIEWERS:
            test_lists.test_lists_hold_just_what_one_may_see(who, askers)
        for resource in test_lists.LISTS:
            test_lists.test_counts_are_of_what_one_may_see(resource, askers)
        for test in (
            test_lists.test_reference_that_a_hidden_record_bears_may_be_used,
            test_lists.test_compartments_are_known_to_their_holders_only,
            test_lists.test_no_answer_tells_when_something_changed,
        ):
            test(askers)
        test_paper.test_a_printed_profile(askers, _all)
        test_paper.test_a_timeline_whatever_is_asked(askers, _all)


def scopes(ground: Ground, plant: Plant) -> None:
    """What is left on a connection when a transaction ends."""
    for login in ("web", "worker"):
        test_unscoped.test_scope_ends_with_its_transaction(
            ground.inside, ground.database, login
        )


def timing(ground: Ground, plant: Plant) -> None:
    """The time of an answer about a hidden record and about an absent one."""
    with ground.asked("both") as askers:
        check_time(askers, pairs=1000)


Suite = Callable[[Ground, Plant], None]
SUITES: dict[str, Suite] = {
    one.__name__: one for one in (matrix, scopes, worlds, alone, lists, doors, timing)
}


def finder_of(ground: Ground, plant: Plant) -> str:
    """Return which suite finds a plant first; empty where none of them does.

    Raises:
        RuntimeError: it changed nothing that a suite asks for: it is no plant.
    """
    kit.TOUCHED.clear()
    kit.TARGETS[:] = [ground.database, *map(ground.bare_of, COMPARED)]
    for name, suite in SUITES.items():
        try:
            with plant.apply():
                suite(ground, plant)
        except AssertionError as error:
            if not _is_of_plant(error):
                return name
            raise
        finally:
            if plant.is_derived:
                _derive_again(ground)
    if not kit.TOUCHED:
        raise RuntimeError(f"{plant.name}: no suite met what this changes")
    return ""


def _is_of_plant(error: AssertionError) -> bool:
    """Return whether the plant itself failed, and not what a suite asserted."""
    last = inspect.getinnerframes(error.__traceback__)[-1]  # type: ignore[arg-type]
    return "/planted/" in last.filename


def _derive_again(ground: Ground) -> None:
    for one in (ground.database, *ground.bare.values()):
        empty_derived_of(one)
        derive_anew(ground.inside, one)


def _names(plant: Plant) -> list[str]:
    return [name for name in plant.where if name in ROUTES]


def _all(people: Sequence[str]) -> Sequence[str]:
    return people
