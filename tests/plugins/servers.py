"""Pytest plugin: throw-away PostgreSQL and broker unless the environment names them.

Only the controller of a parallel run starts them; its workers inherit the addresses.
"""

import os

import pytest

from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.guarded import GuardedServers

ADDRESSES = (
    "DATABASE_WEB_URL",
    "DATABASE_WORKER_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
)
STARTED = pytest.StashKey[GuardedServers]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the servers before pytest-django reads the settings."""
    is_given = all(name in os.environ for name in ADDRESSES)
    is_parallel_worker = "PYTEST_XDIST_WORKER" in os.environ
    if is_given or is_parallel_worker or early_config.known_args_namespace.help:
        return
    try:
        servers = GuardedServers()
    except SetupError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ.update(servers.environment)
    early_config.stash[STARTED] = servers


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers that this run started."""
    servers = config.stash.get(STARTED, None)
    if servers:
        servers.stop()
