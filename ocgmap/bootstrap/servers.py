"""Start and stop the embedded servers, and tell the processes how to reach them."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from ocgmap.bootstrap import roles
from ocgmap.bootstrap.broker import Broker, find_program
from ocgmap.bootstrap.children import Child
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.folders import (
    account_for,
    data_folder,
    private_folder,
    socket_folder,
)
from ocgmap.bootstrap.paths import log_folder
from ocgmap.bootstrap.postgres import (
    ADMINISTRATOR,
    STOP_TIMEOUT_SECONDS,
    Postgres,
    find_binaries,
    reachable_binaries,
)
from ocgmap.bootstrap.secret_store import Secrets, fresh
from ocgmap.env import env_secret

# Recovery after a hard stop replays the log before the server answers.
READY_TIMEOUT_SECONDS = 120.0
URL_NAMES = {
    "DATABASE_WEB_URL": roles.WEB,
    "DATABASE_WORKER_URL": roles.WORKER,
    "DATABASE_OWNER_URL": roles.OWNER,
}


@dataclass(slots=True)
class Servers:
    """Running embedded servers in starting order, and the addresses of all servers."""

    children: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        """Stop the servers in reverse order."""
        while self.children:
            self.children.pop().stop()


def is_database_given(environ: Mapping[str, str]) -> bool:
    """Return whether an operator named a database, so that none is embedded."""
    return any(is_given(name, environ) for name in ("DATABASE_URL", *URL_NAMES))


def is_given(name: str, environ: Mapping[str, str]) -> bool:
    """Return whether a secret is named, by itself or as a file; empty is not given."""
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def given_database(
    secrets: Secrets, *, may_create_databases: bool = False
) -> dict[str, str]:
    """Return the addresses to add for an operator's database, making roles if asked.

    Addresses given one by one stay as they are, and nothing is added; from
    `DATABASE_URL` alone, an administrator's, roles and passwords are made.

    Raises:
        SetupError: when the server cannot be reached or refuses.
    """
    if any(is_given(name, os.environ) for name in URL_NAMES):
        return {}
    admin_url = env_secret("DATABASE_URL")
    try:
        roles.prepare(
            admin_url, secrets.passwords, may_create_databases=may_create_databases
        )
    except psycopg.Error as error:
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            # What it says would quote the address, and the password in it.
            raise SetupError(
                "DATABASE_URL cannot be read as the address of a database",
                "write it like postgresql://login:password@host:5432/name, with "
                "special characters of the password as %-codes",
            ) from None
        raise SetupError(
            f"the database of DATABASE_URL refused the set-up: {error}",
            "check the address, and that its login may create roles and databases",
        ) from error
    return {
        name: roles.address(admin_url, role, secrets.passwords[role])
        for name, role in URL_NAMES.items()
    }


def start_postgres(
    servers: Servers, postgres: Postgres, secrets: Secrets, *, for_tests: bool
) -> None:
    """Start an embedded cluster, with roles and database in it, and add it to the list.

    Raises:
        SetupError: when it does not start or refuses the stored password.
    """
    postgres.clear_stale_lock()
    postgres.initialise(secrets.passwords[ADMINISTRATOR])
    server = Child(
        "postgres",
        postgres.start,
        postgres.log,
        stop_signal=signal.SIGINT,
        stop_timeout_seconds=STOP_TIMEOUT_SECONDS,
    )
    servers.children.append(server)
    server.start()
    admin_url = postgres.url(
        ADMINISTRATOR, secrets.passwords[ADMINISTRATOR], "postgres"
    )
    try:
        if not roles.wait_until_ready(
            admin_url, server.is_running, READY_TIMEOUT_SECONDS
        ):
            raise postgres.failure()
        roles.prepare(admin_url, secrets.passwords, may_create_databases=for_tests)
    except psycopg.OperationalError as error:
        raise SetupError(
            f"the database in {postgres.data} does not know our password: {error}",
            "put secrets.json back, or start afresh with `demo --reset`",
        ) from error
    for name, role in URL_NAMES.items():
        servers.environment[name] = postgres.url(
            role, secrets.passwords[role], roles.DATABASE
        )
    if for_tests:
        servers.environment["DATABASE_ADMIN_URL"] = admin_url


def start_broker(servers: Servers, broker: Broker) -> None:
    """Start an embedded broker and add it to the list.

    Raises:
        SetupError: when it does not start.
    """
    broker.stop_stranded()
    server = Child("broker", broker.start, broker.log, may_restart=True)
    servers.children.append(server)
    server.start()
    broker.wait(server.is_running)
    servers.environment["REDIS_URL"] = broker.url


def kept_postgres(var: Path) -> Postgres:
    """Return the cluster whose data stay in a data folder between runs."""
    home = data_folder(var)
    account = account_for(home)
    return Postgres(
        binaries=reachable_binaries(find_binaries(), home, account),
        data=home / "data",
        sockets=socket_folder(home / "sockets", account),
        log=log_folder() / "postgres.log",
        account=account,
        throwaway=False,
    )


def kept_broker(var: Path) -> Broker:
    """Return the broker whose messages stay in a data folder between runs."""
    sockets = socket_folder(var / "sockets", None)
    return Broker(
        program=find_program(),
        data=var / "broker",
        socket=sockets / "broker.sock",
        log=log_folder() / "broker.log",
    )


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[Servers]:
    """Run servers in a temporary folder, and remove it with them at the end.

    What the environment names already (`DATABASE_URL` or the three addresses,
    `REDIS_URL`) is used and not embedded.

    Args:
        durable: keeps PostgreSQL's safe settings, so that timings are true.
    """
    servers, secrets = Servers(), fresh()
    folder = Path(tempfile.mkdtemp(prefix="ocgmap-"))
    try:
        _start_throwaway(servers, secrets, folder, durable)
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start_throwaway(
    servers: Servers, secrets: Secrets, folder: Path, durable: bool
) -> None:
    account = account_for(folder)
    private_folder(folder, account)
    sockets = socket_folder(folder / "s", account)
    if is_database_given(os.environ):
        servers.environment |= given_database(secrets, may_create_databases=True)
    else:
        postgres = Postgres(
            binaries=reachable_binaries(find_binaries(), folder, account),
            data=private_folder(folder / "data", account),
            sockets=sockets,
            log=folder / "postgres.log",
            account=account,
            throwaway=not durable,
        )
        start_postgres(servers, postgres, secrets, for_tests=True)
    if not is_given("REDIS_URL", os.environ):
        broker = Broker(
            find_program(), folder / "broker", sockets / "b.sock", folder / "broker.log"
        )
        start_broker(servers, broker)
