"""Adopt a proposed version of the primary scheme."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system
from scoring.actions import schemes
from scoring.engine import PRIMARY


class Command(BaseCommand):
    """Let a version take effect on its day."""

    help = (
        "Let a loaded version take effect on the day that its file names. Groups are "
        "scored by it from now on, beside the version before it, which the figures come "
        "from until that day. Compare the two over all groups first. Exit code 2 on bad "
        "input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the version and why."""
        parser.add_argument("version", metavar="VERSION")
        parser.add_argument("--reason", required=True)

    def handle(
        self, *args: object, version: str = "", reason: str = "", **options: object
    ) -> None:
        """Adopt it.

        Raises:
            CommandError: with exit code 2; it cannot be adopted.
        """
        try:
            with acting_as(system("adopt_scheme")), transaction.atomic():
                found = schemes.adopt(name=PRIMARY.key, version=version, reason=reason)
        except AppError as error:
            raise CommandError(error.message, returncode=2) from error
        day = date_text(found.effective_on)
        self.stdout.write(f"{found} takes effect on {day}; all groups are marked.")
