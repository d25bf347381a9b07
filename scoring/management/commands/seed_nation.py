"""Fill a demonstration with the synthetic nation, while the site is in use."""

import logging
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring.demonstration.nation import seeding
from scoring.demonstration.nation.planning import Nation
from scoring.demonstration.seeding import seed_accounts, seed_records

DEFAULT_SEED = 1829
LARGEST_SCALE = 20.0
_SAY_EVERY_SECONDS = 5.0


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = -1.0
    if not 0 <= scale <= LARGEST_SCALE:
        raise ArgumentTypeError(
            f"a scale is a number from 0 to {LARGEST_SCALE:.0f}; 1 is the whole nation"
        )
    return scale


class Command(BaseCommand):
    """Seed what is missing of the nation and score it; safe to stop and run again."""

    help = (
        "Make the synthetic nation beside the records made by hand: 48 forces, and at "
        "scale 1 about 5,000 groups, 40,000 people and 100,000 reports of two years. "
        "The same seed makes the same nation. "
        "Stopped at any moment, the next run goes on where it stopped. Refused unless "
        "OCGMAP_DEMONSTRATION=1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add how large the nation is and what it grows from."""
        parser.add_argument(
            "--scale",
            type=_scale,
            default=1.0,
            help="1 is the whole nation; default: 1",
        )
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help=f"default: {DEFAULT_SEED}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and score what is missing, and say how far it has come.

        Raises:
            CommandError: this is not a demonstration.
        """
        # What it says itself is enough: no line a pass of the drain between.
        logging.getLogger("scoring").setLevel(logging.WARNING)
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This would put thousands of invented records into the database. Set "
                "OCGMAP_DEMONSTRATION=1 where that is what you want."
            )
        before = seeding.begun()
        wanted = Nation(options["seed"], options["scale"], seeding.today())
        if before is not None:
            self._warn_of_another(before.nation, wanted)
        nation = wanted if before is None else before.nation
        if before is not None and before.is_complete:
            self._say(f"The nation is here already: {nation.groups:,} groups.")
            return
        if nation.groups:
            seed_accounts()
            seed_records(self._say)
            self._seed(nation)

    def _warn_of_another(self, here: Nation, wanted: Nation) -> None:
        if (here.seed, here.scale) != (wanted.seed, wanted.scale):
            self._say(
                f"A nation of scale {here.scale:g} from the seed {here.seed} was begun "
                "here, and is kept; `demo --reset` makes room for another."
            )

    def _seed(self, nation: Nation) -> None:
        begun = said = time.monotonic()
        self._say(f"The nation comes in meanwhile: {nation.groups:,} groups.")

        def show(progress: seeding.Progress) -> None:
            nonlocal said
            if time.monotonic() - said < _SAY_EVERY_SECONDS:
                return
            said = time.monotonic()
            done = nation.done_after(progress.steps)
            self._say(
                f"Nation: {done:,} of {nation.groups:,} groups, {said - begun:.0f} s"
            )

        seeding.seed(nation, show)
        seeding.catch_up(0)
        self._say(
            f"The nation is complete: {nation.groups:,} groups, loaded and scored in "
            f"{time.monotonic() - begun:.0f} s."
        )

    def _say(self, text: str) -> None:
        self.stderr.write(f"  {text}", style_func=str)
