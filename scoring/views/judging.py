"""People decide: the level of an attribute, and the band of a group."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.actions import sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.step_up import ask_unless_fresh
from accounts.visibility import Viewer
from groups.actions.reviewing import latest_review
from groups.models import CrimeGroup
from intelligence.grading import HANDLING_DEFINITIONS
from intelligence.models import AttributeClaim, Report
from intelligence.views.cells import condition_text, grade_code
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.queues import hint
from scoring.actions import bands, judgements
from scoring.engine import CATALOGUE, PRIMARY, Attribute, Level
from scoring.exceptions import RestsOnOneReport
from scoring.forms import BandForm, JudgementForm
from scoring.models import BandDecision, Judgement, JudgementCitation
from scoring.permissions import check_can_confirm, check_can_judge
from scoring.scores import none_counts, proposed_band, score_of
from scoring.scores.derived import derived_of
from scoring.templatetags.scoring_tags import band_badge, band_text
from scoring.views.asking import reader
from scoring.views.derived_cells import derived_cell
from scoring.views.figure_tables import Cell
from scoring.views.score import LEVELS, decision_shown, visible_group
from scoring.views.standing_apart import ask, stands_apart

# Citable on one page: those that speak of the attribute first, then the newest.
MOST_REPORTS = 50
MOST_FORMER = 10
RESCORE = "scoring.drain"
KNOWS = "knows_it_rests_on_one_report"
CLAIM_HEAD: list[Cell] = [
    {"text": "Report"},
    {"text": "Level"},
    {"text": "Grading"},
    {"text": "Received"},
]


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, public_id: uuid.UUID, attribute: str) -> HttpResponse:
    """Let a person decide the level of one attribute, with a reason and reports."""
    by = reader(request)
    group = visible_group(by, public_id)
    check_can_judge(by, group)
    judged = CATALOGUE.get(attribute)
    if judged is None:
        raise NotFound
    claims = _claims(by, group, judged)
    form = JudgementForm(
        request.POST or None, reports=citable_reports(by, group, list(claims))
    )
    former = _judgements(by, group, judged)
    apart = None
    if request.method != "POST" and former:
        apart = stands_apart(by, group, judged, former[0].level)
    elif form.is_valid():
        apart = ask(by, group, judged, form)
    if form.is_valid():
        given = form.cleaned_data
        taken = _taken(
            *(request, group, form),
            f"Your judgement of {judged.title} stands.",
            lambda: judgements.judge(
                by=by,
                group=group,
                attribute=judged.key,
                level=given["level"],
                rationale=given["rationale"],
                reports=form.cited,
            ),
        )
        if taken:
            return taken
    audit.consulted("groups.CrimeGroup", [group.pk])
    audit.consulted("intelligence.Report", [one.pk for one in form.offered.values()])
    former = list(_judgements(by, group, judged))
    stands = Level(former[0].level) if former else Level.UNKNOWN
    context = {
        "group": group,
        "form": form,
        "ticket": new_ticket(by),
        "attribute": judged,
        "derived": derived_cell(derived_of(by, group), judged.key, stands),
        "claim_head": CLAIM_HEAD,
        "claims": [_claimed(report, level) for report, level in claims.values()],
        "former": [_former(row) for row in former],
        "apart": apart,
    }
    return render(request, "scoring/judge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_band(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a person decide the band, or approve what another proposed.

    Who approves confirms first who they are.
    """
    by = reader(request)
    group = visible_group(by, public_id)
    check_can_confirm(by, group)
    asked = ask_unless_fresh(request) if request.POST.get("approve") else None
    if asked is not None:
        return asked
    proposal = proposed_band(by, group)
    review_on = latest_review(group.owner, group.tier)
    if request.POST.get("approve"):
        form = BandForm(review_on=review_on)
        taken = _approved(request, group, form)
    else:
        form = BandForm(request.POST or None, review_on=review_on)
        is_sent = request.method == "POST" and "back" not in request.POST
        taken = _confirmed(request, group, form) if is_sent else None
    if taken:
        return taken
    seen = score_of(by, group)
    audit.consulted("groups.CrimeGroup", [group.pk])
    context = {
        "group": group,
        "form": form,
        "ticket": new_ticket(by),
        "scheme": seen.scheme,
        "result": seen.result,
        "computed": band_badge(seen.computed_band, "computed, advisory"),
        "decision": decision_shown(seen.confirmed),
        "proposal": decision_shown(proposal),
        "may_approve": proposal is not None and proposal.created_by_id != by.user_id,
        "latest_end": bands.latest_end(),
    }
    return render(request, "scoring/confirm_band.html", context)


def _confirmed(
    request: HttpRequest, group: CrimeGroup, form: BandForm
) -> HttpResponse | None:
    """Take a decision; where it rests on one report unknown to them, interrupt."""
    if not form.is_valid():
        return None
    by, given = reader(request), form.decision
    text = f"Your decision on the band {given['band']} is recorded."
    try:
        return _taken(
            *(request, group, form),
            text,
            lambda: bands.confirm(
                by=by,
                group=group,
                knows_it_rests_on_one_report=KNOWS in request.POST,
                **given,
            ),
        )
    except RestsOnOneReport as found:
        return _interrupted(request, group, found)


