"""One search over groups, people, numbers and reports, from the head of every page.

What is looked for is sent by POST and never stands in an address: the page that shows
what was found carries an opaque id, which only the one who searched can open.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import SearchTerm
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.search import keep_term, term_of
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import InvalidParameter, check_parameters
from ocgmap.common.ranking import Found, check_cursor
from scoring.forms import SearchForm
from scoring.views.asking import reader
from scoring.views.search_kinds import KINDS, Shown

# Of each kind, where all kinds are shown; and a page of one kind.
SHOWN, PAGE_SIZE = 5, 25


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind: how many, the best of them, and where all are."""

    key: str
    count_text: str
    shown: Shown
    all_url: str = ""
    next_url: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what is looked for by POST, and show by an opaque id what it finds."""
    by = reader(request)
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            context = {"form": form, "links": error_links(form)}
            return render(request, "scoring/search.html", context)
        term = keep_term(by, form.cleaned_data["q"])
        audit.record(
            AuditKind.CONSULTATION,
            "accounts.SearchTerm",
            [],
            detail={"term": str(term.pk)},
        )
        return redirect(address(term))
    check_parameters(request.GET, {"q", "kind", "cursor"})
    context = {"form": SearchForm()}
    if "q" in request.GET:
        context |= _answer(by, request.GET.dict())
    return render(request, "scoring/search.html", context)


def address(term: SearchTerm, **more: str) -> str:
    """Return the address of what a search finds."""
    return f"{reverse('scoring:search_all')}?{urlencode({'q': str(term.pk), **more})}"


def own_term(by: Viewer, term_id: str) -> SearchTerm:
    """Return one of the reader's own searches.

    Raises:
        InvalidParameter: there is none such, or it is another user's.
    """
    try:
        term = term_of(by, str(uuid.UUID(term_id)))
    except ValueError:
        term = None
    if term is None:
        raise InvalidParameter(
            "q: This search is not one of yours. Search again.", field="q"
        )
    return term


def _answer(by: Viewer, asked: Mapping[str, str]) -> dict[str, Any]:
    term = own_term(by, asked["q"])
    kind, cursor = asked.get("kind", ""), asked.get("cursor", "")
    if kind and kind not in KINDS:
        raise InvalidParameter(f"kind: Use one of: {', '.join(KINDS)}.", field="kind")
    if cursor and not kind:
        raise InvalidParameter("cursor: Say the kind as well.", field="cursor")
    text = term.text.strip()
    found = {key: one.find(by, text) for key, one in KINDS.items()}
    wanted = [kind] if kind else _best_first(found)
    check_cursor(cursor)
    return {
        "form": SearchForm(initial={"q": term.text}),
        "save_url": _save_url(term),
        "tabs": _tabs(term, found, kind),
        **_total(found),
        "sections": [
            _section(by, term, key, found[key], cursor, is_alone=bool(kind))
            for key in wanted
            if found[key].count
        ],
    }


def _save_url(term: SearchTerm) -> str:
    new = {"kind": "everything", "query": urlencode({"q": str(term.pk)})}
    return f"{reverse('scoring:save_search')}?{urlencode(new)}"


def _best_first(found: Mapping[str, Found]) -> list[str]:
    """Return the kinds; those with an exact reference or number lead."""
    return sorted(
        found, key=lambda key: found[key].hits[0].tier if found[key].hits else 9
    )


def _total(found: Mapping[str, Found]) -> dict[str, Any]:
    count = sum(one.count for one in found.values())
    plus = "" if all(one.is_counted for one in found.values()) else "+"
    noun = "record" if (count, plus) == (1, "") else "records"
    return {"count": count, "count_text": f"{count:,}{plus} {noun} found"}


def _tabs(
    term: SearchTerm, found: Mapping[str, Found], kind: str
) -> list[dict[str, Any]]:
    tabs: list[dict[str, Any]] = [
        {"text": "All", "url": address(term), "current": not kind}
    ]
    for key, one in KINDS.items():
        said = f"{one.many.capitalize()} ({found[key].count_text})"
        url = address(term, kind=key)
        tabs.append({"text": said, "url": url, "current": key == kind})
    return tabs


def _section(
    by: Viewer, term: SearchTerm, key: str, found: Found, cursor: str, *, is_alone: bool
) -> Section:
    kind = KINDS[key]
    hits, next_cursor = found.page(PAGE_SIZE if is_alone else SHOWN, cursor)
    more = bool(next_cursor)
    return Section(
        key=key,
        count_text=f"{found.count_text} {kind.one if found.count == 1 else kind.many}",
        shown=kind.show(by, term.text.strip(), hits),
        all_url=address(term, kind=key) if more and not is_alone else "",
        next_url=address(term, kind=key, cursor=next_cursor)
        if more and is_alone
        else "",
    )
