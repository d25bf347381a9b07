"""A drawn group is scored a second time, blind; then both scores stand side by side."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.actions import sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim
from intelligence.views.cells import grade_code
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError, NotFound, PermissionDenied
from ocgmap.common.parameters import check_parameters
from scoring import laboratory
from scoring.actions import second_scorings
from scoring.engine import PRIMARY
from scoring.exceptions import AlreadyScored
from scoring.forms import SecondScoreForm
from scoring.models import SecondScore, SecondScoring
from scoring.permissions import check_can_score_second
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell
from scoring.views.score import LEVELS

CLAIM_HEAD: list[Cell] = [
    {"text": "Report"},
    {"text": "Claims"},
    {"text": "Grading"},
    {"text": "Received"},
]
BOTH_HEAD: list[Cell] = [
    {"text": "Attribute"},
    {"text": "First"},
    {"text": "Second"},
    {"text": "Difference"},
]


@require_safe
def second_scoring(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how a draw stands: who may score it, or both scores side by side."""
    by = reader(request)
    check_parameters(request.GET, ())
    scoring = _visible(by, public_id)
    scores = list(
        SecondScore.objects.visible_to(by)
        .handed_in()
        .filter(scoring=scoring)
        .select_related("scoring")
        .order_by("submitted_at", "id")
    )
    refusal = _refusal(by, scoring)
    _consulted(scoring)
    if scores:
        audit.consulted("scoring.SecondScore", [one.pk for one in scores])
    context = {
        "scoring": scoring,
        "group": scoring.group,
        "refusal": refusal,
        "is_begun": SecondScore.objects.unfinished_of(by)
        .filter(scoring=scoring)
        .exists(),
        "head": BOTH_HEAD,
        "scores": [_side_by_side(by, one) for one in scores],
    }
    return render(request, "scoring/second_scoring.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def score_second(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let somebody begin to score a drawn group, and hand their score in."""
    by = reader(request)
    check_parameters(request.GET, ())
    scoring = _visible(by, public_id)
    check_can_score_second(by, scoring)
    if "begin" in request.POST:
        second_scorings.begin(by=by, scoring=scoring)
        return redirect("scoring:score_second", public_id)
    if not SecondScore.objects.unfinished_of(by).filter(scoring=scoring).exists():
        _consulted(scoring)
        begin: dict[str, Any] = {"scoring": scoring, "group": scoring.group}
        return render(request, "scoring/second_score_begin.html", begin)
    form = SecondScoreForm(request.POST or None, attributes=PRIMARY.attribute_keys())
    if form.is_valid():
        taken = _taken(
            request,
            scoring,
            form,
            lambda: second_scorings.hand_in(
                by=by,
                scoring=scoring,
                levels=form.levels,
                remarks=form.cleaned_data["remarks"],
            ),
        )
        if taken:
            return taken
    shown = laboratory.evidence_on(by, scoring.group)
    _consulted(scoring)
    reports = {row.report_id for rows in shown.claims.values() for row in rows}
    audit.consulted("intelligence.Report", reports)
    context = {
        "scoring": scoring,
        "group": scoring.group,
        "form": form,
        "ticket": new_ticket(by),
        "head": CLAIM_HEAD,
        "attributes": [
            {
                "title": form[key].label,
                "field": form[key],
                "claims": [_claimed(row) for row in rows],
            }
            for key, rows in shown.claims.items()
        ],
    }
    return render(request, "scoring/second_score.html", context)


def _taken(
    request: HttpRequest,
    scoring: SecondScoring,
    form: SecondScoreForm,
    hand_in: Callable[[], object],
) -> HttpResponse | None:
    """Hand in once for one form, and lead on; None where it is to be shown again."""
    by = reader(request)
    sending = sending_of(request, by)
    address = reverse("scoring:second_scoring", args=[scoring.public_id])
    try:
        if not sent_forms.led_to(by=by, sending=sending):
            hand_in()
            sent_forms.note(by=by, sending=sending, address=address)
    except AppError as error:
        if error.status in {403, 404}:
            raise
        form.add_app_error(error)
        return None
    messages.success(request, "Your second score is handed in.")
    return redirect(address)


def _visible(by: Viewer, public_id: uuid.UUID) -> SecondScoring:
    """Return a draw that the reader may see, with its group.

    Raises:
        NotFound: it is absent or hidden; the answer is the same.
    """
    found = (
        SecondScoring.objects.visible_to(by)
        .filter(public_id=public_id, group__in=CrimeGroup.objects.visible_to(by))
        .select_related("group__owner", "group__access_class")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _consulted(scoring: SecondScoring) -> None:
    audit.consulted("scoring.SecondScoring", [scoring.pk])
    audit.consulted("groups.CrimeGroup", [scoring.group_id])


def _refusal(by: Viewer, scoring: SecondScoring) -> str:
    """Return why the reader may not score it; empty where they may."""
    try:
        check_can_score_second(by, scoring)
    except (PermissionDenied, AlreadyScored) as error:
        return error.message
    return ""


def _claimed(row: AttributeClaim) -> list[Cell]:
    text, colour = LEVELS[row.level]
    return [
        {
            "text": row.report.reference,
            "url": reverse("intelligence:report", args=[row.report.public_id]),
            "nowrap": True,
        },
        {"tag": {"text": text, "colour": colour}},
        {"text": grade_code(row.report)},
        {"text": date_text(row.report.received_on)},
    ]


def _side_by_side(by: Viewer, score: SecondScore) -> dict[str, Any]:
    """Return both scores, attribute by attribute, and how many of them differ."""
    rows = laboratory.compared(by, score)
    judged = [one for one in rows if one.first]
    return {
        "at": score.submitted_at,
        "remarks": score.remarks,
        "judged": len(judged),
        "differ": sum(one.differs for one in judged),
        "rows": [
            [
                {"text": one.title},
                _level(one.first, "Not judged"),
                _level(one.second, "–"),
                {"text": _difference(one)},
            ]
            for one in rows
        ],
    }


def _level(level: str, otherwise: str) -> Cell:
    if not level:
        return {"text": otherwise}
    text, colour = LEVELS[level]
    return {"tag": {"text": text, "colour": colour}}


def _difference(one: laboratory.Compared) -> str:
    if not one.first:
        return "–"
    if not one.differs:
        return "None"
    if one.steps is None:
        return "One of them says that it is not known"
    count = abs(one.steps)
    way = "higher" if one.steps > 0 else "lower"
    return f"Second is {count} level{'s' if count > 1 else ''} {way}"
