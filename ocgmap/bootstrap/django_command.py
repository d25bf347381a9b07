"""Run a Django command with the login it needs and, where need be, its own database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError, ProgrammingError

from ocgmap.bootstrap.command_database import database_for_command
from ocgmap.bootstrap.console import SetupError, say

# They calculate or print, and must not wait for a database.
OFFLINE_COMMANDS = {
    *("score", "network", "roles", "openapi"),
    *("help", "--help", "-h", "version", "--version"),
    *("collectstatic", "findstatic"),
}
OWNER_COMMANDS = {
    *("migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations"),
    *("optimizemigration", "create_max_migration_files", "rebase_migration"),
    *("flush", "dbshell", "check", "pgtrigger"),
}
# Undefined table, column, function, schema; connection faults and shutdown.
NO_TABLES = ("42P01", "42703", "42883", "3F000")
GONE = ("08", "57P")
SEALING_COMMANDS = {"seal", "verify_audit"}
WEB_COMMANDS = {"runserver", "testserver"}


def process_of(command: str) -> str:
    """Return whose login a command uses: the owner's, the web's or the worker's."""
    if command in OWNER_COMMANDS:
        return "owner"
    return "web" if command in WEB_COMMANDS else "worker"


def main(arguments: list[str]) -> None:
    """Run the command of these arguments, the first of which names the program."""
    command = arguments[1] if len(arguments) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocgmap.settings")
    refuse_broken(arguments[2:])
    if command in OFFLINE_COMMANDS or {"-h", "--help"} & set(arguments):
        os.environ.setdefault("OCGMAP_OFFLINE", "1")
        if command in {"help", "--help", "-h"} and not arguments[2:]:
            say(
                "The project's own commands: demo, test, bench, make_secrets, release, "
                "backup, restore; each takes --help.\n"
            )
        execute_from_command_line(arguments)
        return
    os.environ.setdefault("OCGMAP_PROCESS", process_of(command))
    is_sealing = command in SEALING_COMMANDS
    with database_for_command(is_sealing=is_sealing), _plain_faults(command):
        execute_from_command_line(arguments)


def refuse_broken(arguments: list[str]) -> None:
    """Return when each argument is text, or names a file that is there.

    Exits with code 2 where one is neither: no record can hold it.
    """
    for place, word in enumerate(arguments, start=1):
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            if Path(word).exists():
                continue
            say(
                f"argument {place}: {os.fsencode(word)!r} is not UTF-8 text. Type it "
                "again in a terminal that is set to UTF-8."
            )
            sys.exit(2)


@contextmanager
def _plain_faults(command: str) -> Iterator[None]:
    """Say in a sentence that there are no tables yet, or that the database went away.

    Raises:
        SetupError: with what to do; any other fault goes on as it is.
    """
    try:
        yield
    except (ProgrammingError, OperationalError, InterfaceError) as error:
        plain = None if process_of(command) == "owner" else fault_of(error)
        if plain is None:
            raise
        raise plain from error


def fault_of(error: Exception) -> SetupError | None:
    """Return what a database fault means for whoever runs a command, if it is known."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in NO_TABLES:
        return SetupError(
            "the database has no tables yet, or they are of an older version",
            "run `python3 manage.py demo`, or `python3 manage.py migrate` and "
            "`python3 manage.py load_reference`",
        )
    is_gone = state is None or state.startswith(GONE)
    if is_gone and not isinstance(error, ProgrammingError):
        return SetupError(
            "the database does not answer, or went away while the command ran",
            "if the demo is being stopped, wait until it has; then run the command "
            "again: what it had begun was taken back",
        )
    return None


if __name__ == "__main__":
    main(sys.argv)
