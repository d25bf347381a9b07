"""Begin a new era of the audit, in a database whose transactions are numbered anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction


class Command(BaseCommand):
    """Close the era of the audit; as the owner."""

    help = (
        "Close the present era of the audit: rows written from now on are of the next "
        "one. `restore` runs it, since another cluster numbers transactions anew; needed "
        "by hand only after a restore by other means. As the owner's login."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the least number of the era."""
        parser.add_argument(
            "--least",
            type=int,
            default=0,
            metavar="N",
            help="its number is this one at least: only where the sealer asks for it",
        )

    def handle(self, *, least: int = 0, **options: Any) -> None:
        """Begin it and print its number."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select accounts_begin_audit_era(%s)", [least])
            self.stdout.write(f"Era {cursor.fetchone()[0]} of the audit begins.")
