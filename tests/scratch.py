"""Scratch databases in the cluster of the tests, and processes that use them."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from ocgmap.bootstrap.paths import ROOT
from ocgmap.bootstrap.roles import LOGINS

URLS = ("DATABASE_OWNER_URL", "DATABASE_WEB_URL", "DATABASE_WORKER_URL")
LEAVE_SECONDS = 20.0
MANAGE = str(ROOT / "manage.py")


class Databases:
    """Scratch databases in the cluster of the tests, dropped at the end."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def create(self, template: str = "template1", *, name: str = "") -> str:
        """Make a database of the owner's, a copy of ``template``; return its name."""
        name = name or f"ocgmap_live_{uuid.uuid4().hex[:12]}"
        statement = sql.SQL("create database {} template {}")
        with self._link() as link:
            link.execute(
                statement.format(sql.Identifier(name), sql.Identifier(template))
            )
            self.made.append(name)
            revoke = sql.SQL("revoke connect on database {} from public")
            link.execute(revoke.format(sql.Identifier(name)))
            for role in LOGINS:
                grant = sql.SQL("grant connect on database {} to {}")
                link.execute(grant.format(sql.Identifier(name), sql.Identifier(role)))
        return name

    def drop(self, name: str) -> None:
        """Drop one of the databases made here, once the last process has left it."""
        statement = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
        deadline = time.monotonic() + LEAVE_SECONDS
        with self._link() as link:
            while True:
                try:
                    link.execute(statement)
                except psycopg.errors.ObjectInUse:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)
                else:
                    break
        self.made.remove(name)

    def drop_all(self) -> None:
        for name in list(self.made):
            self.drop(name)

    def _link(self) -> psycopg.Connection[Any]:
        url = address_in("DATABASE_OWNER_URL", "postgres")
        return psycopg.connect(url, autocommit=True)


def address_in(variable: str, database: str) -> str:
    """Return the address of a login, in another database of the same cluster."""
    parts = urlsplit(os.environ[variable])
    return urlunsplit(parts._replace(path=f"/{database}"))


def environment_for(database: str, **more: str) -> dict[str, str]:
    """Return the environment of processes that use ``database``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "OCGMAP_PROCESS" and not name.startswith(("PYTEST_", "COV_"))
    }
    addresses = {name: address_in(name, database) for name in URLS}
    return {
        **kept,
        **addresses,
        "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def run_python(*words: str, env: Mapping[str, str], login: str) -> str:
    """Run a Python process to its end and return what it printed.

    Raises:
        RuntimeError: it failed; the message holds what it said.
    """
    result = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**env, "OCGMAP_PROCESS": login},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        said = result.stdout[-4000:] + result.stderr[-4000:]
        raise RuntimeError(f"{' '.join(words)} ended with {result.returncode}:\n{said}")
    return result.stdout


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Make scratch databases; they are dropped at the end."""
    made = Databases()
    yield made
    made.drop_all()


def make_reference(databases: Databases, *, name: str = "") -> str:
    """Make a database with tables and reference data; return its name."""
    made = databases.create(name=name)
    env = environment_for(made)
    run_python(MANAGE, "migrate", "--noinput", env=env, login="owner")
    run_python(MANAGE, "load_reference", env=env, login="worker")
    return made


def make_bare(databases: Databases, reference: str = "", *, name: str = "") -> str:
    """Make a database with tables, reference data and schemes; return its name."""
    if reference:
        made = databases.create(reference, name=name)
    else:
        made = make_reference(databases, name=name)
    run_python(MANAGE, "load_schemes", env=environment_for(made), login="worker")
    return made
