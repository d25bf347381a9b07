"""Fill an empty system with the demonstration: invented records and accounts."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring.demonstration import cast, exhibit, published, seeding
from scoring.outbox import drain_until_empty

_DRAIN_SECONDS = 120.0


class Command(BaseCommand):
    """Make the demo's accounts and records; safe to run again."""

    help = (
        "Make the invented accounts, groups and reports of the demonstration, through "
        "the same actions as the browser, and score them. Progress goes to standard "
        "error, the table of accounts to standard output. A second run writes nothing. "
        "Refused unless OCGMAP_DEMONSTRATION=1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, score it, and print who can sign in.

        Raises:
            CommandError: this is not a demonstration.
        """
        # What it says itself is enough: no line a pass of the drain between.
        logging.getLogger("scoring").setLevel(logging.WARNING)
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This would put invented records and a public password into the "
                "database. Set OCGMAP_DEMONSTRATION=1 where that is what you want."
            )
        started = time.monotonic()
        made = seeding.seed_accounts()
        is_new = seeding.seed_records(self._say)
        shown = exhibit.seed_exhibit(self._say)
        beside = published.seed_published(self._say)
        if made or is_new or shown.is_new:
            result = drain_until_empty(seconds=_DRAIN_SECONDS)
            self._say(
                f"{result.written.opened} lines of the picture written; "
                f"{time.monotonic() - started:.0f} s in all"
            )
        else:
            self._say("The demo records are here already: nothing was written.")
        exhibits = "\n".join([shown.sentence, *beside])
        self.stdout.write(f"{cast.table()}\n\n{exhibits}")

    def _say(self, text: str) -> None:
        self.stderr.write(f"  {text}", style_func=str)
