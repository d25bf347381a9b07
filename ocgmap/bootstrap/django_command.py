"""Run a Django command with the login it needs and, where need be, its own database."""

import os
import sys

from django.core.management import execute_from_command_line

from ocgmap.bootstrap.command_database import database_for_command
from ocgmap.bootstrap.console import say

# They calculate or print, and must not wait for a database.
OFFLINE_COMMANDS = {
    *("score", "network"),
    *("help", "--help", "-h", "version", "--version"),
    *("collectstatic", "findstatic"),
}
OWNER_COMMANDS = {
    *("migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations"),
    *("optimizemigration", "create_max_migration_files", "rebase_migration"),
    *("flush", "dbshell", "check", "pgtrigger"),
}
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
    with database_for_command():
        execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
