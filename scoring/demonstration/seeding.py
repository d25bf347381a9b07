"""The order in which the demonstration comes about, and how it knows it is there."""

from typing import Final

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.demonstration import (
    assurance,
    cleveland,
    consistency,
    decisions,
    durham,
    elsewhere,
    northumbria,
    notes,
    recording,
    register,
    reporting,
    reports_cleveland,
    reports_durham,
    reports_elsewhere,
    reports_larkspur,
    reports_northumbria,
    ties,
)
from scoring.demonstration.cast import make_accounts
from scoring.demonstration.stage import ROUTE, Say, Stage, set_up

GROUPS: Final = (
    *durham.GROUPS,
    *northumbria.GROUPS,
    *cleveland.GROUPS,
    *elsewhere.GROUPS,
)
REPORTS: Final = (
    *reports_larkspur.REPORTS,
    *reports_durham.REPORTS,
    *reports_northumbria.REPORTS,
    *reports_cleveland.REPORTS,
    *reports_elsewhere.REPORTS,
)
# The audit is never emptied, so its row is what says that the records were made.
_MARK: Final = "scoring.Demonstration"


def seed_accounts() -> int:
    """Make the accounts that are missing; return how many."""
    with acting_as(system(ROUTE)), transaction.atomic():
        return make_accounts()


def seed_records(say: Say) -> bool:
    """Make the invented records, all or none; say whether there was anything to do."""
    with acting_as(system(ROUTE)), transaction.atomic():
        if AuditEvent.objects.filter(object_type=_MARK).exists():
            return False
        _make_all(set_up(), say)
        audit.record(
            AuditKind.COLLECTION,
            _MARK,
            [],
            reason="Demo records made",
            detail={"groups": len(GROUPS), "reports": len(REPORTS)},
        )
    return True


def _make_all(stage: Stage, say: Say) -> None:
    entries = [
        (plan, reporting.register_return(stage, plan)) for plan in register.RETURNS
    ]
    _make_groups(stage)
    say(f"{len(GROUPS)} groups with {len(stage.people)} people")
    for report in REPORTS:
        reporting.submit_report(stage, report)
    say(f"{len(REPORTS)} graded reports")
    judged = _decide(stage)
    say(f"{judged} judgements and {len(decisions.BANDS)} confirmed bands")
    noted, asked = notes.speak_and_ask(stage)
    say(f"{noted} notes on scores and {asked} questions")
    tried = assurance.try_assurance(stage)
    say(f"{tried} reports under assurance in Yorkshire and the Humber")
    assurance.moderate_by_region(stage)
    assurance.review_sooner(stage)
    assurance.hold_a_group(stage)
    for plan, entry in entries:
        if plan.came:
            reporting.receive_return(stage, plan, entry)
    say(f"{len(entries)} returns in the register")
    consistency.draw_one(stage)
    scored = consistency.score_packs(stage)
    say(f"a group drawn for a second score, {scored} answers to the calibration pack")


def _make_groups(stage: Stage) -> None:
    for group in GROUPS:
        recording.record_group(stage, group)
    for link in ties.GROUP_LINKS:
        recording.link_groups(stage, link)
    for link in ties.PERSON_LINKS:
        recording.link_people(stage, link)


def _decide(stage: Stage) -> int:
    """Judge attributes, then confirm bands; return how many attributes were judged."""
    for judgement in decisions.JUDGEMENTS:
        reporting.judge(stage, judgement)
    for band in decisions.BANDS:
        reporting.confirm_band(stage, band)
    return sum(len(judgement.levels) for judgement in decisions.JUDGEMENTS)
