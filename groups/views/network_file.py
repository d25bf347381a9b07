"""A chart as a file to take out: an SVG with its marking, for those who may export."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import AccessClass
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import step_up_required
from accounts.visibility import Viewer
from groups.forms.network import PARAMETERS, REPEATED, NetworkForm, TwoNodesForm
from groups.models import CrimeGroup, Nominal
from groups.permissions import check_may_leave
from groups.views.finding import group_for, nominal_for, reader
from groups.views.network import Page, page_of, places_of
from groups.views.network_drawing import drawing
from ocgmap.common.parameters import InvalidParameter, check_parameters
from ocgmap.common.records import ProtectedRecord

BANNER = 64


@require_safe
@step_up_required
def group_picture(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand out the picture of a group's network."""
    viewer = _exporter(request)
    return _file(request, viewer, group_for(viewer, public_id))


@require_safe
@step_up_required
def person_picture(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand out the picture of a person's network."""
    viewer = _exporter(request)
    return _file(request, viewer, nominal_for(viewer, public_id))


def _exporter(request: HttpRequest) -> Viewer:
    viewer = reader(request)
    check_has(viewer, Right.EXPORT)
    return viewer


def _file(
    request: HttpRequest, viewer: Viewer, centre: CrimeGroup | Nominal
) -> HttpResponse:
    """Answer with the SVG; what it shows is recorded as disclosed.

    Raises:
        InvalidParameter: the address asks for what cannot be meant.
        ProcessingRestricted: it shows someone whose record does not leave.
    """
    check_parameters(request.GET, PARAMETERS, repeatable=REPEATED)
    form, two = NetworkForm(request.GET), TwoNodesForm(request.GET)
    if not (form.is_valid() and two.is_valid()):
        raise InvalidParameter("This is no address of a chart. Open the chart again.")
    page = page_of(viewer, centre, form, two)
    shown = _shown(page)
    people = [one for one in shown if isinstance(one, Nominal)]
    check_may_leave(people, cure="Hide this person in the chart, then export it.")
    _disclosed(centre, page, shown)
    picture = drawing(page.drawn, lambda node: "#", places_of(page))
    text = render_to_string(
        "groups/network_file.svg",
        {
            "drawing": picture,
            "marking": _marking(shown),
            "height": picture["height"] + 2 * BANNER,
            "foot": picture["height"] + 2 * BANNER - 14,
            "banner": BANNER,
            "reference": centre.reference,
            "shown": page.drawn.shown,
            "total": page.drawn.total,
            "at": form.cleaned_data["at"],
            "now": timezone.localtime(),
            "who": request.user,
        },
    )
    response = HttpResponse(text, content_type="image/svg+xml")
    name = f"network-{centre.reference}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _shown(page: Page) -> list[ProtectedRecord]:
    drawn = page.drawn.chart
    keys = {*drawn.nodes, *(one.key for one in drawn.links)}
    records = page.network.records
    return [records[key] for key in keys if key in records]


def _disclosed(
    centre: CrimeGroup | Nominal, page: Page, shown: Iterable[ProtectedRecord]
) -> None:
    """Leave audit rows: what was put together, and what was taken out."""
    label = centre._meta.label  # noqa: SLF001 - documented
    detail = {"nodes": page.drawn.total, "links": len(page.chart.links), "as": "svg"}
    audit.record(AuditKind.COMBINATION, label, [centre.pk], detail=detail)
    ids: dict[str, set[int]] = {}
    for one in shown:
        ids.setdefault(one._meta.label, set()).add(one.pk)  # noqa: SLF001
    for name, found in sorted(ids.items()):
        audit.record(AuditKind.DISCLOSURE, name, found, detail={"as": "svg"})


def _marking(shown: Iterable[ProtectedRecord]) -> Any:
    """Return the highest marking of what the picture holds."""
    classes = AccessClass.objects.filter(pk__in={one.access_class_id for one in shown})
    return classes.aggregate(highest=Max("marking"))["highest"]
