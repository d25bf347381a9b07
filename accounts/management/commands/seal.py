"""Seal the audit: once until nothing waits, or for as long as the process lives."""

import signal
import threading
from argparse import ArgumentParser
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection

from accounts.exceptions import NoSealKey, SealBroken
from accounts.sealing.keys import key_name, sealing_key
from accounts.sealing.sealer import MOST_ROWS, seal, unsealed
from ocgmap.common.alive import alive

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Close batches of the audit; with --loop one a second until told to stop."""

    help = (
        "Chain, sign and copy what was written to the audit since the last batch. With "
        "--loop, again every second until SIGTERM or Ctrl-C. Needs OCGMAP_SEAL_KEY."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the loop, and the way to learn the public key."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="print the key by which seals are known, and end",
        )

    def handle(
        self, *, loop: bool = False, public_key: bool = False, **options: Any
    ) -> None:
        """Seal, or print the public key."""
        try:
            name = key_name(sealing_key())
            if public_key:
                self.stdout.write(name)
            elif loop:
                Loop(float(settings.SEAL_EVERY_SECONDS)).run()
            else:
                self.stdout.write(f"{self._once()} batches sealed.")
        except (NoSealKey, SealBroken, OSError) as error:
            raise CommandError(str(error)) from error

    def _once(self) -> int:
        batches = 0
        while seal():
            batches += 1
        return batches


@dataclass
class Loop:
    """Passes without end; what stands in the way is an alarm, and is tried again."""

    every_seconds: float
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Go on until SIGTERM or SIGINT; the batch under way is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopped.is_set():
            if not self.look():
                self.stopped.wait(self.every_seconds)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped.set()

    def look(self) -> bool:
        """Seal one batch; return whether more waits, so that one looks at once.

        Whatever hinders it is told in the log, and `ocgmap_audit_oldest_unsealed_seconds`
        grows until it is mended.
        """
        try:
            made = seal()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            logger.warning("the database is away, seal waits", kind=_kind(error))
            return False
        except OSError as error:
            _alarm("alarm: the copy of the seal cannot be written", error)
            return False
        except SealBroken as error:
            _alarm("alarm: the audit cannot be sealed", error)
            return False
        alive()
        return bool(made and made.row_count >= MOST_ROWS // 2)


def _alarm(words: str, error: Exception) -> None:
    rows, oldest = unsealed()
    logger.error(
        words,
        kind=_kind(error),
        code=getattr(error, "code", ""),
        unsealed=rows,
        oldest_unsealed_seconds=round(oldest, 1),
    )


def _kind(error: Exception) -> str:
    return type(error).__name__
