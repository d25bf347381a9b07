"""Drain the outbox: once until it is empty, or for as long as the process lives."""

import datetime
import signal
import threading
from argparse import ArgumentParser
from dataclasses import dataclass, field
from types import FrameType

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from ocgmap.common.alive import alive
from scoring import outbox

logger = structlog.get_logger(__name__)

_POLL_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


class Command(BaseCommand):
    """Rescore marked groups; with --loop go on until told to stop."""

    help = (
        "Rescore every marked group and stamp the receipts. With --loop, look again "
        "ten times a second until SIGTERM or Ctrl-C: it needs no broker and no beat."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the loop, its pause, and a second chance for what was set aside."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--poll",
            type=float,
            default=_POLL_SECONDS,
            metavar="SECONDS",
            help="pause between looks when nothing waits (default %(default)s)",
        )
        parser.add_argument(
            "--retry-dead",
            action="store_true",
            help="mark every group that was set aside again, first",
        )

    def handle(
        self,
        *args: object,
        loop: bool = False,
        poll: float = _POLL_SECONDS,
        retry_dead: bool = False,
        **options: object,
    ) -> None:
        """Drain."""
        if retry_dead:
            outbox.sweep(timezone.localdate(), all_dead=True)
        if loop:
            _Loop(poll).run()
            return
        result = outbox.drain_until_empty(seconds=float("inf"))
        self.stdout.write(
            f"{result.marks} marks, {result.groups} groups rescored, "
            f"{result.written.opened} lines opened, {result.written.closed} closed, "
            f"{len(result.set_aside)} set aside."
        )


@dataclass
class _Loop:
    """Passes without end; a database that is away is waited for."""

    poll_seconds: float
    pause_seconds: float = 0.0
    swept_on: datetime.date | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Go on until SIGTERM or SIGINT; the pass under way is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopped.is_set():
            if not self._look():
                self.stopped.wait(self.pause_seconds or self.poll_seconds)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped.set()

    def _look(self) -> bool:
        """Run one pass; return whether to look again at once."""
        try:
            self._sweep_once_a_day()
            found = outbox.drain_once().marks > 0
        except (OperationalError, InterfaceError) as error:
            connection.close()
            self.pause_seconds = min(
                max(2 * self.pause_seconds, self.poll_seconds), _LONGEST_PAUSE_SECONDS
            )
            logger.warning(
                "the database is away, drain waits",
                kind=type(error).__name__,
                seconds=self.pause_seconds,
            )
            return False
        self.pause_seconds = 0.0
        alive()
        return found

    def _sweep_once_a_day(self) -> None:
        today = timezone.localdate()
        if self.swept_on != today:
            outbox.sweep(today)
            self.swept_on = today
