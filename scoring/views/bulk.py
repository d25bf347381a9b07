"""The same change to several groups: choose it, look at what it does, confirm it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import bulk
from groups.actions.bulk import FIELDS, Outcome
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, Tier
from groups.views.cards import group_cell
from groups.views.finding import record_shown
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import check_parameters
from ocgmap.common.queues import hint
from scoring.filters import matching
from scoring.forms import GroupListForm
from scoring.forms.bulk import BulkForm, ReasonForm, ids_in, versions_in
from scoring.views.asking import account, own_scope, reader

Cell = dict[str, Any]
_NAMES: dict[str, Any] = {
    "tier": Tier.choices,
    "activity_status": ActivityStatus.choices,
}
_CHOSEN_HEAD: list[Cell] = [
    {"text": text} for text in ("Group", "Owner", *FIELDS.values())
]
_CHANGED_HEAD: list[Cell] = [
    {"text": text} for text in ("Group", "Field", "Now", "Becomes")
]
_KEPT_HEAD: list[Cell] = [{"text": "Group"}, {"text": "Why it stays as it is"}]


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Ask what to change of the selected groups, or of all that a list holds."""
    by = _changer(request)
    known = {*GroupListForm.base_fields, "group", "all"}
    check_parameters(request.GET, known, repeatable={"group"})
    rows = _chosen(request, by)
    number = rows.count()
    try:
        bulk.check_number(number)
    except InvalidRecord as error:
        return _ask(request, BulkForm(), [], refusal=error.message)
    return _ask(request, BulkForm(), list(rows))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what each group would become, and which cannot change and why."""
    by = _changer(request)
    groups, form = _sent(request, by), BulkForm(request.POST)
    try:
        bulk.check_number(len(groups))
    except InvalidRecord as error:
        return _ask(request, form, groups, refusal=error.message)
    if not form.is_valid():
        return _ask(request, form, groups)
    return _foreseen(request, by, form, ReasonForm(), groups)


@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Change the groups that can, in one go, and tell of each."""
    by = _changer(request)
    form, why = BulkForm(request.POST), ReasonForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, _sent(request, by))
    versions = versions_in(request.POST.getlist("group"))
    if why.is_valid():
        try:
            outcomes = bulk.change(
                by=by,
                versions=versions,
                wanted=form.wanted(),
                reason=why.cleaned_data["reason"],
            )
        except AppError as error:
            why.add_app_error(error)
        else:
            hint("scoring.drain")
            record_shown(one.group for one in outcomes)
            context = _told(outcomes) | {
                "gone": len(versions) - len(outcomes),
                "undo_url": reverse(
                    "groups:undo_bulk",
                    args=[request.request_id],  # type: ignore[attr-defined]
                ),
            }
            return render(request, "scoring/bulk_result.html", context)
    return _foreseen(request, by, form, why, _sent(request, by))


def _changer(request: HttpRequest) -> Viewer:
    by = reader(request)
    check_has(by, Right.CONTRIBUTE)
    return by


def _chosen(request: HttpRequest, by: Viewer) -> QuerySet[CrimeGroup]:
    """Return the groups that the address names, or all of the list that it is of."""
    if request.GET.get("all") == "true":
        filters = request.GET.copy()
        del filters["all"]
        rows = matching(by, filters, own_scope(account(request)))
    else:
        ids = ids_in(request.GET.getlist("group"))
        rows = CrimeGroup.objects.visible_to(by).filter(public_id__in=ids)
    return rows.select_related("owner").order_by("owner__name", "pk")


def _sent(request: HttpRequest, by: Viewer) -> list[CrimeGroup]:
    """Return the groups that a page sent, as they stand now."""
    ids = list(versions_in(request.POST.getlist("group")))
    rows = CrimeGroup.objects.visible_to(by).filter(public_id__in=ids)
    return list(rows.select_related("owner").order_by("owner__name", "pk"))


def _ask(
    request: HttpRequest, form: BulkForm, groups: list[CrimeGroup], refusal: str = ""
) -> HttpResponse:
    record_shown(groups)
    context = {
        "form": form,
        "links": [*([{"message": refusal}] if refusal else []), *error_links(form)],
        "refusal": refusal,
        "count": len(groups),
        "keys": _keys(groups),
        "head": _CHOSEN_HEAD,
        "rows": [
            [
                group_cell(one),
                {"text": one.owner.short_name},
                *({"text": _words(name, getattr(one, name))} for name in FIELDS),
            ]
            for one in groups
        ],
    }
    return render(request, "scoring/bulk.html", context)


def _foreseen(
    request: HttpRequest,
    by: Viewer,
    form: BulkForm,
    why: ReasonForm,
    groups: list[CrimeGroup],
) -> HttpResponse:
    record_shown(groups)
    outcomes = bulk.foresee(by, groups, form.wanted())
    context = _told(outcomes) | {
        "form": why,
        "links": error_links(why),
        "keys": _keys(one.group for one in outcomes if one.changes),
        "typed": _typed(request.POST),
    }
    return render(request, "scoring/bulk_preview.html", context)


def _keys(groups: Iterable[CrimeGroup]) -> list[str]:
    """Return each group with the version that is shown, as a page sends it back."""
    return [f"{one.public_id}:{one.version}" for one in groups]


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    """Return what was typed of the changes, to be sent again with the reason."""
    return [
        (name, value)
        for name, values in data.lists()
        if name == "change" or name.startswith(tuple(FIELDS))
        for value in values
    ]


def _told(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the tables of what changes and of what stays, and how many of each."""
    changed = [one for one in outcomes if one.changes]
    kept = [one for one in outcomes if not one.changes]
    return {
        "changed_count": len(changed),
        "kept_count": len(kept),
        "changed_head": _CHANGED_HEAD,
        "kept_head": _KEPT_HEAD,
        "changed": [
            [
                group_cell(one.group),
                {"text": FIELDS[name]},
                {"text": _words(name, former)},
                {"text": _words(name, later)},
            ]
            for one in changed
            for name, (former, later) in one.changes.items()
        ],
        "kept": [[group_cell(one.group), {"text": one.refusal}] for one in kept],
    }


def _words(name: str, value: Any) -> str:
    if isinstance(value, datetime.date):
        return date_text(value)
    if name in _NAMES:
        return str(dict(_NAMES[name]).get(value, value))
    return str(value or "None")
