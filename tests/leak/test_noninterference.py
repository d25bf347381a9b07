"""What one may not see changes nothing that one is shown.

The world is copied, every row that the reader may not see is removed, and what is
derived is worked out anew: each page must be the same, to the letter.
"""

from collections.abc import Iterator

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from ocgmap.security import is_history
from tests.inside import Inside
from tests.leak.askers import READERS
from tests.leak.bare_worlds import without_hidden
from tests.leak.knowledge import Knowledge
from tests.leak.laid_beside import differences, shown
from tests.leak.paths import readable
from tests.scratch import Databases
from tests.world import Manifest

pytestmark = pytest.mark.leak
PLACES = ("force:durham", "force:west-yorkshire", "region:nerocu")
# Records of each kind whose pages are laid side by side in the short form.
FEW = 2


def pages(
    knowledge: Knowledge, manifest: Manifest, who: str, most: int
) -> Iterator[str]:
    """Yield the addresses that ``who`` may read, and the dashboards of places."""
    yield from (f"/dashboard/{place}/" for place in PLACES)
    yield from readable(knowledge, manifest, who, most=most)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask for the four of the matrix; with `--leak-full` for everyone who reads."""
    if "who" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("leak_full")
        metafunc.parametrize("who", READERS if is_full else READERS[:4])


def test_what_is_hidden_changes_nothing(
    who: str,
    inside: Inside,
    databases: Databases,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
    is_leak_full: bool,
) -> None:
    at = timezone.now()
    most = 0 if is_leak_full else FEW
    paths = sorted(set(pages(knowledge, manifest, who, most)))
    assert len(paths) > 100
    asked = sessions[who], manifest.tokens[who], paths
    with time_machine.travel(at, tick=False):
        full = shown(inside, leak_database, *asked)
    bare, removed = without_hidden(
        inside, databases, leak_database, knowledge.viewers[who]
    )
    assert sum(removed.values()) > 20
    with time_machine.travel(at, tick=False):  # a wait told in minutes is the same
        less = shown(inside, bare, *asked)
    databases.drop(bare)
    found = differences(full, less)
    assert not found, f"{len(found)} answers differ\n" + "\n".join(found[:10])


def test_the_copy_knows_every_derived_table() -> None:
    """A new derived table must be emptied above, or the test compares stale rows."""
    found = {
        model._meta.db_table
        for model in apps.get_app_config("scoring").get_models()
        if not is_history(model)
        and any(field.name == "access_class" for field in model._meta.fields)
    }
    decisions = {
        "scoring_judgement",
        "scoring_judgementcitation",
        "scoring_banddecision",
        "scoring_analyticnote",
        "scoring_notecitation",
        "scoring_requirement",
        "scoring_requirementanswer",
        "scoring_secondscoring",
        "scoring_secondscore",
    }
    assert found == decisions | {
        "scoring_receipt",
        "scoring_pictureline",
        "scoring_assessment",
        "scoring_whatifresult",
    }
