"""The database of one command: an operator's, the running demo's, or one of its own."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ocgmap.bootstrap import run_state
from ocgmap.bootstrap.console import SetupError, say
from ocgmap.bootstrap.paths import ready_var_folder
from ocgmap.bootstrap.project_environment import local_environment
from ocgmap.bootstrap.secret_store import KEYS, load_or_create
from ocgmap.bootstrap.servers import (
    URL_NAMES,
    Servers,
    given_database,
    is_database_given,
    is_given,
    kept_broker,
    kept_postgres,
    start_postgres,
)

WAIT_SECONDS = 120.0


@contextmanager
def database_for_command(*, is_sealing: bool = False) -> Iterator[None]:
    """Put the servers' addresses into the environment, and keep them up for the block.

    An operator's are left alone; the running demo's are used where there is one; else
    PostgreSQL runs for as long as the block. No broker is started for a command: what
    it would hint at, the next drain finds in the database. One that seals, or knows a
    seal, gets the key for it besides.

    Raises:
        SetupError: when the database cannot be started or reached.
    """
    if is_all_given(os.environ):
        yield  # nothing is made and nothing written: the folder may be read-only
        return
    var = ready_var_folder()
    secrets = load_or_create(var)
    is_operators = is_database_given(os.environ)
    os.environ.update(local_environment(var, secrets, is_operators=is_operators))
    if is_sealing:
        os.environ.update(secrets.sealing())
    if is_operators:
        os.environ.update(given_database(secrets))
        _use_broker(var)
        yield
        return
    with run_state.holding(var, wait=False) as taken:
        if taken:
            with _own_database(var):
                yield
            return
    if _join_running(var):
        yield
        return
    with run_state.holding(var, wait=True), _own_database(var):
        yield


def is_all_given(environ: Mapping[str, str]) -> bool:
    """Return whether an operator named every secret that a command can need."""
    return any(is_given(name, environ) for name in URL_NAMES) and all(
        is_given(name, environ) for name in (*KEYS, "REDIS_URL")
    )


def _use_broker(var: Path) -> None:
    """Name the running demo's broker, else the place where one would be."""
    if is_given("REDIS_URL", os.environ):
        return
    state = run_state.read(var)
    running = state.environment.get("REDIS_URL") if state and state.is_live else None
    os.environ["REDIS_URL"] = running or kept_broker(var).url


def _join_running(var: Path) -> bool:
    """Use the running demo's servers; False when another command's own went away."""
    deadline = time.monotonic() + WAIT_SECONDS
    is_told = False
    while time.monotonic() < deadline:
        state = run_state.read(var)
        if state and state.is_live and state.environment:
            os.environ.update(
                {
                    name: value
                    for name, value in state.environment.items()
                    if not os.environ.get(name)
                }
            )
            return True
        with run_state.holding(var, wait=False) as taken:
            if taken:
                return False
        if not is_told:
            say("Waiting for the database, which another command has started …")
            is_told = True
        time.sleep(0.2)
    raise SetupError(
        "another command has held the database for two minutes",
        f"wait for it to end, or see {var / 'log'}",
    )


@contextmanager
def _own_database(var: Path) -> Iterator[None]:
    """Run PostgreSQL for the block, and stop it also when the command is terminated."""
    secrets = load_or_create(var)
    servers = Servers()
    previous = signal.signal(signal.SIGTERM, _exit)
    try:
        run_state.stop_stranded(var)
        start_postgres(servers, kept_postgres(var), secrets, for_tests=False)
        run_state.write(var, servers.children)
        os.environ.update(servers.environment)
        _use_broker(var)
        yield
    finally:
        servers.stop()
        run_state.forget(var)
        signal.signal(signal.SIGTERM, previous)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
