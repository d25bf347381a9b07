"""Score one group's levels from a file; needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ocgmap.common.errors import AppError
from scoring.engine import SCHEME_KEYS, SCHEMES, scheme_named, score_levels
from scoring.engine.levels_file import levels_from_json, result_as_json
from scoring.engine.reference import schemes_page
from scoring.scores.derived import derived_rules


class Command(BaseCommand):
    """Print the score of a JSON file of levels, or the tables of all schemes."""

    help = (
        'Score a file such as {"attributes": {"violence": "low"}} under a scheme and '
        "print value, interval, band and reasons as JSON. A missing attribute is "
        "unknown. Exit code 2 on bad input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the scheme, and the listing of schemes."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE.json")
        parser.add_argument("--scheme", metavar="|".join(SCHEME_KEYS))
        parser.add_argument(
            "--list",
            dest="tables",
            action="store_true",
            help="print the tables of all schemes as Markdown and stop",
        )

    def handle(
        self,
        *args: object,
        file: Path | None = None,
        scheme: str | None = None,
        tables: bool = False,
        **options: object,
    ) -> None:
        """Print the result.

        Raises:
            CommandError: with exit code 2, naming the field, the rule and the cure.
        """
        if tables:
            self.stdout.write(schemes_page(SCHEMES, derived_rules()), ending="")
            return
        if file is None or scheme is None:
            raise CommandError(
                "Give both a file and a scheme: score FILE.json --scheme "
                + "|".join(SCHEME_KEYS),
                returncode=2,
            )
        try:
            table = scheme_named(scheme)
            levels = levels_from_json(file.read_bytes(), table)
        except OSError as error:
            raise CommandError(
                f"file: {file} cannot be read ({error.strerror}). "
                "Give the path of a file that you may read.",
                returncode=2,
            ) from error
        except AppError as error:
            raise CommandError(error.message, returncode=2) from error
        result = result_as_json(score_levels(levels, table))
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))
