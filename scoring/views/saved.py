"""Saved searches: keep one, list them, run one, take one away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import audit
from accounts.visibility import Viewer
from groups.actions import saved_searches
from groups.models import SavedSearch
from groups.models.saved_search import SearchKind
from groups.search import term_of
from groups.views.finding import found
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring import picture
from scoring.actions import pins
from scoring.exceptions import NotPinnable, TooManyPinned
from scoring.forms import SaveSearchForm
from scoring.models import SearchPin, Watch
from scoring.models.pin import MOST_PINNED, is_pinnable
from scoring.notices import is_watchable
from scoring.views.asking import account, reader
from scoring.views.pinned import narrowed
from scoring.views.saved_rows import LISTS, address_of

_NOT_KEPT = ("q", "cursor", "columns", "saved_search")
_MOST = 100


@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """Show the saved searches that the reader finds."""
    by = reader(request)
    check_parameters(request.GET, ())
    seen = SavedSearch.objects.visible_to(by).select_related("owner", "created_by")
    rows = list(seen.order_by("name", "pk")[:_MOST])
    audit.consulted("groups.SavedSearch", [one.pk for one in rows])
    mine = Watch.objects.visible_to(by).filter(search__in=rows)
    watched = set(mine.values_list("search_id", flat=True))
    pins_seen = SearchPin.objects.visible_to(by)
    pinned = set(pins_seen.values_list("search_id", flat=True))
    context = {
        "rows": [
            {
                "saved": one,
                "is_watchable": is_watchable(one),
                "is_watched": one.pk in watched,
                "is_pinnable": is_pinnable(one),
                "is_pinned": one.pk in pinned,
                "is_own": one.created_by_id == by.user_id,
            }
            for one in rows
        ],
        "most_pinned": MOST_PINNED,
    }
    return render(request, "scoring/search_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a name, and keep the filters of a list under it."""
    by = reader(request)
    owner = account(request).organisation
    if request.method != "POST":
        check_parameters(request.GET, {"kind", "query"})
        initial = {"kind": SearchKind.GROUPS, "query": "", **request.GET.dict()}
        form = SaveSearchForm(owner=owner, initial=initial)
        return _page(request, form, initial["kind"])
    form = SaveSearchForm(request.POST, owner=owner)
    if not form.is_valid():
        return _page(request, form, request.POST.get("kind", ""))
    asked = form.cleaned_data
    query = QueryDict(asked["query"])
    text = _text_of(by, query.get("q", ""))
    if asked["kind"] == SearchKind.EVERYTHING and not text:
        form.add_error(None, "Search for something first, then save the search.")
        return _page(request, form, asked["kind"])
    saved_searches.save(
        by=by,
        kind=asked["kind"],
        name=asked["name"],
        audience=asked["audience"],
        query={k: v for k, v in query.lists() if k not in _NOT_KEPT},
        text=text,
    )
    messages.success(request, "The search is saved.")
    return redirect("scoring:searches")


def _page(request: HttpRequest, form: SaveSearchForm, kind: str) -> HttpResponse:
    labels: dict[str, str] = {str(k): str(v) for k, v in SearchKind.choices}
    context: dict[str, Any] = {
        "form": form,
        "links": error_links(form) if form.is_bound else [],
        "kind_text": labels.get(kind, ""),
        "back": reverse(LISTS.get(kind, "scoring:searches")),
    }
    return render(request, "scoring/search_save.html", context)


def _text_of(by: Viewer, term_id: str) -> str:
    """Return the text of one of the reader's own searches; '' where none is named.

    Raises:
        InvalidParameter: it is not one of theirs.
    """
    if not term_id:
        return ""
    try:
        term = term_of(by, str(uuid.UUID(term_id)))
    except ValueError:
        term = None
    if term is None:
        raise InvalidParameter(
            "query: This search is not one of yours. Search again.", field="query"
        )
    return term.text


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Open the saved search that was chosen from a list of them.

    Raises:
        InvalidParameter: what was given is no id.
    """
    reader(request)
    check_parameters(request.GET, {"search"})
    if "search" not in request.GET:
        return redirect("scoring:searches")
    try:
        chosen = uuid.UUID(request.GET["search"])
    except ValueError as error:
        raise InvalidParameter(
            "search: Choose one of the saved searches.", field="search"
        ) from error
    return redirect("scoring:run_search", chosen)


@require_safe
def run(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open the list that a saved search asks for, with the rights of the reader.

    The address may narrow one of groups to a place, as a dashboard does.

    Raises:
        InvalidParameter, UnknownScope: the search is of another place, or it is none.
    """
    by = reader(request)
    saved = found(SavedSearch.objects.visible_to(by), public_id)
    check_parameters(request.GET, {"scope"} if saved.kind == SearchKind.GROUPS else ())
    asked = None
    if "scope" in request.GET:
        place = picture.parse_scope(request.GET["scope"])
        asked = narrowed(saved, place, picture.places_on(timezone.localdate()))
        if asked is None:
            raise InvalidParameter(
                "scope: The search is of another place.", field="scope"
            )
    audit.consulted("groups.SavedSearch", [saved.pk])
    return redirect(address_of(by, saved, asked))


@require_POST
def pin(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a saved search on the reader's dashboards, or say why that cannot be."""
    by = reader(request)
    saved = found(SavedSearch.objects.visible_to(by), public_id)
    try:
        pins.pin(by=by, saved=saved)
    except (NotPinnable, TooManyPinned) as error:
        audit.refused(error.code)
        messages.error(request, error.message)
    else:
        messages.success(request, "Your dashboards show this search now.")
    return redirect("scoring:searches")


@require_POST
def unpin(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a saved search off the reader's dashboards; asked twice, it is the same."""
    by = reader(request)
    saved = found(SavedSearch.objects.visible_to(by), public_id)
    pins.unpin(by=by, saved=saved)
    messages.success(request, "Your dashboards no longer show this search.")
    return redirect("scoring:searches")


@require_POST
def remove(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a saved search of the reader's own away."""
    by = reader(request)
    saved = found(SavedSearch.objects.visible_to(by), public_id)
    saved_searches.remove(by=by, saved=saved)
    messages.success(request, "The search is removed.")
    return redirect(reverse("scoring:searches"))
