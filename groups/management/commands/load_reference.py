"""Load the reference files: organisations, tags and their holders, code lists."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.actions import reference as organisations
from groups.actions import reference as code_lists
from ocgmap.common.acting import acting_as
from ocgmap.common.reference import ReferenceDataError
from ocgmap.common.scope import system


class Command(BaseCommand):
    """Load forces, regions, agencies, threat types and offences. Safe to run again."""

    help = (
        "Load forces, regions, agencies, tags with their holders, threat types and "
        "offences from the project's own files. Safe to run again: run it after an "
        "upgrade, and on the day on which a placement or succession takes effect."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Write what differs, all or nothing, and say how much that was."""
        try:
            with acting_as(system("load_reference")), transaction.atomic():
                written = organisations.load(on=timezone.localdate())
                written |= code_lists.load()
        except ReferenceDataError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"]:
            for name, count in written.items():
                self.stdout.write(
                    f"{name}: {count} written" if count else f"{name}: as before"
                )
