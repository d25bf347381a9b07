"""Calibration packs: score invented groups, then see what others made of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actions import sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.permissions import check_has
from accounts.roles import Right
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import check_parameters
from scoring import laboratory
from scoring.actions import calibration
from scoring.agreement import LEAST_SCORES, Agreement, Estimate
from scoring.agreement.packs import Pack, packs
from scoring.engine import CATALOGUE
from scoring.forms import PackForm
from scoring.forms.decisions import LEVELS as MEANINGS
from scoring.forms.second_score import name_of
from scoring.models import CalibrationAnswer
from scoring.views.asking import reader
from scoring.views.figure_tables import Cell
from scoring.views.score import LEVELS

AGREEMENT_HEAD: list[Cell] = [
    {"text": "Attribute"},
    {"text": "Alpha", "numeric": True},
    {"text": "Kappa, linear", "numeric": True},
    {"text": "Kappa, quadratic", "numeric": True},
    {"text": "Not known", "numeric": True},
]
ANSWER_HEAD: list[Cell] = [
    {"text": "Attribute"},
    {"text": "You"},
    {"text": "Median of all"},
]


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest, key: str) -> HttpResponse:
    """Let somebody score a pack once; afterwards show it beside what others said.

    Raises:
        RightMissing: the reader records nothing, so there is nothing to calibrate.
        NotFound: there is no such pack.
    """
    by = reader(request)
    check_has(by, Right.CONTRIBUTE)
    check_parameters(request.GET, ())
    found = packs().get(key)
    if found is None:
        raise NotFound
    mine = CalibrationAnswer.objects.visible_to(by)
    given = mine.filter(pack=found.key, pack_version=found.version).first()
    if given is not None and request.method != "POST":
        return _results(request, found, given)
    form = PackForm(request.POST or None, pack=found)
    if form.is_valid():
        sending = sending_of(request, by)
        address = reverse("scoring:pack", args=[found.key])
        if not sent_forms.led_to(by=by, sending=sending):
            calibration.answer(by=by, pack=found, levels=form.levels)
            sent_forms.note(by=by, sending=sending, address=address)
        messages.success(request, "Your answers are recorded.")
        return redirect(address)
    context = {
        "pack": found,
        "form": form,
        "ticket": new_ticket(by),
        "meanings": list(MEANINGS.values()),
        "vignettes": [
            {
                "title": one.title,
                "text": one.text,
                "fields": [form[name_of(one.key, key)] for key in found.attributes],
            }
            for one in found.vignettes
        ],
    }
    return render(request, "scoring/pack.html", context)


def _results(
    request: HttpRequest, found: Pack, given: CalibrationAnswer
) -> HttpResponse:
    """Show the reader's answers beside the medians, and how far all agree."""
    told = laboratory.results_of(found)
    context = {
        "pack": found,
        "least": LEAST_SCORES,
        "answers": told.answers if told else 0,
        "head": AGREEMENT_HEAD,
        "rows": [_agreement_row(one) for one in told.attributes] if told else [],
        "answer_head": ANSWER_HEAD,
        "vignettes": [
            {
                "title": one.title,
                "text": one.text,
                "rows": _answers(found, one.key, given, told),
            }
            for one in found.vignettes
        ],
    }
    return render(request, "scoring/pack_results.html", context)


def _agreement_row(one: laboratory.OnAttribute) -> list[Cell]:
    share: Cell = {"text": f"{round(100 * one.unknown_share)}%", "numeric": True}
    return [{"text": one.title}, *agreement_cells(one.agreement), share]


def agreement_cells(agreement: Agreement | None) -> list[Cell]:
    """Return alpha and both kappas with their intervals, as cells of a table."""
    if agreement is None:
        return [{"text": "Too few", "numeric": True}] * 3
    return [
        {"text": _estimated(one), "numeric": True, "nowrap": True}
        for one in (agreement.alpha, agreement.linear, agreement.quadratic)
    ]


def _estimated(one: Estimate | None) -> str:
    if one is None:
        return "Not defined"
    if one.interval is None:
        return f"{one.value:.2f}"
    low, high = one.interval
    return f"{one.value:.2f} ({low:.2f} to {high:.2f})"


def _answers(
    found: Pack,
    vignette: str,
    given: CalibrationAnswer,
    told: laboratory.PackResults | None,
) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for key in found.attributes:
        median: Any = told.medians[vignette, key] if told else None
        rows.append(
            [
                {"text": CATALOGUE[key].title},
                _tag(given.levels[vignette][key]),
                _tag(str(median)) if median else {"text": "Too few"},
            ]
        )
    return rows


def _tag(level: str) -> Cell:
    text, colour = LEVELS[level]
    return {"tag": {"text": text, "colour": colour}}
