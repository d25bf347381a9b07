"""Watch a group, a person or a saved search; what I watch."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal, SavedSearch
from groups.views.finding import found, record_shown
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import check_parameters
from scoring.actions import watches
from scoring.exceptions import NotWatchable, TooManyWatched
from scoring.models.watch import MOST_SEARCHES, MOST_WATCHED, WatchQuerySet
from scoring.notices import found_now, watches_of
from scoring.views.asking import account, own_scope, reader

Target = CrimeGroup | Nominal | SavedSearch
# The page of what is watched; else the watcher goes back to the record.
FROM_LIST: Final = "watching"


class Kind(NamedTuple):
    """What can be watched: model, column of its watch, words for it, page and name."""

    model: Any
    column: str
    text: str
    page: str
    name: Callable[[Any], str]


KINDS: Final[Mapping[str, Kind]] = {
    "groups": Kind(CrimeGroup, "group", "Group", "groups:detail", lambda one: one.name),
    "people": Kind(
        Nominal, "nominal", "Person", "groups:person", lambda one: one.display_name
    ),
    "searches": Kind(
        SavedSearch,
        "search",
        "Saved search",
        "scoring:run_search",
        lambda one: one.name,
    ),
}
_CODES: Final = {kind.model: code for code, kind in KINDS.items()}


def code_of(target: Target) -> str:
    """Return the kind of what is watched as it stands in addresses."""
    return _CODES[type(target)]


def url_of(target: Target) -> str:
    """Return the page of what is watched."""
    return reverse(KINDS[code_of(target)].page, args=[target.public_id])


def name_of(target: Target) -> str:
    """Return what is watched as it is named on its own page."""
    return KINDS[code_of(target)].name(target)


def target_of(by: Viewer, kind: str, public_id: uuid.UUID) -> Target:
    """Return a group, person or saved search that ``by`` sees.

    Raises:
        NotFound: there is none such, or no such kind.
    """
    if kind not in KINDS:
        raise NotFound
    target: Target = found(KINDS[kind].model.objects.visible_to(by), public_id)
    return target


def watches_on(by: Viewer, kind: str, public_id: uuid.UUID) -> WatchQuerySet:
    """Return the watch of one thing that ``by`` sees; no row where it is not watched.

    Raises:
        NotFound: there is none such, or no such kind.
    """
    target = target_of(by, kind, public_id)
    return watches_of(by).filter(**{KINDS[kind].column: target.pk})


@require_safe
def watching(request: HttpRequest) -> HttpResponse:
    """Show what the reader watches, of what they may see now."""
    by = reader(request)
    check_parameters(request.GET, ())
    rows = list(watches_of(by)[:MOST_WATCHED])
    record_shown(one.target for one in rows)
    context = {
        "rows": [
            {
                "kind": KINDS[code_of(one.target)].text,
                "code": code_of(one.target),
                "name": name_of(one.target),
                "url": url_of(one.target),
                "target": one.target,
                "since": one.created_at,
            }
            for one in rows
        ],
        "most": MOST_WATCHED,
        "most_searches": MOST_SEARCHES,
        "from_list": FROM_LIST,
    }
    return render(request, "scoring/watching.html", context)


@require_POST
def watch(request: HttpRequest, kind: str, public_id: uuid.UUID) -> HttpResponse:
    """Watch a group, a person or a saved search from now on, or say why that cannot be."""
    by = reader(request)
    target = target_of(by, kind, public_id)
    keys: list[int] = []
    try:
        if isinstance(target, SavedSearch):
            keys = found_now(by, target, own_scope(account(request)))
        watches.watch(by=by, target=target, found=keys)
    except (NotWatchable, TooManyWatched) as error:
        audit.refused(error.code)
        messages.error(request, error.message)
    else:
        messages.success(request, f"You watch this {KINDS[kind].text.lower()} now.")
    return _back(request, target)


@require_POST
def unwatch(request: HttpRequest, kind: str, public_id: uuid.UUID) -> HttpResponse:
    """Stop watching; asked twice, it is the same answer."""
    by = reader(request)
    target = target_of(by, kind, public_id)
    watches.stop(by=by, target=target)
    messages.success(request, f"You no longer watch this {KINDS[kind].text.lower()}.")
    return _back(request, target)


def _back(request: HttpRequest, target: Target) -> HttpResponse:
    if request.POST.get("from") == FROM_LIST:
        return redirect("scoring:watching")
    if isinstance(target, SavedSearch):
        return redirect("scoring:searches")
    return redirect(url_of(target))
