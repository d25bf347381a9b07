"""Pytest plugin: `--browser` asks for the long form of the tests in a browser.

That run ends with one line of JSON: `pages` opened, `axe_violations` found on them,
`journeys` walked and `journeys_failed`, and `budgets`, by journey what it took and may
take. Without the option the same tests run in their short form and print no such line.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

_KEY = "browser"
Note = Callable[..., None]


@dataclass(slots=True)
class Tally:
    """What the tests of a run noted."""

    pages: set[str] = field(default_factory=set)
    axe_violations: int = 0
    journeys: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    budgets: dict[str, Any] = field(default_factory=dict)

    def take(self, noted: Mapping[str, Any]) -> None:
        """Add what one test noted."""
        self.pages |= set(noted.get("pages", ()))
        self.axe_violations += int(noted.get("violations", 0))
        self.budgets |= noted.get("budgets", {})

    def line(self) -> str:
        """Return the tally as one line of JSON."""
        return json.dumps(
            {
                "pages": len(self.pages),
                "axe_violations": self.axe_violations,
                "journeys": len(self.journeys),
                "journeys_failed": len(self.failed),
                "budgets": self.budgets,
            }
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test noted, once it has run; a journey fails at any stage."""
        noted = [value for key, value in report.user_properties if key == _KEY]
        walked = {name for one in noted for name in [dict(one).get("journey")] if name}
        if report.failed:
            self.failed |= walked
        if report.when == "call":
            self.journeys |= walked
            for one in noted:
                self.take(dict(one))  # type: ignore[call-overload]


_TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("browser").addoption(
        "--browser",
        action="store_true",
        help="every page at each width, screenshots of all, one line of figures",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count in the process that prints."""
    if config.getoption("--browser") and not hasattr(config, "workerinput"):
        config.stash[_TALLY] = Tally()
        config.pluginmanager.register(config.stash[_TALLY])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note the journey that a test walks."""
    for marker in item.iter_markers("journey"):
        item.user_properties.append((_KEY, {"journey": marker.args[0]}))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the tally after all else."""
    if _TALLY in config.stash:
        print(config.stash[_TALLY].line())  # noqa: T201 - the promised last line


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Return how a test notes pages, violations and budgets."""

    def add(**noted: Any) -> None:
        request.node.user_properties.append((_KEY, noted))

    return add


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Return whether the long form was asked for."""
    return bool(pytestconfig.getoption("--browser"))
