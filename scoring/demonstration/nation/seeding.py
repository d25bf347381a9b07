"""Seed the nation step by step; what is done is known from the audit, never emptied."""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.demonstration.nation import history, loading, register
from scoring.demonstration.nation.names import Names, read_names
from scoring.demonstration.nation.planning import (
    Country,
    Nation,
    plan_step,
    read_country,
)
from scoring.demonstration.nation.planning.tables import GROUP
from scoring.outbox import drain_once

ROUTE: Final = "command seed_nation"
_MARK: Final = "scoring.DemonstrationNation"
_REASON: Final = "Synthetic nation seeded"
_ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock(77, 2)"
# A submission is found among the newest 2,000 marks at once; one step leaves fewer.
MOST_WAITING: Final = 1_500
_WAITING: Final = """
select count(*) from (select 1 from scoring_outbox limit %s) w
"""
_PAUSE_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the seeding has come."""

    nation: Nation
    steps: int

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to load."""
        return self.steps > self.nation.steps


def found() -> Progress | None:
    """Return the nation that was begun here, and how many steps of it stand."""
    marks = list(
        AuditEvent.objects.filter(object_type=_MARK).values_list("detail", flat=True)
    )
    if not marks:
        return None
    first = marks[0]
    day = datetime.date.fromisoformat(first["day"])
    nation = Nation(first["seed"], first["scale"], day)
    return Progress(nation, len({mark["step"] for mark in marks}))


def begun() -> Progress | None:
    """Return what `found` does, in a transaction of its own."""
    with acting_as(system(ROUTE)), transaction.atomic():
        return found()


def seed(nation: Nation, say: Callable[[Progress], None]) -> None:
    """Load the steps that are missing, each in one transaction.

    Between two of them the drain catches up, so that nobody's submission waits behind
    the nation. Nothing is doubled, however often this is stopped and run again.
    """
    country = read_country(settings.BASE_DIR, nation.day)
    names = _read_names(country)
    for number in range(nation.steps + 1):
        if number == 1:
            # The register stands now, so its ids are known; and so are the readers, for
            # whom the past is written too.
            catch_up(0)
            names = _read_names(country)
        if seed_step(country, nation, names, number):
            catch_up()
        say(Progress(nation, number + 1))


def seed_step(country: Country, nation: Nation, names: Names, number: int) -> bool:
    """Load one step, all or nothing, unless it stands; return whether it was loaded."""
    if _is_done(number):
        return False
    if number == nation.steps:
        return _once(nation, number, register.count_what_came)
    step = plan_step(country, nation, number)
    with acting_as(system(ROUTE)), transaction.atomic():
        classes = names.with_labels(step.rows.labels())

    def write() -> None:
        ids = loading.load(step.rows, names, classes)
        loading.record(step.rows, ids, reason=_REASON, step=number)
        history.write_past(ids.get(GROUP, ()), nation.day)

    return _once(nation, number, write)


def catch_up(limit: int = MOST_WAITING) -> None:
    """Help the drain until no more than so many marks wait."""
    while True:
        with (
            acting_as(system(ROUTE)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(_WAITING, [limit + 1])
            waiting = int(cursor.fetchone()[0])
        if waiting <= limit:
            return
        if not drain_once().marks:
            time.sleep(_PAUSE_SECONDS)


def today() -> datetime.date:
    """Return the day to which a new nation's history is relative."""
    return timezone.localdate()


def _is_done(number: int) -> bool:
    with acting_as(system(ROUTE)), transaction.atomic():
        return _stands(number)


def _stands(number: int) -> bool:
    return AuditEvent.objects.filter(object_type=_MARK, detail__step=number).exists()


def _read_names(country: Country) -> Names:
    """Return what the plan's words stand for, one reader at a time: it makes accounts."""
    with acting_as(system(ROUTE)), transaction.atomic():
        _wait_for_turn()
        return read_names(country)


def _wait_for_turn() -> None:
    """Hold off others who seed, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)


def _once(nation: Nation, number: int, write: Callable[[], Any]) -> bool:
    """Run ``write`` and mark the step done, together; not if another has done it."""
    with acting_as(system(ROUTE)), transaction.atomic():
        _wait_for_turn()
        if _stands(number):
            return False
        write()
        audit.record(
            AuditKind.COLLECTION,
            _MARK,
            [],
            reason=_REASON,
            detail={
                "seed": nation.seed,
                "scale": nation.scale,
                "day": nation.day.isoformat(),
                "step": number,
            },
        )
    return True
