"""Drain the outbox: take marks, rescore their groups, stamp their receipts, together.

One transaction a pass, READ COMMITTED. Whatever stops it, a killed process or a lost
connection, takes everything back: the marks reappear and the next pass finds them.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.exceptions import SchemesNotLoaded
from scoring.outbox import heartbeat, poison
from scoring.outbox.claiming import Claimed, claim, include
from scoring.outbox.lines import Written
from scoring.outbox.profiles import refresh_profiles
from scoring.outbox.rescoring import rescore

logger = structlog.get_logger(__name__)

# Groups a pass: enough to share the cost of its statements, few enough to take less
# than a second.
BATCH = 200
# These say nothing of the group: the whole pass is taken back and tried again.
_NOT_THE_GROUP = (OperationalError, InterfaceError, SchemesNotLoaded)


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one pass did. `marks` 0 means that nothing was waiting."""

    marks: int = 0
    groups: int = 0
    set_aside: tuple[int, ...] = ()
    written: Written = field(default_factory=Written)


@dataclass(slots=True)
class Drainer:
    """One process's drain; careful until it has come back from a pass alive."""

    is_careful: bool = True

    def once(self, limit: int = BATCH) -> DrainResult:
        """Run one pass over up to ``limit`` groups.

        Raises:
            OperationalError: the database is away or a lock could not be had; nothing
                is lost, the next pass is a careful one.
            SchemesNotLoaded: the schemes of this code are not in the database.
        """
        try:
            result = self._careful(limit) if self.is_careful else _pass(limit)
        except (OperationalError, InterfaceError):
            self.is_careful = True
            raise
        heartbeat.beat("drain")
        return result

    def _careful(self, limit: int) -> DrainResult:
        with acting_as(system("scoring.drain")), transaction.atomic():
            groups = poison.next_careful_groups(limit)
        result = _pass(limit, groups)
        with acting_as(system("scoring.drain")), transaction.atomic():
            self.is_careful = poison.suspects_remain()
        return result


_DRAINER = Drainer()


def drain_once(limit: int = BATCH) -> DrainResult:
    """Run one pass of this process's drain. Raises as `Drainer.once` does."""
    return _DRAINER.once(limit)


def drain_until_empty(*, seconds: float = 60.0) -> DrainResult:
    """Run passes until nothing waits or the time is up; return their sum."""
    deadline = time.monotonic() + seconds
    total = DrainResult()
    while time.monotonic() < deadline:
        was_careful = _DRAINER.is_careful
        result = drain_once()
        total = _sum(total, result)
        if not result.marks and not was_careful:
            break
    return total


def _sum(a: DrainResult, b: DrainResult) -> DrainResult:
    written = Written(
        a.written.assessments + b.written.assessments,
        a.written.opened + b.written.opened,
        a.written.closed + b.written.closed,
    )
    return DrainResult(
        a.marks + b.marks, a.groups + b.groups, a.set_aside + b.set_aside, written
    )


def _pass(limit: int, only: Collection[int] | None = None) -> DrainResult:
    began = time.perf_counter()
    with acting_as(system("scoring.drain")), transaction.atomic():
        claimed = claim(limit, only)
        if claimed.profiles_changed:
            refresh_profiles(timezone.localdate())
        if not claimed.groups:
            return DrainResult(marks=claimed.marks)
        written, failed = _rescore_all(claimed)
        done = set(claimed.groups) - failed.keys()
        include(done, claimed.causes)
        poison.forget(done)
        for group, error in failed.items():
            poison.set_aside(group, error)
    logger.info(
        "drained",
        marks=claimed.marks,
        groups=len(done),
        set_aside=len(failed),
        assessments=written.assessments,
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )
    return DrainResult(claimed.marks, len(done), tuple(failed), written)


def _rescore_all(claimed: Claimed) -> tuple[Written, dict[int, str]]:
    """Rescore together; if that fails, one by one. Returns errors by group."""
    written, error = _try(claimed.groups)
    if not error:
        return written, {}
    logger.warning("a batch failed, one by one now", groups=len(claimed.groups))
    failed: dict[int, str] = {}
    for group in claimed.groups:
        one, error = _try([group])
        written.assessments += one.assessments
        written.opened += one.opened
        written.closed += one.closed
        if error:
            failed[group] = error
    return written, failed


def _try(groups: Sequence[int]) -> tuple[Written, str]:
    """Rescore under a savepoint; return what went wrong, '' if nothing did."""
    try:
        with transaction.atomic():
            return rescore(groups, timezone.localdate()), ""
    except _NOT_THE_GROUP:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a group does, others go on
        return Written(), poison.describe(error)
