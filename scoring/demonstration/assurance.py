"""Yorkshire and the Humber tries assurance: the rule, and reports in each state."""

from typing import Final

from accounts.actions import body_rules
from groups.actions import retention, reviewing
from groups.models import CrimeGroup, ModerationRule
from intelligence.actions import assurance
from intelligence.models import AssuranceRule, Report
from scoring.demonstration import reporting
from scoring.demonstration.plans import (
    AWARENESS,
    COHESION,
    LINKS,
    LOW,
    MEDIUM,
    ReportPlan,
    RulingPlan,
)
from scoring.demonstration.stage import Stage

_WEST: Final = "analyst.west-yorkshire"
_YORKSHIRE: Final = "lead.yhrocu"
_ASSURER: Final = "assurer.yhrocu"
_OF_FORCE: Final = "assurer.west-yorkshire"

# Submitted once the rule holds; the last one corrects the one that was returned.
REPORTS: Final = (
    ReportPlan(
        key="aldergrove-fans",
        author=_WEST,
        grade="2CP",
        days=3,
        groups=("aldergrove",),
        people=("flintoway",),
        claims={AWARENESS: LOW},
        text="FLINTOWAY buys fans and filters in small numbers from many shops.",
        original="My cousin's till shows it: that FLINTOWAY buys two fans here every "
        "Tuesday and pays in coins.",
    ),
    ReportPlan(
        key="fellside-lorry",
        author=_WEST,
        grade="1BP",
        days=2,
        groups=("fellside",),
        people=("kelderby",),
        claims={COHESION: LOW},
        text="KELDERBY meets the same lorry at a lay-by on the first Sunday of each "
        "month.",
    ),
    ReportPlan(
        key="fellside-garage",
        author=_WEST,
        grade="1BP",
        days=6,
        groups=("fellside",),
        claims={LINKS: LOW},
        text="A garage in Bradford stores cars for two nights at a time.",
    ),
    ReportPlan(
        key="aldergrove-letters",
        author=_WEST,
        grade="1AP",
        days=5,
        groups=("aldergrove",),
        claims={LINKS: LOW},
        text="Letters to one of the houses carry the name of a letting agent in Hull.",
        original="The postman told me that letters to the house are for an agent in "
        "Hull.",
    ),
    ReportPlan(
        key="coldwater-driver",
        author=_WEST,
        grade="2BP",
        days=4,
        text="The driver's own sister says that he leaves at six with the girls.",
        original="His sister rang: he leaves at six with the girls.",
    ),
    ReportPlan(
        key="coldwater-driver-2",
        author=_WEST,
        grade="2BP",
        days=4,
        text="A driver leaves the address at about six each evening with others.",
        supersedes="coldwater-driver",
        because="As the assurer asked: the text named the source.",
    ),
)
RULINGS: Final = (
    RulingPlan(report="fellside-garage", author=_ASSURER, outcome="passed"),
    RulingPlan(
        report="aldergrove-letters",
        author=_OF_FORCE,
        outcome="regraded",
        grade="2C",
        reason="Heard from the postman and not seen: neither known directly nor "
        "from a tested source.",
    ),
    RulingPlan(
        report="coldwater-driver",
        author=_OF_FORCE,
        outcome="returned",
        reason="The text says who told us. Leave the sister out, and round the time.",
    ),
    RulingPlan(
        report="aldergrove-agent",
        author=_ASSURER,
        outcome="returned",
        reason="The house number leads to the tenant who told us. Give the street only.",
    ),
)
_RETURNED_TO_STAY: Final = ReportPlan(
    key="aldergrove-agent",
    author=_WEST,
    grade="2BP",
    days=4,
    groups=("aldergrove",),
    claims={AWARENESS: MEDIUM},
    text="The agent comes to number 14 on the last Friday of the month for the rent.",
)


def try_assurance(stage: Stage) -> int:
    """Set the rule, submit the reports, decide on some; return how many there are."""
    with stage.acting(_YORKSHIRE) as by:
        body_rules.set_rule(
            kind=AssuranceRule,
            by=by,
            body=stage.home(_YORKSHIRE),
            is_required=True,
            from_on=stage.today,
            reason="A trial of three months, after two reports showed their source.",
        )
    *first, correction = REPORTS
    for plan in (*first, _RETURNED_TO_STAY):
        reporting.submit_report(stage, plan)
    for ruling in RULINGS:
        _rule(stage, ruling)
    reporting.submit_report(stage, correction)
    return len(REPORTS) + 1


def _rule(stage: Stage, plan: RulingPlan) -> None:
    source, assessment = tuple(plan.grade) or (None, None)
    with stage.acting(plan.author) as by:
        report = Report.objects.visible_to(by).get(pk=stage.reports[plan.report].pk)
        assurance.decide(
            by=by,
            report=report,
            version=report.version,
            outcome=plan.outcome,
            reason=plan.reason,
            source_grade=source,
            assessment_grade=assessment,
        )
        report.refresh_from_db()
    stage.reports[plan.report] = report


def moderate_by_region(stage: Stage) -> None:
    """Let the unit of Yorkshire and the Humber alone map the records of its forces."""
    with stage.acting(_YORKSHIRE) as by:
        body_rules.set_rule(
            by=by,
            kind=ModerationRule,
            body=stage.home(_YORKSHIRE),
            is_required=True,
            from_on=stage.today,
            reason="Forces mapped alike groups in different ways.",
        )


def review_sooner(stage: Stage) -> None:
    """Let Yorkshire and the Humber look at its regional groups again sooner than others."""
    with stage.acting(_YORKSHIRE) as by:
        reviewing.set_rule(
            by=by,
            body=stage.home(_YORKSHIRE),
            tier="regional",
            months=3,
            from_on=stage.today,
            reason="Groups of the region changed faster than they were looked at.",
        )


def hold_a_group(stage: Stage) -> None:
    """Put a group of Durham on legal hold, as its records manager."""
    with stage.acting("records.durham") as by:
        group = stage.groups["brackenhill"]
        fresh = CrimeGroup.objects.visible_to(by).get(pk=group.pk)
        retention.set_legal_hold(
            by=by,
            record=fresh,
            version=fresh.version,
            is_held=True,
            reason="The Crown Court asked for all papers in R v Cawthwell.",
        )
