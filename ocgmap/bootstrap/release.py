"""`manage.py release`: bring an operator's database up to this version of the code.

Roles and their passwords, where `DATABASE_URL` names an administrator's login; tables,
policies and triggers, as the owner; reference data and schemes, as the worker. Each step
may run again. Run it before the new web, worker, beat and drain start.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ocgmap.bootstrap import roles
from ocgmap.bootstrap.console import SetupError, step
from ocgmap.bootstrap.paths import ROOT
from ocgmap.bootstrap.servers import URL_NAMES, is_given
from ocgmap.env import env_secret

STEPS = (
    ("Bringing the tables up to date", "owner", ("migrate", "--noinput")),
    ("Loading the reference data", "worker", ("load_reference",)),
    ("Loading the schemes", "worker", ("load_schemes",)),
)


def main(arguments: list[str]) -> int:
    """Take every step and return the exit code."""
    argparse.ArgumentParser(prog="manage.py release", description=__doc__).parse_args(
        arguments
    )
    addresses = given_addresses()
    if is_given("DATABASE_URL", os.environ):
        with step("Making the roles"):
            prepare_roles(env_secret("DATABASE_URL"), addresses)
    for label, login, words in STEPS:
        with step(label):
            run(*words, environment={"OCGMAP_PROCESS": login})
    return 0


def given_addresses() -> dict[str, str]:
    """Return the addresses of the three logins by the name of their setting.

    Raises:
        SetupError: one of them is not set.
    """
    missing = [name for name in URL_NAMES if not is_given(name, os.environ)]
    if missing:
        raise SetupError(
            f"{' and '.join(missing)} not set",
            "set each, or NAME_FILE with the path of a file that holds it",
        )
    return {name: env_secret(name) for name in URL_NAMES}


def prepare_roles(admin_url: str, addresses: Mapping[str, str]) -> None:
    """Make roles, database and extensions, with the passwords of the addresses.

    Raises:
        SetupError: the server cannot be reached or refuses.
    """
    passwords = {
        role: _password(name, addresses[name]) for name, role in URL_NAMES.items()
    }
    try:
        roles.prepare(admin_url, passwords, may_create_databases=False)
    except psycopg.Error as error:
        raise SetupError(
            f"the database of DATABASE_URL refused the set-up: {error}",
            "check the address, and that its login may create roles and databases",
        ) from error


def _password(name: str, address: str) -> str:
    password = conninfo_to_dict(address).get("password")
    if not password:
        raise SetupError(
            f"{name} holds no password, so that its role cannot be given one",
            "add it to the address, or make the roles yourself and unset DATABASE_URL",
        )
    return str(password)


def run(*words: str, environment: Mapping[str, str]) -> None:
    """Run a command of `manage.py` and show what it says.

    Raises:
        SetupError: it failed.
    """
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if result.returncode != 0:
        raise SetupError(f"{words[0]} ended with code {result.returncode}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
