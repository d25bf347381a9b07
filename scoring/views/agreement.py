"""For supervisors: how far second scores agree with first ones, and their drift."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.permissions import check_has
from accounts.roles import Right
from ocgmap.common.parameters import check_parameters
from scoring import laboratory
from scoring.agreement import LEAST_SCORES
from scoring.views.asking import reader
from scoring.views.calibration import AGREEMENT_HEAD, agreement_cells
from scoring.views.figure_tables import Cell

HEAD: list[Cell] = [*AGREEMENT_HEAD[:-1], {"text": "Groups", "numeric": True}]
DRIFT_HEAD: list[Cell] = [
    {"text": "Quarter"},
    {"text": "Second above first, in levels", "numeric": True},
    {"text": "95% interval", "numeric": True},
]


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Show agreement by attribute and drift by quarter; nobody is named or counted out.

    Raises:
        RightMissing: the reader supervises nobody.
    """
    by = reader(request)
    check_has(by, Right.CONFIRM)
    check_parameters(request.GET, ())
    found = laboratory.overall(by)
    audit.consulted("scoring.SecondScore", [])
    context = {
        "least": LEAST_SCORES,
        "head": HEAD,
        "rows": [_row(one) for one in found.attributes],
        "drift_head": DRIFT_HEAD,
        "quarters": [_quarter(one) for one in found.quarters],
    }
    return render(request, "scoring/agreement.html", context)


def _row(one: laboratory.AgreedOn) -> list[Cell]:
    units = str(one.agreement.units) if one.agreement else "Too few"
    return [
        {"text": one.title},
        *agreement_cells(one.agreement),
        {"text": units, "numeric": True},
    ]


def _quarter(one: laboratory.Quarter) -> list[Cell]:
    if one.drift is None or one.drift.interval is None:
        told = ["Too few", "–"]
    else:
        low, high = one.drift.interval
        told = [f"{one.drift.value:+.2f}", f"{low:+.2f} to {high:+.2f}"]
    return [{"text": one.name}, *({"text": text, "numeric": True} for text in told)]