def _interrupted(
    request: HttpRequest, group: CrimeGroup, found: RestsOnOneReport
) -> HttpResponse:
    """Name the report that holds the band alone; all that was typed is kept."""
    report = found.report
    handling = condition_text(report) or HANDLING_DEFINITIONS[report.handling].label
    band, without = band_text(request.POST["band"]), band_text(found.band_without)
    received = date_text(report.received_on)
    audit.consulted("groups.CrimeGroup", [group.pk])
    audit.consulted("intelligence.Report", [report.pk])
    context = {
        "group": group,
        "heading": "One report alone holds this band",
        "paragraphs": [
            f"Without report {report.reference} the band would be {without}, not {band}.",
            f"It is graded {grade_code(report)}. It was received {received}.",
            f"Its handling: {handling}.",
            "Another report alone may do the same. Read it before you go on.",
        ],
        "report": report,
        "knows": KNOWS,
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ],
    }
    return render(request, "scoring/rests_on_one_report.html", context)


def _approved(
    request: HttpRequest, group: CrimeGroup, form: BandForm
) -> HttpResponse | None:
    """Approve the override that the form names."""
    by = reader(request)
    rows = BandDecision.objects.visible_to(by).filter(group=group)
    try:
        named = uuid.UUID(request.POST["approve"])
    except ValueError:
        raise NotFound from None
    decision = rows.filter(public_id=named).first()
    if decision is None:
        raise NotFound
    return _taken(
        *(request, group, form),
        f"The override to {band_text(decision.band)} is approved.",
        lambda: bands.approve(by=by, decision=decision),
    )


def _taken(
    request: HttpRequest,
    group: CrimeGroup,
    form: JudgementForm | BandForm,
    text: str,
    decide: Callable[[], object],
) -> HttpResponse | None:
    """Decide once for one form, and lead on; None where it is to be shown again."""
    by, address = reader(request), reverse("scoring:score", args=[group.public_id])
    sending = sending_of(request, by)
    try:
        if not sent_forms.led_to(by=by, sending=sending):
            decide()
            sent_forms.note(by=by, sending=sending, address=address)
    except RestsOnOneReport:
        raise
    except AppError as error:
        _show(form, error)
        return None
    hint(RESCORE)
    messages.success(request, f"{text} The score is being brought up to date.")
    return redirect(address)


def _show(form: JudgementForm | BandForm, error: AppError) -> None:
    """Put a rule's refusal beside its field; a missing right or record is a page."""
    if not form.is_bound or (error.status in {403, 404} and not error.field):
        raise error
    form.add_app_error(error)


def _claims(
    by: Viewer, group: CrimeGroup, attribute: Attribute
) -> dict[int, tuple[Report, str]]:
    """Return the reports that speak of the attribute, with the level each claims."""
    rows = (
        AttributeClaim.objects.visible_to(by)
        .filter(group__in=CrimeGroup.objects.visible_to(by).whole(group.pk))
        .filter(attribute=attribute.key)
        .filter(report__in=Report.objects.visible_to(by).counting())
        .select_related("report")
        .order_by("-report__received_on", "-id")
    )
    return {row.report_id: (row.report, row.level) for row in rows[:MOST_REPORTS]}


def citable_reports(
    by: Viewer, group: CrimeGroup, first: Sequence[int] = ()
) -> list[Report]:
    """Return the reports that a page offers to cite: those named first, then the newest."""
    about = Report.objects.visible_to(by).counting().about([group.pk], by)
    newest = list(
        about.exclude(pk__in=first).order_by("-received_on", "-id")[
            : MOST_REPORTS - len(first)
        ]
    )
    leading = Report.objects.visible_to(by).in_bulk(first)
    return [*(leading[pk] for pk in first if pk in leading), *newest]


def _judgements(by: Viewer, group: CrimeGroup, attribute: Attribute) -> list[Judgement]:
    rows = Judgement.objects.visible_to(by).filter(group=group, attribute=attribute.key)
    cited = JudgementCitation.objects.visible_to(by).filter(
        report__in=Report.objects.visible_to(by)
    )
    found = (
        rows.select_related("created_by")
        .prefetch_related(Prefetch("citations", cited.select_related("report")))
        .order_by("-decided_at", "-id")
    )
    return list(found[:MOST_FORMER])


def _claimed(report: Report, level: str) -> list[Cell]:
    text, colour = LEVELS[level]
    grading = f"{report.source_grade}{report.assessment_grade}{report.handling}"
    return [
        {
            "text": report.reference,
            "url": reverse("intelligence:report", args=[report.public_id]),
            "nowrap": True,
        },
        {"tag": {"text": text, "colour": colour}},
        {"text": grading},
        {"text": date_text(report.received_on)},
    ]


def _former(row: Judgement) -> dict[str, Any]:
    text, colour = LEVELS[row.level]
    return {
        "level": {"text": text, "colour": colour},
        "at": row.decided_at,
        "by": row.created_by.name if row.created_by else "",
        "rationale": row.rationale,
        "is_unsupported": none_counts(
            [one.report for one in row.citations.all()], PRIMARY
        ),
    }
