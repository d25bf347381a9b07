"""Delete drafts that nobody saved for long."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from groups.actions import entry_drafts


class Command(BaseCommand):
    """Delete the drafts of everybody that nobody saved for so many days."""

    help = "Delete drafts that nobody saved for so many days; print how many went."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the number of days."""
        parser.add_argument(
            "--days",
            type=int,
            default=entry_drafts.KEPT_DAYS,
            metavar="N",
            help="how long a draft is kept after it was saved last (default %(default)s)",
        )

    def handle(self, *args: object, days: int, **options: object) -> None:
        """Delete them.

        Raises:
            CommandError: with exit code 2, naming the option, the rule and the cure.
        """
        if days < 1:
            raise CommandError(
                "--days: It must be 1 or more. Give the number of days.", returncode=2
            )
        self.stdout.write(f"Drafts deleted: {entry_drafts.forget_old(days=days)}")
