"""Write the description of the API that is committed; needs no database."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

DESCRIPTION = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


class Command(BaseCommand):
    """Write docs/openapi.yaml again; the change is then seen in the diff."""

    help = "Write docs/openapi.yaml, or another file, from the API as it stands."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument("file", nargs="?", type=Path, default=DESCRIPTION)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Write the file."""
        call_command("spectacular", file=str(file), validate=True, fail_on_warn=True)
