"""The records manager's pages: reviews that fell due, legal holds, clashes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.gate import asker
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import retention
from groups.models import CrimeGroup, Identifier, Nominal
from groups.permissions import check_can_retain
from intelligence.actions.disposal import why_not_here
from intelligence.clashes import Clash, clashes_of
from intelligence.forms.states import ReasonForm, ReviewListForm
from intelligence.models import Report
from intelligence.models.retention import REVIEWED
from intelligence.retention_policy import LINES, recorded_before
from intelligence.views import cells
from intelligence.views.reading import found_or_404
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import TopQuerySet, TopRecord

PAGE_SIZE = 25
SOON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of top record: its model, and how one of them is named and opened."""

    model: type[Any]
    plural: str
    named: Callable[[Any], str]
    page: str = ""

    def rows(self, by: Viewer) -> TopQuerySet[Any]:
        """Return the visible records of the reader's own organisation."""
        rows: TopQuerySet[Any] = self.model.objects.visible_to(by)
        return rows.filter(owner_id=by.organisation_id)

    def cell(self, record: Any) -> cells.Cell:
        """Return the record as a cell, linked to its page where it has one."""
        cell: cells.Cell = {"text": record.reference, "nowrap": True}
        if self.page:
            cell["url"] = reverse(self.page, args=[record.public_id])
        return cell


KINDS: Mapping[str, Kind] = {
    "groups": Kind(CrimeGroup, "Groups", lambda row: row.name, "groups:detail"),
    "people": Kind(Nominal, "People", lambda row: row.display_name, "groups:person"),
    "identifiers": Kind(
        Identifier,
        "Identifiers",
        lambda row: f"{row.get_kind_display()}: {row.value}",
    ),
    "reports": Kind(Report, "Reports", cells.excerpt, "intelligence:report"),
}
HEAD = [
    {"text": "Record"},
    {"text": "What it is"},
    {"text": "Retention class"},
    {"text": "Review on"},
    {"text": "Legal hold"},
    {"text": "Change"},
]
CLASH_HEAD = [
    {"text": "Own reference"},
    {"text": "Record"},
    {"text": "What it is"},
    {"text": "Recorded"},
]


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """Show own records whose review fell due, falls due soon, or that are on hold."""
    by = asker(request)
    check_has(by, Right.DISPOSE)
    check_parameters(request.GET, {"kind", "show", "cursor"})
    form = ReviewListForm(request.GET)
    if not form.is_valid():
        context: dict[str, Any] = {"form": form}
        return render(request, "intelligence/review_list.html", context, status=400)
    name = form.cleaned_data["kind"] or "groups"
    shows = form.cleaned_data["show"] or "due"
    kind = KINDS[name]
    rows = shown(kind, shows, by)
    has_day = shows not in {"held", "undated"}
    order = Order("review_on") if has_day else Order("id")
    page = page_of(rows, order, size=PAGE_SIZE, cursor=request.GET.get("cursor", ""))
    audit.consulted(kind.model._meta.label, [row.pk for row in page.rows])  # noqa: SLF001
    context = {
        "form": form,
        "count": rows.count(),
        "head": HEAD,
        "rows": [_row(name, kind, record) for record in page.rows],
        "caption": kind.plural,
        "next_url": _url(name, shows, page.next),
        "previous_url": _url(name, shows, page.previous),
    }
    return render(request, "intelligence/review_list.html", context)


def shown(kind: Kind, shows: str, by: Viewer) -> TopQuerySet[Any]:
    """Return the records of a kind that a list shows: as `narrowed`."""
    return narrowed(kind.rows(by), shows)


def narrowed(rows: TopQuerySet[Any], shows: str) -> TopQuerySet[Any]:
    """Keep the records whose review is `due` or due `soon`, or that are `held`.

    Or that are `undated`: nobody set a day, and by the policy it is past.
    """
    today = timezone.localdate()
    if shows == "held":
        return rows.on_legal_hold()
    if shows == "undated":
        return rows.filter(review_on__isnull=True).filter(_due_by_policy(today))
    if shows == "soon":
        soon = today + timedelta(days=SOON_DAYS)
        return rows.review_due_by(soon).filter(review_on__gte=today)
    return rows.review_due_by(today)


