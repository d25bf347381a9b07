"""Make the invented reports, returns and decisions, as the demo accounts would."""

import calendar
import datetime

from intelligence.actions import reports, returns
from intelligence.actions.reports import ClaimDraft, ReportDraft
from intelligence.grading import parse_condition
from intelligence.models import Report, Return
from ocgmap.common.records import Precision
from scoring.actions import bands, judgements
from scoring.demonstration.plans import BandPlan, JudgementPlan, ReportPlan, ReturnPlan
from scoring.demonstration.stage import Stage
from scoring.engine import PRIMARY
from scoring.scores import band_as_seen

_KEY_PREFIX = "demo-"


def register_return(stage: Stage, plan: ReturnPlan) -> Return:
    """Enter what a force owes for a calendar month; it has not come in yet."""
    first, last = _month(stage.today, plan.months_ago)
    with stage.acting(plan.author) as by:
        entry = returns.register(
            by=by,
            owner=stage.organisations[plan.owner],
            from_on=first,
            to_on=last,
            due_on=max(last, stage.before(-plan.due)),
        )
    stage.returns.append(entry)
    return entry


def receive_return(stage: Stage, plan: ReturnPlan, entry: Return) -> None:
    """Mark a return as received with what came in it, or as nil."""
    with stage.acting(plan.author) as by:
        count = Report.objects.visible_to(by).filter(returned_in=entry).count()
        is_nil = plan.came == "nil"
        returns.receive(
            by=by, ret=entry, is_nil=is_nil, counts={} if is_nil else {"reports": count}
        )


def submit_report(stage: Stage, plan: ReportPlan) -> None:
    """Submit one report; withdraw it or put it in another's place where planned."""
    with stage.acting(plan.author) as by:
        draft = _draft(stage, plan)
        key = f"{_KEY_PREFIX}{plan.key}"
        if plan.supersedes:
            report = reports.supersede(
                by=by,
                report=stage.reports[plan.supersedes],
                draft=draft,
                reason=plan.because,
                idempotency_key=key,
            )
        else:
            report, _ = reports.submit(by=by, draft=draft, idempotency_key=key)
        report.refresh_from_db()
        if plan.withdrawn:
            report = reports.withdraw(
                by=by, report=report, version=report.version, reason=plan.withdrawn
            )
    stage.reports[plan.key] = report


def judge(stage: Stage, plan: JudgementPlan) -> None:
    """Record a person's decision on each attribute of the plan."""
    with stage.acting(plan.author) as by:
        for attribute, level in plan.levels.items():
            judgements.judge(
                by=by,
                group=stage.groups[plan.group],
                attribute=attribute,
                level=level,
                rationale=plan.rationale,
                reports=[stage.reports[key] for key in plan.cites],
            )


def confirm_band(stage: Stage, plan: BandPlan) -> None:
    """Confirm a group's band: the one planned, or the computed one as it is seen."""
    group = stage.groups[plan.group]
    with stage.acting(plan.author) as by:
        computed = band_as_seen(by, group, PRIMARY).band
        bands.confirm(
            by=by,
            group=group,
            band=plan.band or computed,
            reason=plan.reason,
            expires_on=stage.before(-plan.expires) if plan.expires else None,
            knows_it_rests_on_one_report=True,
        )


def _draft(stage: Stage, plan: ReportPlan) -> ReportDraft:
    owner = stage.home(plan.author)
    received_on = stage.before(plan.days)
    happened = None if plan.event is None else stage.before(plan.event)
    source, assessment, handling = tuple(plan.grade) or (None, None, None)
    named = [stage.groups[key] for key in plan.groups]
    return ReportDraft(
        owner=owner,
        text=plan.text,
        original_text=plan.original,
        source_grade=source,
        assessment_grade=assessment,
        handling=handling,
        condition=(
            parse_condition(plan.recipients, plan.note) if plan.recipients else None
        ),
        received_on=received_on,
        event_from=happened,
        event_to=happened,
        event_precision=Precision.DAY if happened else Precision.UNKNOWN,
        sharing=plan.sharing,
        sharing_reason=plan.sharing_reason,
        compartments=stage.compartment(plan.compartment),
        groups=named,
        nominals=[stage.people[key] for key in plan.people],
        claims=[
            ClaimDraft(group=named[0], attribute=attribute, level=level)
            for attribute, level in plan.claims.items()
        ],
        legacy_grade=plan.legacy,
        legacy_source_choice=plan.legacy_choice or None,
        owner_reference=(plan.reference or f"{owner.code.upper()}/{plan.key}")[:40],
        returned_in=_return_of(stage, owner.pk, received_on),
    )


def _return_of(stage: Stage, owner_id: int, day: datetime.date) -> Return | None:
    for entry in stage.returns:
        if entry.owner_id == owner_id and entry.from_on <= day <= entry.to_on:
            return entry
    return None


def _month(
    today: datetime.date, months_ago: int
) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of the calendar month so many months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - months_ago, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, 1), datetime.date(year, month + 1, last)
