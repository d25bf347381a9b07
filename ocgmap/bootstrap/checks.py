"""`manage.py test`: every check of the code, then the tests, on throw-away servers.

With arguments for pytest only pytest runs, with those arguments; `--browser` alone means
the long form of the tests in a browser, and `--leaks` that of the proofs of need to
know; each closes with a line of figures.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ocgmap.bootstrap import frontend
from ocgmap.bootstrap.console import say, step
from ocgmap.bootstrap.environment import writable_home
from ocgmap.bootstrap.guarded import GuardedServers
from ocgmap.bootstrap.paths import ROOT

MANAGE = (sys.executable, str(ROOT / "manage.py"))
CONCISE = ("--output-format", "concise")
PROGRAMS = Path(sys.executable).parent
MOST_AT_ONCE = 4
TEST_ENVIRONMENT = {
    "OCGMAP_TEST": "1",
    "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "OCGMAP_TOKEN_PEPPER": secrets.token_urlsafe(50),
}
# As an operator would set it: `check --deploy` must find nothing to warn of.
PRODUCTION = {
    "OCGMAP_TEST": "0",
    "OCGMAP_INSECURE_HTTP": "0",
    "OCGMAP_DEBUG": "0",
    "OCGMAP_ALLOWED_HOSTS": "ocgmap.example",
    "OCGMAP_PROCESS": "web",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a command that must end with code 0."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def passes(self, environment: Mapping[str, str]) -> bool:
        """Run the check, print one line about it and, where it fails, what it said."""
        started = time.monotonic()
        result = subprocess.run(
            self.command,
            cwd=ROOT,
            env={**environment, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        is_passed = result.returncode == 0
        word = "ok  " if is_passed else "FAIL"
        line = f"{word} {self.name} ({time.monotonic() - started:.1f} s)"
        say(line if is_passed else f"{line}\n{result.stdout.rstrip()}")
        return is_passed


def _program(name: str) -> str:
    return str(PROGRAMS / name)


# The longest first: they run side by side.
CHECKS = (
    Check("types (mypy)", (_program("mypy"),)),
    Check("ruff check", (_program("ruff"), "check", *CONCISE, ".")),
    Check("ruff format", (_program("ruff"), "format", "--check", *CONCISE, ".")),
    Check("import contracts", (_program("lint-imports"),)),
    Check("templates (djlint)", (_program("djlint"), "--lint", "templates")),
    Check(
        "migrations match models",
        (*MANAGE, "makemigrations", "--check", "--dry-run"),
        {"OCGMAP_PROCESS": "owner"},
    ),
    Check(
        "deployment check",
        (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
        PRODUCTION,
    ),
)


def main(arguments: list[str]) -> int:
    """Run checks and tests; return 0 only when all of them pass.

    Without words: every test, some at a time on each core of up to four.
    """
    frontend.build_if_changed()
    with step("Starting the throw-away servers"):
        servers = GuardedServers()
    environment = {
        **os.environ,
        **writable_home(),
        **TEST_ENVIRONMENT,
        **servers.environment,
    }
    try:
        is_clean = bool(arguments) or _all_pass(environment)
        # Last, so that the closing line of all output is pytest's.
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *_words(arguments)],
            cwd=ROOT,
            env=environment,
            check=False,
        ).returncode
    finally:
        servers.stop()
    return code or int(not is_clean)


def _all_pass(environment: Mapping[str, str]) -> bool:
    """Run every check, one on each core; each tells its result when it ends."""
    with ThreadPoolExecutor(_cores()) as pool:
        return all(list(pool.map(lambda check: check.passes(environment), CHECKS)))


def _cores() -> int:
    return min(os.cpu_count() or 1, MOST_AT_ONCE)


def _words(arguments: list[str]) -> list[str]:
    """Return the words for pytest."""
    if arguments == ["--browser"]:
        return ["tests/functional", "--browser"]
    if arguments == ["--leaks"]:
        # Worlds and parts of the matrix are shared out one by one.
        return ["tests/leak", "--leaks", "-n", str(_cores()), "--dist", "load"]
    return arguments or _in_parallel()


def _in_parallel() -> list[str]:
    """Return the words for a run of all tests.

    Those of one file stay together, and files run in the order in which
    `tests/conftest.py` puts them: the longest first.
    """
    cores = _cores()
    if cores == 1:
        return []
    return ["-n", str(cores), "--dist", "loadfile", "--no-loadscope-reorder"]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
