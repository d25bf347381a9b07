"""Print the reference page of the states: `docs/reference/states.md`."""

from django.core.management.base import BaseCommand

from groups.transitions import states_page


class Command(BaseCommand):
    """Print the states, their steps and their diagrams as Markdown."""

    help = "Print docs/reference/states.md."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Print the page; no database is needed."""
        self.stdout.write(states_page(), ending="")
