"""Draw, of what was mapped since, a share of each region's for a second score."""

from django.core.management.base import BaseCommand

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import second_scorings


class Command(BaseCommand):
    """Draw now, without waiting for the hour."""

    help = (
        "Draw, of the submissions that were mapped since, one in ten or what the region "
        "wants, for a blind second score; print how many. Run again it draws nothing."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Draw."""
        with acting_as(system("command draw_second_scorings")):
            drawn = second_scorings.draw()
        self.stdout.write(f"Drawn for a second score: {len(drawn)}")
