"""Saved charts: keep one, list them, open one, take one away."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.visibility import Viewer
from groups.actions import charts
from groups.forms.charts import SaveChartForm
from groups.models import CrimeGroup, Identifier, Nominal, SavedChart
from groups.models.saved_chart import SavedChartQuerySet
from groups.views import cards
from groups.views.finding import found, group_for, nominal_for, reader, record_shown
from groups.views.form_page import FormPage
from groups.views.network_parts import own_url
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters

PAGE_SIZE = 50


class SaveChart(FormPage):
    """The base of the two pages that keep a chart."""

    title = "Save the chart"
    form_class = SaveChartForm
    button = "Save the chart"
    done = "The chart is saved"
    centre: CrimeGroup | Nominal

    def take_centre(self, centre: CrimeGroup | Nominal) -> None:
        """Note what the chart is of."""
        self.centre = centre
        self.back = own_url(centre)
        record_shown([centre])

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Keep the chart; the next page is the chart as it was kept."""
        chart = charts.save(by=self.viewer, centre=self.centre, **form.said())
        return reverse("groups:chart", args=[chart.public_id])


class SaveGroupChart(SaveChart):
    """Keep a chart of a group."""

    def prepare(self, **kwargs: Any) -> None:
        """Find the group."""
        self.take_centre(group_for(self.viewer, kwargs["public_id"]))


class SavePersonChart(SaveChart):
    """Keep a chart of a person."""

    def prepare(self, **kwargs: Any) -> None:
        """Find the person."""
        self.take_centre(nominal_for(self.viewer, kwargs["public_id"]))


@require_safe
def chart_list(request: HttpRequest) -> HttpResponse:
    """List the charts that the viewer finds, newest first."""
    viewer = reader(request)
    check_parameters(request.GET, {"cursor"})
    page = page_of(
        _charts(viewer),
        Order(),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown([*page.rows, *(one.centre for one in page.rows)])
    address = reverse("groups:charts")
    context = {
        "table": {
            "head": [
                {"text": text}
                for text in ("Chart", "Of", "Who finds it", "Saved by", "Saved")
            ],
            "rows": [_row(one) for one in page.rows],
        },
        "next_url": _page_url(address, page.next),
        "previous_url": _page_url(address, page.previous),
    }
    return render(request, "groups/chart_list.html", context)


@require_safe
def open_chart(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead to the network as the chart asks for it: as what the viewer may see."""
    viewer = reader(request)
    check_parameters(request.GET, ())
    chart = found(_charts(viewer), public_id)
    record_shown([chart])
    query = {**chart.query, "saved": [str(chart.public_id)]}
    for name in ("expand", "hide"):
        if name in query:
            query[name] = _seen(viewer, query[name])
    return redirect(f"{own_url(chart.centre)}?{urlencode(query, doseq=True)}")


@require_POST
def remove_chart(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a chart of one's own away."""
    viewer = reader(request)
    charts.remove(by=viewer, chart=found(_charts(viewer), public_id))
    messages.success(request, "The chart is removed")
    return redirect("groups:charts")


def _seen(viewer: Viewer, ids: list[str]) -> list[str]:
    """Return those of these ids that the viewer may know of."""
    seen: set[str] = set()
    for model in (CrimeGroup, Nominal, Identifier):
        rows = model.objects.visible_to(viewer).filter(public_id__in=ids)
        seen |= {str(one) for one in rows.values_list("public_id", flat=True)}
    return [one for one in ids if one in seen]


def _charts(viewer: Viewer) -> SavedChartQuerySet:
    """Return the charts that the viewer finds and whose centre they may see."""
    groups = CrimeGroup.objects.visible_to(viewer).values("pk")
    people = Nominal.objects.visible_to(viewer).values("pk")
    rows = SavedChart.objects.visible_to(viewer).filter(
        Q(group__in=groups) | Q(nominal__in=people)
    )
    return rows.select_related("group", "nominal", "created_by", "owner")


def _row(chart: SavedChart) -> list[cards.Cell]:
    centre = chart.centre
    cell = (
        cards.group_cell(centre)
        if isinstance(centre, CrimeGroup)
        else cards.person_cell(centre)
    )
    author = chart.created_by
    return [
        {"text": chart.name, "url": reverse("groups:chart", args=[chart.public_id])},
        cell,
        {"text": chart.get_audience_display()},
        {"text": author.name if author else chart.owner.short_name},
        {"time": chart.created_at},
    ]


def _page_url(address: str, cursor: str) -> str:
    return f"{address}?{urlencode({'cursor': cursor})}" if cursor else ""
