"""Load the published schemes of the code into the database."""

from django.core.management.base import BaseCommand
from django.db import transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions.reference import load_schemes


class Command(BaseCommand):
    """Load the schemes; `migrate` does it too. May run again."""

    help = (
        "Give every published scoring scheme its row and mark all groups if one is "
        "new. Runs after each migrate by itself; running it again changes nothing."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Load them and say what was new."""
        with acting_as(system("load_schemes")), transaction.atomic():
            loaded = load_schemes()
        if int(str(options.get("verbosity", 1))):
            self.stdout.write(
                f"{loaded.added} new schemes, {loaded.marked} groups marked."
            )
