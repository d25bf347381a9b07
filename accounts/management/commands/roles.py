"""Print the table of roles and rights; needs no database."""

from django.core.management.base import BaseCommand

from accounts.roles import page


class Command(BaseCommand):
    """Print the reference page of roles and rights."""

    help = "Print the roles, their rights and what each is for, as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Print the page."""
        self.stdout.write(page(), ending="")
