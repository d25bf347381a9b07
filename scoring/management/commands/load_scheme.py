"""Load a proposed version of the primary scheme from a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.reference.records import Confidence
from ocgmap.common.scope import system
from scoring.actions import schemes
from scoring.assembly import primary_in_use
from scoring.engine import SchemeFileRefusedError, rows_of
from scoring.engine.scheme_file import as_csv


class Command(BaseCommand):
    """Load a version as proposed; it scores no group until it is adopted."""

    help = (
        "Check the table of a new version of the primary scheme, and keep it as proposed, "
        "frozen from then on. It can be compared over all groups; it scores none until "
        "`adopt_scheme`. `--template` prints the table of the published version, to begin "
        "from. Exit code 2 on bad input, with line, field, rule and cure of each fault."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, or the wish for one."""
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument("--template", action="store_true")

    def handle(
        self,
        *args: object,
        file: str | None = None,
        template: bool = False,
        **options: object,
    ) -> None:
        """Load the file.

        Raises:
            CommandError: with exit code 2; the file is refused.
        """
        if template:
            scheme = primary_in_use().scheme
            rows = rows_of(scheme, scheme.source, str(Confidence.LOCAL))
            self.stdout.write(as_csv(rows), ending="")
            return
        if file is None:
            raise CommandError("file: name the file to load.", returncode=2)
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(
                f"file: {error.strerror}: {file}", returncode=2
            ) from error
        try:
            with acting_as(system("load_scheme")), transaction.atomic():
                version, is_new = schemes.load(content=content)
        except SchemeFileRefusedError as error:
            raise CommandError(str(error), returncode=2) from error
        except AppError as error:
            raise CommandError(error.message, returncode=2) from error
        said = "loaded as proposed" if is_new else "was loaded before: nothing changed"
        self.stdout.write(f"{version} {said}.")
