"""Verify the audit: rows, seals, chain and the copy outside the database."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.exceptions import NoSealKey
from accounts.sealing.verifying import MOST_UNSEALED_SECONDS, verify


class Command(BaseCommand):
    """Print what is sound and what is not as JSON; exit code 1 on any fault."""

    help = (
        "Compare every sealed row of the audit with its batch, every batch with its "
        "signature, the one before and the copy outside the database, and print each "
        "fault with the batch it touches. Exit code 1 on any. Needs "
        "OCGMAP_SEAL_PUBLIC_KEYS (or OCGMAP_SEAL_KEY)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where the copy is, and how many restores are known."""
        parser.add_argument(
            "--copy",
            type=Path,
            default=settings.SEAL_COPY,
            help="the copy to compare with (default: OCGMAP_SEAL_COPY)",
        )
        parser.add_argument(
            "--without-copy",
            action="store_true",
            help="compare the database with itself only: a tail cut off is not seen",
        )
        parser.add_argument(
            "--known-restores",
            type=int,
            default=0,
            metavar="N",
            help="so many restores that lost batches are known, and no fault",
        )
        parser.add_argument(
            "--most-unsealed-seconds",
            type=int,
            default=MOST_UNSEALED_SECONDS,
            metavar="N",
            help="a row that waits longer to be sealed is a fault "
            f"(default: {MOST_UNSEALED_SECONDS})",
        )

    def handle(
        self,
        *,
        copy: Path,
        without_copy: bool = False,
        known_restores: int = 0,
        most_unsealed_seconds: int = MOST_UNSEALED_SECONDS,
        **options: Any,
    ) -> None:
        """Verify, print, and end with exit code 1 if anything is wrong."""
        began = time.monotonic()
        try:
            found = verify(
                None if without_copy else copy,
                known_restores=known_restores,
                most_unsealed_seconds=most_unsealed_seconds,
            )
        except NoSealKey as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The copy {copy} cannot be read: {error.strerror}. Name it by --copy."
            ) from error
        said = {**found.as_json(), "seconds": round(time.monotonic() - began, 1)}
        self.stdout.write(json.dumps(said, indent=2))
        if not found.is_sound:
            raise SystemExit(1)