def _due_by_policy(today: date) -> Q:
    """Return what is met by records whose clear period is over since they were made."""
    return reduce(
        or_,
        (
            Q(retention_class=code, created_at__date__lt=recorded_before(code, today))
            for code in LINES
        ),
    )


def _url(kind: str, shows: str, cursor: str) -> str:
    return f"?kind={kind}&show={shows}&cursor={cursor}" if cursor else ""


def _row(name: str, kind: Kind, record: TopRecord) -> list[cells.Cell]:
    held = {"text": "On hold", "colour": "red"} if record.legal_hold else None
    return [
        kind.cell(record),
        {"text": kind.named(record)},
        {"text": record.get_retention_class_display()},
        {
            "text": date_text(record.review_on) if record.review_on else "No day set",
            "nowrap": True,
        },
        {"tag": held} if held else {"text": "–"},
        {"links": _links(name, kind, record)},
    ]


def _links(name: str, kind: Kind, record: TopRecord) -> list[cells.Cell]:
    hold = "Take off hold" if record.legal_hold else "Put on hold"
    steps = [(hold, "intelligence:hold")]
    if type(record) in REVIEWED and not why_not_here(record):
        steps.insert(0, ("Keep or dispose", "intelligence:retention"))
    return [
        {
            "text": text,
            "hidden": kind.cell(record)["text"],
            "url": reverse(view, args=[name, record.public_id]),
        }
        for text, view in steps
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, kind: str, public_id: object) -> HttpResponse:
    """Ask why, then put the record on legal hold, or take it off."""
    by = asker(request)
    check_has(by, Right.DISPOSE)
    wanted = KINDS[kind]
    rows = wanted.model.objects.visible_to(by).select_related("owner")
    record = found_or_404(rows, public_id)
    check_can_retain(by, record)
    form = ReasonForm(request.POST or None, initial={"version": record.version})
    if form.is_valid():
        is_held = not record.legal_hold
        try:
            retention.set_legal_hold(
                by=by, record=record, is_held=is_held, **form.cleaned_data
            )
        except AppError as error:
            form.add_app_error(error)
        else:
            state = "on legal hold" if is_held else "off legal hold"
            messages.success(request, f"{record.reference} is {state}.")
            return redirect(f"{reverse('intelligence:review_list')}?kind={kind}")
    audit.consulted(wanted.model._meta.label, [record.pk])  # noqa: SLF001
    context = {
        "form": form,
        "kind": kind,
        "record": record,
        "named": wanted.named(record),
    }
    return render(request, "intelligence/hold.html", context)


@require_safe
def clash_list(request: HttpRequest) -> HttpResponse:
    """Show the own references that stand on several records of the organisation."""
    by = asker(request)
    check_has(by, Right.DISPOSE)
    check_parameters(request.GET, ())
    found, is_whole = clashes_of(by)
    for name in ("groups", "reports"):
        model = KINDS[name].model
        ids = [row.pk for one in found for row in one.records if type(row) is model]
        if ids:
            audit.consulted(model._meta.label, ids)  # noqa: SLF001
    context = {
        "head": CLASH_HEAD,
        "rows": [row for one in found for row in _clash_rows(one)],
        "count": len(found),
        "is_whole": is_whole,
    }
    return render(request, "intelligence/clash_list.html", context)


def _clash_rows(clash: Clash) -> Iterable[list[cells.Cell]]:
    by_model = {kind.model: kind for kind in KINDS.values()}
    for record in clash.records:
        kind = by_model[type(record)]
        yield [
            {"text": record.owner_reference, "nowrap": True},
            kind.cell(record),
            {"text": kind.named(record)},
            {"time": record.created_at},
        ]
