"""Invented challenges, assumptions, alternatives and questions on the groups."""

from typing import Final

from accounts.models import Organisation
from scoring.actions import analysis, requirements
from scoring.demonstration.plans import (
    AWARENESS,
    CASH,
    EXPERTISE,
    INFILTRATION,
    VIOLENCE,
    AskPlan,
    NotePlan,
)
from scoring.demonstration.stage import Stage
from scoring.engine import estimate_of
from scoring.models import AnalyticNote, Judgement
from scoring.models.analysis import NoteKind, NoteOutcome

NOTES: Final = (
    NotePlan(
        kind=NoteKind.CHALLENGE,
        group="larkspur",
        author="analyst.durham",
        against=AWARENESS,
        cites=("larkspur-phones",),
        text="Medium rests on one report. Using the same houses for months may as well "
        "mean that the group does not expect to be watched: low should be considered.",
    ),
    NotePlan(
        kind=NoteKind.CHALLENGE,
        group="harbourlight",
        author="supervisor.northumbria",
        against=VIOLENCE,
        text="One pistol at two scenes does not show who fired it. It may have been lent.",
        answered_by="lead.nerocu",
        answer="Two of the four shootings stay tied to the group without the pistol, so "
        "the level stands. That the pistol was lent is kept as an alternative.",
    ),
    NotePlan(
        kind=NoteKind.ASSUMPTION,
        group="vesper",
        author="lead.nerocu",
        cites=("vesper-restaurants",),
        text="Takings that the restaurants cannot explain are proceeds of the group.",
        would_change="Accounts that show another lawful source, such as catering.",
        review=45,
    ),
    NotePlan(
        kind=NoteKind.ASSUMPTION,
        group="larkspur",
        author="supervisor.durham",
        text="The drivers know what they carry.",
        would_change="A driver who was stopped and was surprised by what was found.",
        review=0,
    ),
    NotePlan(
        kind=NoteKind.ALTERNATIVE,
        group="harbourlight",
        author="lead.nerocu",
        cites=("harbourlight-shots",),
        text="The pistol is lent between groups of the area, and this one did not fire "
        "it at either scene.",
        likelihood="unlikely",
        percent="30",
    ),
)
QUESTIONS: Final = (
    AskPlan(
        group="larkspur",
        author="supervisor.durham",
        attribute=INFILTRATION,
        asked_of="durham",
        question="Which lawful businesses do members own or work in, and which of them "
        "have vehicles?",
        days=14,
    ),
    AskPlan(
        group="vesper",
        author="lead.nerocu",
        attribute=EXPERTISE,
        asked_of="nca",
        question="Who advises the group on company structures, here or abroad?",
        days=30,
    ),
    AskPlan(
        group="harbourlight",
        author="lead.nerocu",
        attribute=CASH,
        asked_of="northumbria",
        question="How is the group paid, and where does the money go within a day?",
        days=21,
    ),
)


def speak_and_ask(stage: Stage) -> tuple[int, int]:
    """Record the notes and the questions; return how many of each."""
    for note in NOTES:
        _note(stage, note)
    for plan in QUESTIONS:
        with stage.acting(plan.author) as by:
            requirements.ask(
                by=by,
                group=stage.groups[plan.group],
                attribute=plan.attribute,
                question=plan.question,
                asked_of=Organisation.objects.get(code=plan.asked_of),
                due_on=stage.before(-plan.days),
            )
    return len(NOTES), len(QUESTIONS)


def _note(stage: Stage, plan: NotePlan) -> None:
    with stage.acting(plan.author):
        made = _recorded(stage, plan)
    if plan.answered_by:
        with stage.acting(plan.answered_by) as by:
            analysis.answer(
                by=by, note=made, outcome=NoteOutcome.NOT_UPHELD, answer=plan.answer
            )


def _recorded(stage: Stage, plan: NotePlan) -> AnalyticNote:
    by, group = stage.viewers[plan.author], stage.groups[plan.group]
    reports = [stage.reports[key] for key in plan.cites]
    if plan.kind == NoteKind.CHALLENGE:
        judged = Judgement.objects.visible_to(by).filter(group=group).current()
        target = next(one for one in judged if one.attribute == plan.against)
        return analysis.challenge(
            by=by, group=group, text=plan.text, target=target, reports=reports
        )
    if plan.kind == NoteKind.ASSUMPTION:
        return analysis.assume(
            by=by,
            group=group,
            text=plan.text,
            would_change=plan.would_change,
            review_on=stage.before(-plan.review),
            reports=reports,
        )
    return analysis.suggest(
        by=by,
        group=group,
        text=plan.text,
        estimate=estimate_of(plan.likelihood, plan.percent),
        reports=reports,
    )
