"""Pytest plugin: `--leak-full` asks for the long form, `--leaks` for its figures too.

With `--leaks` the run ends with one line of JSON that merges what each proof wrote to
`var/leaks/NAME.json`. A figure that no proof wrote is null, and fails the run.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ocgmap.bootstrap.paths import ready_var_folder

KEYS = (
    *("matrix_cells", "matrix_failures"),
    *("worlds", "world_differences", "hiding_mattered"),
    *("planted", "planted_found"),
    *("pool_requests", "pool_foreign"),
    *("tamper_trials", "tamper_missed"),
    "timing_interval_ms",
)
_KEY = "leaks"
Figure = Callable[..., None]


class Figures:
    """What the proofs of a run noted: numbers are added up, all else is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted: dict[str, dict[str, Any]] = defaultdict(dict)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test noted, once it has run."""
        if report.when == "teardown":
            for key, value in report.user_properties:
                if key == _KEY:
                    proof, figures = value  # type: ignore[misc]
                    self.take(str(proof), figures)  # type: ignore[arg-type]

    def take(self, proof: str, figures: Mapping[str, Any]) -> None:
        """Add what a test of a proof noted, and write the proof's file again."""
        own = self.noted[proof]
        for name, value in figures.items():
            own[name] = own.get(name, 0) + value if isinstance(value, int) else value
        path = self.folder / f"{proof}.json"
        path.write_text(json.dumps(own, indent=1) + "\n")

    def merged(self) -> dict[str, Any]:
        """Return the promised figures out of every proof's file; null what is missing."""
        found: dict[str, Any] = {}
        for path in sorted(self.folder.glob("*.json")):
            found |= json.loads(path.read_text())
        if found.get("worlds"):
            share = found.get("worlds_mattered", 0) / found["worlds"]
            found["hiding_mattered"] = round(share, 3)
        return {name: found.get(name) for name in KEYS}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run in which a proof is missing."""
        if None in self.merged().values():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Print the figures after all else."""
        print(json.dumps(self.merged()))  # noqa: T201 - the promised last line


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("leak")
    group.addoption(
        "--leak-full",
        action="store_true",
        help="the long form: everyone through each lock, hundreds of worlds",
    )
    group.addoption(
        "--tamper-trials",
        type=int,
        default=0,
        help="so often a superuser tampers with the audit (36; in the long form 504)",
    )
    group.addoption(
        "--leaks",
        action="store_true",
        help="the long form of every proof, closing with one line of figures",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make `--leaks` mean the long form, and count in the process that prints."""
    if config.getoption("--leaks"):
        config.option.leak_full = True
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Figures(ready_var_folder() / "leaks"))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Return how a test notes figures of a proof: `figure("pool", pool_requests=9)`."""

    def note(proof: str, **figures: Any) -> None:
        request.node.user_properties.append((_KEY, (proof, figures)))

    return note


@pytest.fixture(scope="session")
def is_leak_full(pytestconfig: pytest.Config) -> bool:
    """Return whether the long form was asked for."""
    return bool(pytestconfig.getoption("leak_full"))
