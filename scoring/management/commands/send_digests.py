"""Send the daily emails that are due."""

import json

from django.core.management.base import BaseCommand

from scoring.notices.mailing import send_due


class Command(BaseCommand):
    """Send, and print how many mails came to which state as JSON."""

    help = (
        "Send each account that wants one its mail of today, once its hour has come. "
        "May run again at any time: a mail that was sent is not sent again. Prints how "
        "many were sent, failed, or had nothing to tell."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Send what is due and print the counts."""
        self.stdout.write(json.dumps(dict(send_due()), sort_keys=True))
