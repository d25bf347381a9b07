"""The exhibit: one network of people in eleven phases, taken in as returns."""

import calendar
import datetime
import json
from dataclasses import dataclass
from io import StringIO
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from groups.actions import groups
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.demonstration.cast import DOMAIN
from scoring.demonstration.network_data import Files, Network, network
from scoring.demonstration.stage import ROUTE, Say, Stage, set_up

_MARK: Final = "scoring.DemonstrationExhibit"
OWNER: Final = "nca"
AUTHOR: Final = "nca.supervisor"
# Which months the phases are is not in the data set; the first year is.
_FIRST_MONTH: Final = datetime.date(1994, 5, 1)
_MONTHS: Final = 2
# Eleven reports of today would stand on top of every force's list.
WHY_HIDDEN: Final = "A research exhibit, kept out of the lists of the forces."
ARCHIVED_WHY: Final = "An exhibit, not intelligence: no figure may count it."
_PUBLISHED: Final = (
    "CAVIAR, wire-tap contacts of an importation ring in Montreal 1994-96, published by "
    "C. Morselli, Inside Criminal Networks (2009). People are numbers. An exhibit of "
    "research: archived, so that no figure counts it. The months of the phases are ours."
)
_MADE: Final = (
    "A network made with a fixed seed in the shape of CAVIAR (Morselli 2009), because "
    "the published one was not at hand. Archived, so that no figure counts it."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether the exhibit was made just now, and one line on what it is."""

    is_new: bool
    sentence: str


def seed_exhibit(say: Say) -> Shown:
    """Import the network's phases into one group, all or none, unless it was done."""
    with acting_as(system(ROUTE)), transaction.atomic():
        done = AuditEvent.objects.filter(object_type=_MARK).first()
        if done is not None:
            return Shown(False, _sentence(is_published=done.detail["published"]))
        with network(settings.REAL_DATA) as found:
            _take_in(set_up(), found)
        audit.record(
            AuditKind.COLLECTION,
            _MARK,
            [],
            reason="Demo exhibit made",
            detail={"published": found.is_published},
        )
    say(f"a network in {len(found.phases)} phases")
    return Shown(True, _sentence(is_published=found.is_published))


def _sentence(*, is_published: bool) -> str:
    if is_published:
        return (
            "Exhibit: CAVIAR, a published network, from the data of OCGMAP_REAL_DATA."
        )
    return (
        "Exhibit: a synthetic network in the shape of CAVIAR; the published one is not "
        "in OCGMAP_REAL_DATA."
    )


def _take_in(stage: Stage, found: Network) -> None:
    name = "CAVIAR" if found.is_published else "Synthetic network"
    reference = ""
    for number, files in enumerate(found.phases):
        reference = _import(files, number, f"{name} (research exhibit)", reference)
    finish(stage, reference, _PUBLISHED if found.is_published else _MADE)


def finish(stage: Stage, reference: str, summary: str) -> None:
    """Say of an imported group what it is, and archive it."""
    with stage.acting(AUTHOR) as by:
        group = CrimeGroup.objects.visible_to(by).get(reference=reference)
        group = groups.edit(
            by=by,
            group=group,
            version=group.version,
            summary=summary,
            reason="Say what this is",
        )
        groups.change_state(
            by=by,
            group=group,
            version=group.version,
            activity_status=ActivityStatus.ARCHIVED,
            reason=ARCHIVED_WHY,
        )


def _import(files: Files, number: int, name: str, reference: str) -> str:
    """Import one phase; return the group's reference."""
    first, last = _months(number)
    words = ["--links", "communication"]
    words += ["--from", first.isoformat(), "--to", last.isoformat()]
    words += ["--group", reference] if reference else []
    return import_network(files, name, words)


def import_network(files: Files, name: str, more: list[str]) -> str:
    """Import by the command that operators use; return the group's reference."""
    words = ["--owner", OWNER, "--user", f"{AUTHOR}@{DOMAIN}", "--name", name]
    words += ["--grade", "1A", "--label", "organisation", "--reason", WHY_HIDDEN]
    words += ["--all-or-nothing", *more]
    out = StringIO()
    call_command(
        "import_network",
        str(files.nodes),
        str(files.edges),
        *words,
        stdout=out,
        stderr=StringIO(),
    )
    return str(json.loads(out.getvalue())["group"])


def _months(number: int) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of a phase, counted from 0."""
    begun = _FIRST_MONTH.year * 12 + _FIRST_MONTH.month - 1 + number * _MONTHS
    year, month = divmod(begun, 12)
    last_year, last_month = divmod(begun + _MONTHS - 1, 12)
    days = calendar.monthrange(last_year, last_month + 1)[1]
    return (
        datetime.date(year, month + 1, 1),
        datetime.date(last_year, last_month + 1, days),
    )
